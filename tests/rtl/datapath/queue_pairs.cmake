# What puts several queue pairs in front of one engine each way, with four pairs.
include(${PROJECT_SOURCE_DIR}/tests/rtl/stream/checked_block.cmake)

foreach(block transmit_scheduler receive_selector receive_steering)
  set(sources nic_pkg.sv nic_types_pkg.sv virtio/round_robin.sv stream/fifo.sv
              datapath/completion_owners.sv datapath/${block}.sv)
  list(TRANSFORM sources PREPEND ${PROJECT_SOURCE_DIR}/rtl/)
  checked_block(${block}_checked TOP ${block} SOURCES ${sources} ARGS -GNumPairs=4)
  ringside_test(${block}_test SOURCES ${block}_test.cpp DEPENDS ${block}_checked)
endforeach()
