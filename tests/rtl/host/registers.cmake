# Registers, device status, MSI-X and counters.
include(${PROJECT_SOURCE_DIR}/tests/rtl/stream/checked_block.cmake)

set(rtl ${PROJECT_SOURCE_DIR}/rtl)
set(registers_rtl
  ${rtl}/nic_pkg.sv ${rtl}/nic_types_pkg.sv ${rtl}/ethernet/ethernet_pkg.sv
  ${rtl}/host/register_pkg.sv
  ${rtl}/virtio/round_robin.sv ${rtl}/host/axi_lite_slave.sv ${rtl}/host/common_config.sv
  ${rtl}/host/queue_registers.sv ${rtl}/host/device_control.sv ${rtl}/host/interrupt_status.sv
  ${rtl}/host/device_config.sv ${rtl}/host/notify.sv ${rtl}/host/moderation_registers.sv
  ${rtl}/host/mac_registers.sv
  ${rtl}/host/statistics.sv ${rtl}/host/msix_table.sv ${rtl}/host/msix.sv
  ${rtl}/host/register_map.sv ${rtl}/host/registers.sv)

checked_block(registers_checked TOP registers SOURCES ${registers_rtl})
ringside_library(registers_bench SOURCES registers_bench.cpp DEPENDS registers_checked)
target_link_libraries(registers_bench PUBLIC GTest::gtest)
foreach(test registers registers_quiescence device_status queue_registers device_reset msix
        statistics axi_lite_slave)
  ringside_test(${test}_test SOURCES ${test}_test.cpp DEPENDS registers_bench)
endforeach()
