include(${PROJECT_SOURCE_DIR}/tests/rtl/stream/checked_block.cmake)

set(frame_buffer_sources nic_pkg.sv nic_types_pkg.sv datapath/byte_lanes_pkg.sv
  datapath/checksum_pkg.sv stream/fifo.sv)
list(TRANSFORM frame_buffer_sources PREPEND ${PROJECT_SOURCE_DIR}/rtl/)
set(tx_parser ${PROJECT_SOURCE_DIR}/rtl/datapath/transmit_checksum.sv)
set(rx_parser toeplitz_pkg.sv network_rows.sv receive_checksum.sv receive_hash.sv
              receive_parser.sv)
list(TRANSFORM rx_parser PREPEND ${PROJECT_SOURCE_DIR}/rtl/datapath/)
foreach(side tx rx)
  checked_block(${side}_frame_buffer_checked TOP ${side}_frame_buffer
    SOURCES ${frame_buffer_sources} ${${side}_parser}
            ${PROJECT_SOURCE_DIR}/rtl/datapath/${side}_frame_buffer.sv)
  ringside_test(${side}_frame_buffer_test SOURCES ${side}_frame_buffer_test.cpp
    DEPENDS ${side}_frame_buffer_checked)
endforeach()

checked_block(receive_parser_checked TOP receive_parser
  SOURCES ${frame_buffer_sources} ${rx_parser})
ringside_test(receive_parser_test SOURCES receive_checksum_test.cpp receive_hash_test.cpp
  DEPENDS receive_parser_checked ringside_model)
