# The transmit and receive engines, on the DMA engines.
include(${PROJECT_SOURCE_DIR}/tests/rtl/stream/checked_block.cmake)

set(engines_rtl
  nic_pkg.sv
  nic_types_pkg.sv
  datapath/byte_lanes_pkg.sv
  stream/skid_buffer.sv
  stream/fifo.sv
  host/request_arbiter.sv
  host/burst_cutter.sv
  host/write_lanes.sv
  host/dma_read.sv
  host/dma_write.sv
  datapath/transmit_fetch.sv
  datapath/transmit_packer.sv
  datapath/segment_parser.sv
  datapath/segment_editor.sv
  datapath/transmit_segmenter.sv
  datapath/transmit_engine.sv
  datapath/receive_planner.sv
  datapath/receive_writer.sv
  datapath/receive_completer.sv
  datapath/receive_engine.sv)
list(TRANSFORM engines_rtl PREPEND ${PROJECT_SOURCE_DIR}/rtl/)

checked_block(engines_verilated TOP engines
  SOURCES ${engines_rtl} ${CMAKE_CURRENT_SOURCE_DIR}/engines.sv)
ringside_test(engines_test
  SOURCES engines_bench.cpp engines_test.cpp transmit_engine_test.cpp
          transmit_engine_checksum_test.cpp transmit_engine_segments_test.cpp
          receive_engine_test.cpp
  DEPENDS engines_verilated)
