# Yosys on the DMA engines and the engines of the data path: accepted, at rest when quiescent,
# proven.
set(rtl ${PROJECT_SOURCE_DIR}/rtl)
set(proof ${PROJECT_SOURCE_DIR}/tests/proof)
set(dma_common ${rtl}/nic_types_pkg.sv ${rtl}/stream/skid_buffer.sv
               ${rtl}/host/request_arbiter.sv ${rtl}/host/burst_cutter.sv)
set(engine_common ${rtl}/nic_pkg.sv ${rtl}/nic_types_pkg.sv ${rtl}/datapath/byte_lanes_pkg.sv
                  ${rtl}/stream/fifo.sv)
set(dma_read ${dma_common} ${rtl}/host/dma_read.sv)
set(dma_write ${rtl}/datapath/byte_lanes_pkg.sv ${dma_common} ${rtl}/host/write_lanes.sv
              ${rtl}/host/dma_write.sv)
set(transmit_engine ${engine_common} ${rtl}/datapath/transmit_fetch.sv
                    ${rtl}/datapath/transmit_packer.sv ${rtl}/datapath/segment_parser.sv
                    ${rtl}/datapath/segment_editor.sv ${rtl}/datapath/transmit_segmenter.sv
                    ${rtl}/datapath/transmit_engine.sv)
set(receive_engine ${engine_common} ${rtl}/datapath/receive_planner.sv
                   ${rtl}/datapath/receive_writer.sv ${rtl}/datapath/receive_completer.sv
                   ${rtl}/datapath/receive_engine.sv)

set(dma_read_quiet --while rvalid_i 0)
set(dma_write_quiet --while bvalid_i 0)

# dma_accepted(TOP memory ...): the memories as accept.sh has them.
function(dma_accepted top)
  add_test(NAME Accept.${top} COMMAND ${proof}/accept.sh ${top} ${ARGN} ${${top}})
  set_tests_properties(Accept.${top} PROPERTIES LABELS lint TIMEOUT 300)
  add_test(NAME Rests.${top} COMMAND ${proof}/rests.sh ${top} ${${top}_quiet} ${${top}})
  set_tests_properties(Rests.${top} PROPERTIES LABELS proof TIMEOUT 300)
endfunction()

dma_accepted(dma_read --distributed 9x256)
dma_accepted(dma_write --distributed 15x4 --distributed 3x64)
dma_accepted(transmit_engine --memory 139x512 --distributed 28x64 --distributed 17x64
                             --distributed 128x16)
dma_accepted(receive_engine --memory 138x16 --distributed 80x64 --distributed 43x128
                            --distributed 7x32 --distributed 1x32)

add_test(NAME Proof.burst_cutter
         COMMAND ${proof}/prove_bits.sh burst_cutter ${rtl}/nic_types_pkg.sv
                 ${rtl}/host/burst_cutter.sv)
add_test(NAME Proof.request_arbiter
         COMMAND ${proof}/prove.sh request_arbiter "" ${rtl}/nic_types_pkg.sv
                 ${rtl}/host/request_arbiter.sv)
add_test(NAME Proof.byte_lanes
         COMMAND ${proof}/prove.sh byte_lanes_proof "" ${rtl}/datapath/byte_lanes_pkg.sv
                 ${proof}/byte_lanes_proof.sv)
add_test(NAME Proof.checksum
         COMMAND ${proof}/prove_bits.sh checksum_proof ${rtl}/datapath/checksum_pkg.sv
                 ${proof}/checksum_proof.sv)
# What the parser lets pass is any time and any headers here.
add_test(NAME Proof.transmit_segmenter
         COMMAND ${proof}/prove_bits.sh transmit_segmenter ${rtl}/nic_pkg.sv
                 ${rtl}/nic_types_pkg.sv ${rtl}/datapath/byte_lanes_pkg.sv
                 ${proof}/segment_parser_any.sv ${rtl}/datapath/segment_editor.sv
                 ${rtl}/datapath/transmit_segmenter.sv)
add_test(NAME Proof.segment_editor
         COMMAND ${proof}/prove_bits.sh segment_editor ${rtl}/nic_types_pkg.sv
                 ${rtl}/datapath/segment_editor.sv)
set_tests_properties(Proof.transmit_segmenter Proof.segment_editor PROPERTIES
                     ENVIRONMENT PROVE_COVER=30)
set_tests_properties(Proof.burst_cutter Proof.request_arbiter Proof.byte_lanes Proof.checksum
                     Proof.transmit_segmenter Proof.segment_editor
                     PROPERTIES LABELS proof TIMEOUT 300)
