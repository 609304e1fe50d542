#include "testbench/bus/pci_function.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <vector>

namespace ringside::testbench {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Its registers hold their own offset, in every byte that much more.
struct Device : PcieDevice {
  void register_write(TimePoint, std::uint32_t offset, unsigned size,
                      std::uint32_t value) override {
    writes.push_back({offset, size, value});
  }
  void register_read(TimePoint at, std::uint32_t offset, unsigned size) override {
    reads.push_back({offset, size, 0});
    link->answer(at, 0x0302'0100 + offset * 0x0101'0101);
  }
  void control(TimePoint, PciControl) override {}
  void completion(TimePoint, Completion const&) override {}

  struct Access {
    std::uint32_t offset;
    unsigned size;
    std::uint32_t value;
    bool operator==(Access const&) const = default;
  };
  PcieLink* link = nullptr;
  std::vector<Access> writes;
  std::vector<Access> reads;
};

class PciFunctionTest : public testing::Test {
 protected:
  static constexpr std::uint16_t kWindow = layout::kPciConfiguration.window;
  static constexpr std::uint16_t kData = kWindow + layout::kVirtioCapabilityData;

  PciFunctionTest() {
    link.attach(device);
    device.link = &link;
  }
  ~PciFunctionTest() override { cpu.halt(); }

  // As the host's own work, to its end and until the link is quiet again.
  void on_host(std::function<void()> work) {
    bool done = false;
    cpu.post(Context::Process, [&] {
      work();
      done = true;
    });
    sc_core::sc_start(sc_core::sc_time(50, sc_core::SC_US));
    ASSERT_TRUE(done) << "the host hangs";
  }
  void point_window(std::uint8_t bar, std::uint32_t offset, std::uint32_t length) {
    function.config_write(kWindow + layout::kVirtioCapabilityBar, 1, bar);
    function.config_write(kWindow + layout::kVirtioCapabilityOffset, 4, offset);
    function.config_write(kWindow + layout::kVirtioCapabilityLength, 4, length);
  }

  Timeline timeline{"timeline"};
  HostMemory memory{1 << 20};
  Cpu cpu{"cpu", timeline, kFreeCost};
  PcieLink link{timeline, memory, kGen3x8, Random(1)};
  PciFunction function{cpu, link, memory, timeline};
  Device device;
};

TEST_F(PciFunctionTest, ReadsARegisterThroughTheWindowInConfigurationSpace) {
  on_host([&] {
    point_window(0, 0x20, 4);
    EXPECT_EQ(function.config_read(kData, 4), 0x2322'2120U);
    point_window(0, 0x30, 2);
    EXPECT_EQ(function.config_read(kData, 4), 0x2322'3130U) << "two bytes were asked for";
    point_window(0, 0x41, 1);
    EXPECT_EQ(function.config_read(kData, 1), 0x41U);
    EXPECT_EQ(function.config_read(kData + 1, 1), 0x31U) << "whatever byte of the data is read";
  });
  EXPECT_THAT(device.reads, ElementsAre(Device::Access{0x20, 4, 0}, Device::Access{0x30, 2, 0},
                                        Device::Access{0x41, 1, 0}, Device::Access{0x41, 1, 0}));
}

TEST_F(PciFunctionTest, WritesARegisterThroughTheWindowInConfigurationSpace) {
  on_host([&] {
    point_window(0, 0x14, 1);
    function.config_write(kData, 4, 0xAABB'CC0F);
    point_window(0, 0x16, 2);
    function.config_write(kData, 2, 0x1234);
  });
  EXPECT_THAT(device.writes,
              ElementsAre(Device::Access{0x14, 1, 0x0F}, Device::Access{0x16, 2, 0x1234}));
  EXPECT_THAT(device.reads, IsEmpty()) << "a write reads nothing";
}

TEST_F(PciFunctionTest, AWindowThatLeadsNowhereReadsZeroAndTakesNothing) {  // R16
  struct Case {
    std::uint8_t bar;
    std::uint32_t offset;
    std::uint32_t length;
  };
  for (auto const& [bar, offset, length] :
       {Case{1, 0, 4}, Case{0xFF, 0, 4}, Case{0, layout::kBarSize, 4}, Case{0, 0xFFFF'FFFC, 4},
        Case{0, 0x14, 0}, Case{0, 0x14, 3}, Case{0, 0x14, 8}, Case{0, 0x14, 0xFFFF'FFFF},
        Case{0, 0x15, 2}, Case{0, 0x16, 4}}) {
    SCOPED_TRACE(testing::Message()
                 << "BAR " << int{bar} << " offset " << offset << " length " << length);
    on_host([&] {
      point_window(bar, offset, length);
      function.config_write(kData, 4, 0xFFFF'FFFF);
      EXPECT_EQ(function.config_read(kData, 4), 0U);
    });
  }
  EXPECT_THAT(device.reads, IsEmpty());
  EXPECT_THAT(device.writes, IsEmpty());
}

TEST_F(PciFunctionTest, WhatLiesOutsideReadsAllOnesAndTakesNothing) {
  on_host([&] {
    EXPECT_EQ(function.config_read(256, 4), 0xFFFF'FFFFU);
    EXPECT_EQ(function.config_read(2, 4), 0xFFFF'FFFFU) << "not aligned";
    EXPECT_EQ(function.bar_read(0, layout::kBarSize, 2), 0xFFFFU);
    EXPECT_EQ(function.bar_read(1, 0, 1), 0xFFU);
    function.config_write(0, 2, 0x1234);
    EXPECT_EQ(function.config_read(0, 2), layout::kVirtioVendor) << "read-only";
    function.bar_write(0, layout::kBarSize, 4, 1);
    function.bar_write(2, 0, 4, 1);
  });
  EXPECT_THAT(device.writes, IsEmpty());
}

}  // namespace
}  // namespace ringside::testbench
