# Yosys on the blocks of rtl/ethernet, rtl/stream and the frame buffers: accepted, proven.
set(rtl ${PROJECT_SOURCE_DIR}/rtl)
set(packages ${rtl}/nic_pkg.sv ${rtl}/nic_types_pkg.sv ${rtl}/ethernet/ethernet_pkg.sv
             ${rtl}/ethernet/fcs_pkg.sv)
set(skid_buffer ${rtl}/stream/skid_buffer.sv)
set(fifo ${rtl}/stream/fifo.sv)
set(frame_delimiter ${packages} ${rtl}/ethernet/frame_delimiter.sv)
set(mac_tx ${packages} ${rtl}/ethernet/mac_tx.sv)
set(mac_rx ${frame_delimiter} ${rtl}/ethernet/mac_rx.sv)
set(link_fault ${packages} ${rtl}/ethernet/link_fault.sv)
set(pause_timer ${packages} ${rtl}/ethernet/pause_timer.sv)
set(class_pause ${packages} ${rtl}/ethernet/class_pause.sv)
set(mac_control_rx ${packages} ${rtl}/ethernet/mac_control_rx.sv)
set(mac_control_tx ${packages} ${rtl}/ethernet/mac_control_tx.sv)
set(congestion ${packages} ${rtl}/ethernet/congestion.sv)
set(checksum ${rtl}/datapath/byte_lanes_pkg.sv ${rtl}/datapath/checksum_pkg.sv)
set(tx_frame_buffer ${packages} ${checksum} ${fifo} ${rtl}/datapath/transmit_checksum.sv
                    ${rtl}/datapath/tx_frame_buffer.sv)
set(rx_parser toeplitz_pkg.sv network_rows.sv receive_checksum.sv receive_hash.sv
              receive_parser.sv)
list(TRANSFORM rx_parser PREPEND ${rtl}/datapath/)
foreach(block transmit_scheduler receive_selector receive_steering)
  set(${block} ${rtl}/nic_pkg.sv ${rtl}/nic_types_pkg.sv ${rtl}/virtio/round_robin.sv ${fifo}
               ${rtl}/datapath/completion_owners.sv ${rtl}/datapath/${block}.sv)
endforeach()
set(rx_frame_buffer ${packages} ${checksum} ${fifo} ${rx_parser} ${rtl}/datapath/rx_frame_buffer.sv)

# accepted(TOP [--memory WIDTHxDEPTH]...)
function(accepted top)
  add_test(NAME Accept.${top}
           COMMAND ${PROJECT_SOURCE_DIR}/tests/proof/accept.sh ${top} ${ARGN} ${${top}})
  set_tests_properties(Accept.${top} PROPERTIES LABELS lint TIMEOUT 300)
endfunction()

function(rests top)
  add_test(NAME Rests.${top}
           COMMAND ${PROJECT_SOURCE_DIR}/tests/proof/rests.sh ${top} ${ARGN} ${${top}})
  set_tests_properties(Rests.${top} PROPERTIES LABELS proof TIMEOUT 300)
endfunction()

function(proven top parameters)
  add_test(NAME Proof.${top}
           COMMAND ${PROJECT_SOURCE_DIR}/tests/proof/prove.sh ${top} "${parameters}" ${${top}})
  set_tests_properties(Proof.${top} PROPERTIES LABELS proof TIMEOUT 300)
endfunction()

accepted(skid_buffer)
accepted(fifo --memory 8x16)
accepted(mac_tx)
accepted(mac_rx)
accepted(link_fault)
accepted(pause_timer)
accepted(class_pause --distributed 64x8)
accepted(mac_control_rx)
accepted(mac_control_tx)
accepted(congestion)
accepted(tx_frame_buffer --memory 128x1024 --memory 39x256)
accepted(rx_frame_buffer --memory 128x2048 --memory 56x512)
accepted(transmit_scheduler --memory 2x128)
accepted(receive_selector --memory 2x128)
accepted(receive_steering --distributed 2x256)

foreach(block fifo mac_tx pause_timer class_pause mac_control_rx mac_control_tx congestion
        tx_frame_buffer rx_frame_buffer)
  rests(${block})
endforeach()
rests(mac_rx --while xgmii_rxc_i 255 --while xgmii_rxd_i "64'h0707070707070707")
rests(link_fault --while xgmii_rxc_i 255 --while xgmii_rxd_i "64'h0707070707070707")

proven(skid_buffer "Width=8")
proven(fifo "Width=4 Depth=8")
proven(pause_timer "")

# proven_bits(TOP STEPS): the covers are all met within so many.
function(proven_bits top steps)
  add_test(NAME Proof.${top}
           COMMAND ${PROJECT_SOURCE_DIR}/tests/proof/prove_bits.sh ${top} ${${top}})
  set_tests_properties(Proof.${top} PROPERTIES LABELS proof TIMEOUT 300
                                               ENVIRONMENT PROVE_COVER=${steps})
endfunction()

proven_bits(link_fault 20)
proven_bits(mac_control_tx 36)
