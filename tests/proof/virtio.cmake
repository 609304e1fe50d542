# Yosys on the blocks of rtl/virtio: accepted, at rest when they say so, proven.
set(virtio ${PROJECT_SOURCE_DIR}/rtl/virtio)
set(virtio_packages ${PROJECT_SOURCE_DIR}/rtl/nic_pkg.sv ${PROJECT_SOURCE_DIR}/rtl/nic_types_pkg.sv)
set(virtio_descriptor_fetch
    ${virtio_packages} ${virtio}/order_queue.sv ${virtio}/round_robin.sv
    ${virtio}/element_window.sv
    ${virtio}/ring_reader.sv ${virtio}/chain_walker.sv ${virtio}/table_reader.sv
    ${virtio}/queue_starter.sv ${virtio}/descriptor_fetch.sv)
set(virtio_used_writer
    ${virtio_packages} ${virtio}/order_queue.sv ${virtio}/round_robin.sv
    ${virtio}/used_position.sv ${PROJECT_SOURCE_DIR}/rtl/stream/skid_buffer.sv
    ${virtio}/used_writer.sv)
set(virtio_notifier
    ${virtio_packages} ${virtio}/order_queue.sv ${virtio}/round_robin.sv ${virtio}/moderation.sv
    ${virtio}/event_decision.sv ${virtio}/notifier.sv)

function(virtio_accepted top)
  add_test(NAME Accept.${top}
           COMMAND ${PROJECT_SOURCE_DIR}/tests/proof/accept.sh ${top} ${ARGN} ${virtio_${top}})
  add_test(NAME Rests.${top}
           COMMAND ${PROJECT_SOURCE_DIR}/tests/proof/rests.sh ${top} ${virtio_${top}})
  set_tests_properties(Accept.${top} PROPERTIES LABELS lint TIMEOUT 300)
  set_tests_properties(Rests.${top} PROPERTIES LABELS proof TIMEOUT 300)
endfunction()

# A proof of one file with so many steps from reset and for the covers, and in the induction.
function(virtio_proven block parameters steps induction)
  add_test(NAME Proof.${block}
           COMMAND ${PROJECT_SOURCE_DIR}/tests/proof/prove.sh ${block} "${parameters}"
                   ${virtio_packages} ${virtio}/${block}.sv)
  set_tests_properties(Proof.${block} PROPERTIES LABELS proof TIMEOUT 300 ENVIRONMENT
    "PROVE_DEPTH=${steps};PROVE_COVER=${steps};PROVE_INDUCTION=${induction}")
endfunction()

virtio_accepted(descriptor_fetch --distributed 123x64 --distributed 123x64 --distributed 123x64
                --distributed 123x64 --distributed 123x64 --distributed 123x64
                --distributed 123x64 --distributed 123x64 --distributed 123x64
                --distributed 115x512 --distributed 22x16)
virtio_accepted(used_writer --distributed 14x16)
virtio_accepted(notifier --distributed 4x32)

virtio_proven(order_queue "Width=3 Depth=4" 10 4)
virtio_proven(element_window "Width=4 Depth=4 CountBits=3" 9 2)
virtio_proven(moderation "" 7 2)
# Without state: one step says all.
virtio_proven(round_robin "Count=5 Bits=3" 1 1)
virtio_proven(used_position "" 1 1)
add_test(NAME Proof.event_decision
         COMMAND ${PROJECT_SOURCE_DIR}/tests/proof/prove_bits.sh event_decision ${virtio_packages}
                 ${virtio}/event_decision.sv)
set_tests_properties(Proof.event_decision PROPERTIES LABELS proof TIMEOUT 300 ENVIRONMENT
                     "PROVE_COVER=1;PROVE_INDUCTION=1")
