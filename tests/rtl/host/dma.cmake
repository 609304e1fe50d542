# The DMA engines.
include(${PROJECT_SOURCE_DIR}/tests/rtl/stream/checked_block.cmake)

set(host_rtl ${PROJECT_SOURCE_DIR}/rtl)
set(dma_rtl
  ${host_rtl}/nic_types_pkg.sv
  ${host_rtl}/stream/skid_buffer.sv
  ${host_rtl}/host/request_arbiter.sv
  ${host_rtl}/host/burst_cutter.sv)

checked_block(dma_read_verilated TOP dma_read SOURCES ${dma_rtl} ${host_rtl}/host/dma_read.sv)
ringside_test(dma_read_test SOURCES dma_read_test.cpp DEPENDS dma_read_verilated)

checked_block(dma_write_verilated TOP dma_write
  SOURCES ${dma_rtl} ${host_rtl}/datapath/byte_lanes_pkg.sv ${host_rtl}/host/write_lanes.sv
          ${host_rtl}/host/dma_write.sv)
ringside_test(dma_write_test SOURCES dma_write_test.cpp DEPENDS dma_write_verilated)
