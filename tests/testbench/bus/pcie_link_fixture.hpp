// A PCIe link between 8 KiB of host memory and a device that notes what reaches it.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "testbench/bus/pcie_link.hpp"

namespace ringside::testbench {

struct Arrival {
  TimePoint at;
  std::uint32_t tag;
  std::uint32_t offset;
  std::size_t size;
  bool ok;
  bool last;
};

struct Device : PcieDevice {
  void register_write(TimePoint at, std::uint32_t offset, unsigned, std::uint32_t value) override {
    writes.push_back({at, offset, value});
  }
  void register_read(TimePoint at, std::uint32_t offset, unsigned) override {
    if (silent) return;
    link->answer(at, offset + 1);
  }
  void control(TimePoint, PciControl) override {}
  void completion(TimePoint at, Completion const& c) override {
    arrivals.push_back({at, c.tag, c.offset, c.bytes.size(), c.ok, c.last});
    for (auto byte : c.bytes) data[c.tag].push_back(byte);
  }
  struct Write {
    TimePoint at;
    std::uint32_t offset;
    std::uint32_t value;
  };
  PcieLink* link = nullptr;
  bool silent = false;
  std::vector<Write> writes;
  std::vector<Arrival> arrivals;
  std::map<std::uint32_t, std::vector<std::uint8_t>> data;
};

class PcieLinkTest : public testing::Test {
 protected:
  PcieLinkTest() {
    link.attach(device);
    device.link = &link;
    bytes = memory.allocate(8192, 4096);
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 7);
    address = memory.map(bytes, DmaDirection::Both).value();
  }
  void simulate(std::int64_t us) { sc_core::sc_start(to_sc_time(Duration{us * 1'000'000})); }

  Timeline timeline{"timeline"};
  HostMemory memory{1 << 20};
  PcieLink link{timeline, memory, kGen3x8, Random(1)};
  Device device;
  MutableBytes bytes;
  std::uint64_t address = 0;
  Origin origin = timeline.add_origin();
};

}  // namespace ringside::testbench
