// A host with one NIC for tests: negotiates, fills rings by hand, and sees what comes back.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <functional>
#include <numeric>
#include <vector>

#include "interface/layout/registers.hpp"
#include "model/device/nic.hpp"
#include "tests/model/device/test_memory.hpp"

namespace ringside::model {

inline constexpr MacAddress kTestMac{{0x02, 0, 0, 0, 0, 0x01}};

// Offsets in BAR 0 by the names of the layout.
consteval std::uint32_t common(std::string_view name) {
  return layout::offset_of(layout::kCommonBlock, name);
}

struct TestClock final : Clock {
  TimePoint now() const override { return time; }
  void advance_us(double microseconds) {
    time += Duration{static_cast<std::int64_t>(microseconds * 1e6)};
  }
  TimePoint time{};
};

struct TestWire final : FrameSink {
  void send(Bytes frame) override {
    frames.emplace_back(frame.begin(), frame.end());
    if (on_sent) on_sent(frame);
  }
  std::function<void(Bytes)> on_sent;
  std::vector<std::vector<std::uint8_t>> frames;
};

inline std::vector<std::uint8_t> with_fcs(std::vector<std::uint8_t> frame) {
  FrameCheckSequence fcs;
  fcs.add(frame);
  std::size_t const end = frame.size();
  frame.resize(end + 4);
  store_le<std::uint32_t>(&frame[end], fcs.value());
  return frame;
}

// Byte i is i mod 256, but the type field is one that means nothing to a MAC.
inline std::vector<std::uint8_t> counting_frame(std::size_t size) {
  std::vector<std::uint8_t> frame(size);
  std::iota(frame.begin(), frame.end(), std::uint8_t{0});
  return frame;
}

// One ring as a test writes it: slot by slot, with flags in full view.
struct TestRing {
  TestMemory& memory;
  std::uint64_t descriptors;
  std::uint64_t driver_events;
  std::uint64_t device_events;

  std::uint64_t slot(unsigned index) const { return descriptors + 16 * index; }
  void put(unsigned index, std::uint64_t addr, std::uint32_t len, std::uint16_t id,
           std::uint16_t flags) {
    memory.store(slot(index), addr);
    memory.store(slot(index) + 8, len);
    memory.store(slot(index) + 12, id);
    memory.store(slot(index) + 14, flags);
  }
  std::uint32_t len(unsigned index) const { return memory.load<std::uint32_t>(slot(index) + 8); }
  std::uint16_t id(unsigned index) const { return memory.load<std::uint16_t>(slot(index) + 12); }
  std::uint16_t flags(unsigned index) const { return memory.load<std::uint16_t>(slot(index) + 14); }
  void want_events(std::uint16_t flags, std::uint16_t off_wrap = 0) {
    memory.store(driver_events, off_wrap);
    memory.store(driver_events + 2, flags);
  }
};

// Flags of the first lap.
inline constexpr std::uint16_t kAvail = layout::kDescriptorAvail;
inline constexpr std::uint16_t kUsed = layout::kDescriptorAvail | layout::kDescriptorUsed;
inline constexpr std::uint16_t kNext = layout::kDescriptorNext;
inline constexpr std::uint16_t kWrite = layout::kDescriptorWrite;
inline constexpr std::uint16_t kIndirect = layout::kDescriptorIndirect;

struct TestHost {
  static constexpr std::uint32_t kMessage = 0xFF000;  // where MSI-X messages go, 4 bytes a vector
  static constexpr std::uint32_t kMessageData = 0xABC0;
  static constexpr std::uint8_t kReady = 0x0F;
  // Every frame is wanted, and headers are short.
  static constexpr std::uint64_t kDefaultFeatures =
      layout::kFeaturesOffered & ~(layout::kFeatureCtrlRx | layout::kFeatureHashReport);

  TestMemory memory;
  TestWire wire;
  TestClock clock;
  Nic nic{memory, wire, clock, kTestMac};
  std::array<TestRing, 2> rings{TestRing{memory, 0x1000, 0x3000, 0x3010},
                                TestRing{memory, 0x2000, 0x3020, 0x3030}};
  TestRing& rx = rings[0];
  TestRing& tx = rings[1];

