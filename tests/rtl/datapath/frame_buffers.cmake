include(${PROJECT_SOURCE_DIR}/tests/rtl/stream/checked_block.cmake)

set(frame_buffer_sources nic_pkg.sv nic_types_pkg.sv datapath/byte_lanes_pkg.sv
  datapath/checksum_pkg.sv stream/fifo.sv)
list(TRANSFORM frame_buffer_sources PREPEND ${PROJECT_SOURCE_DIR}/rtl/)
set(tx_checksum ${PROJECT_SOURCE_DIR}/rtl/datapath/transmit_checksum.sv)
set(rx_checksum ${PROJECT_SOURCE_DIR}/rtl/datapath/receive_checksum.sv)
foreach(side tx rx)
  checked_block(${side}_frame_buffer_checked TOP ${side}_frame_buffer
    SOURCES ${frame_buffer_sources} ${${side}_checksum}
            ${PROJECT_SOURCE_DIR}/rtl/datapath/${side}_frame_buffer.sv)
  ringside_test(${side}_frame_buffer_test SOURCES ${side}_frame_buffer_test.cpp
    DEPENDS ${side}_frame_buffer_checked)
endforeach()

checked_block(receive_checksum_checked TOP receive_checksum
  SOURCES ${frame_buffer_sources} ${rx_checksum})
ringside_test(receive_checksum_test SOURCES receive_checksum_test.cpp
  DEPENDS receive_checksum_checked)
