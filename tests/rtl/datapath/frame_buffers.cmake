include(${PROJECT_SOURCE_DIR}/tests/rtl/stream/checked_block.cmake)

set(frame_buffer_sources ${PROJECT_SOURCE_DIR}/rtl/nic_pkg.sv
  ${PROJECT_SOURCE_DIR}/rtl/nic_types_pkg.sv ${PROJECT_SOURCE_DIR}/rtl/stream/fifo.sv)
foreach(side tx rx)
  checked_block(${side}_frame_buffer_checked TOP ${side}_frame_buffer
    SOURCES ${frame_buffer_sources} ${PROJECT_SOURCE_DIR}/rtl/datapath/${side}_frame_buffer.sv)
  ringside_test(${side}_frame_buffer_test SOURCES ${side}_frame_buffer_test.cpp
    DEPENDS ${side}_frame_buffer_checked)
endforeach()