  TestHost() {
    wire.on_sent = [this](Bytes frame) { nic.sent(frame); };
  }

  void write8(std::uint32_t offset, std::uint32_t value) { nic.write(offset, 1, value); }
  void write16(std::uint32_t offset, std::uint32_t value) { nic.write(offset, 2, value); }
  void write32(std::uint32_t offset, std::uint32_t value) { nic.write(offset, 4, value); }
  std::uint32_t read8(std::uint32_t offset) { return nic.read(offset, 1); }
  std::uint32_t read16(std::uint32_t offset) { return nic.read(offset, 2); }
  std::uint32_t read32(std::uint32_t offset) { return nic.read(offset, 4); }
  std::uint8_t status() { return static_cast<std::uint8_t>(read8(common("device_status"))); }
  void set_status(std::uint8_t value) { write8(common("device_status"), value); }

  void accept(std::uint64_t features) {
    for (std::uint32_t half = 0; half < 2; ++half) {
      write32(common("driver_feature_select"), half);
      write32(common("driver_feature"), static_cast<std::uint32_t>(features >> (32 * half)));
    }
  }

  void enable_queue(std::uint16_t queue, std::uint16_t size) {
    write16(common("queue_select"), queue);
    write16(common("queue_size"), size);
    write16(common("queue_msix_vector"), queue + 1U);
    write32(common("queue_desc"), static_cast<std::uint32_t>(rings[queue].descriptors));
    write32(common("queue_driver"), static_cast<std::uint32_t>(rings[queue].driver_events));
    write32(common("queue_device"), static_cast<std::uint32_t>(rings[queue].device_events));
    write16(common("queue_enable"), 1);
  }

  void set_up_pci() {
    nic.set_msix(true, false);
    nic.set_bus_master(true);
    for (std::uint32_t vector = 0; vector < layout::kNumVectors; ++vector) {
      std::uint32_t const entry = layout::kMsixTableBlock.offset + vector * layout::kMsixStride;
      write32(entry, kMessage + 4 * vector);
      write32(entry + 4, 0);
      write32(entry + 8, kMessageData + vector);
      write32(entry + 12, 0);
    }
  }

  void negotiate(std::uint64_t features = kDefaultFeatures) {
    set_status(1);
    set_status(3);
    accept(features);
    set_status(0x0B);
  }

  // The whole way from power on to DRIVER_OK.
  void start(std::uint16_t size = 4, std::uint64_t features = kDefaultFeatures) {
    set_up_pci();
    negotiate(features);
    ASSERT_EQ(status(), 0x0B);
    write16(common("config_msix_vector"), 0);
    enable_queue(0, size);
    enable_queue(1, size);
    set_status(kReady);
    nic.run();
  }

  void notify(std::uint16_t queue) {
    write16(layout::kNotifyBlock.offset + queue * layout::kNotifyMultiplier, queue);
  }
  void notify_and_run(std::uint16_t queue) {
    notify(queue);
    nic.run();
  }
  void receive(std::vector<std::uint8_t> const& frame) {
    nic.receive(ReceivedFrame::of(with_fcs(frame)));
    nic.run();
  }

  // Places a transmit packet (12 bytes of zeros, then `frame`) and returns its length.
  std::uint32_t put_packet(std::uint64_t address, std::vector<std::uint8_t> const& frame) {
    std::fill_n(memory.bytes.begin() + static_cast<std::ptrdiff_t>(address), 12, std::uint8_t{0});
    std::copy(frame.begin(), frame.end(),
              memory.bytes.begin() + static_cast<std::ptrdiff_t>(address + 12));
    return static_cast<std::uint32_t>(12 + frame.size());
  }

  // Messages of a vector since the last question.
  bool interrupted(std::uint32_t vector) {
    bool const came = memory.load<std::uint32_t>(kMessage + 4 * vector) == kMessageData + vector;
    memory.store<std::uint32_t>(kMessage + 4 * vector, 0);
    return came;
  }
  std::uint64_t counter(Statistics::Counter which) const { return nic.statistics()[which]; }
  bool needs_reset() { return (status() & layout::kStatusNeedsReset) != 0; }
};

}  // namespace ringside::model
