// A host in the hands of a test: registers, packed rings and the wire of one NIC, with nothing of
// the driver in between, so that whatever a driver could do wrong can be done.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "interface/layout/registers.hpp"
#include "testbench/bus/pcie_link.hpp"
#include "testbench/net/cable.hpp"
#include "testbench/nic/nic_kind.hpp"
#include "tests/system/hand_ring.hpp"
#include "tests/testbench/net/wire_fixture.hpp"

namespace ringside::testbench {

using Frame = std::vector<std::uint8_t>;

inline constexpr MacAddress kStation{{0x02, 0, 0, 0, 0, 0x01}};
inline constexpr std::uint8_t kNegotiated =
    layout::kStatusAcknowledge | layout::kStatusDriver | layout::kStatusFeaturesOk;
inline constexpr std::uint8_t kReady = kNegotiated | layout::kStatusDriverOk;

constexpr Duration us(double count) { return Duration{static_cast<std::int64_t>(count * 1e6)}; }

consteval std::uint32_t common(std::string_view name) {
  return layout::offset_of(layout::kCommonBlock, name);
}

// Byte i is i mod 256 behind a type that means nothing to a MAC.
inline Frame counting_frame(std::size_t size, std::uint8_t first = 0) {
  Frame frame(size);
  for (std::size_t i = 0; i < size; ++i) frame[i] = static_cast<std::uint8_t>(first + i);
  frame[12] = 0x88;
  frame[13] = 0xB5;
  return frame;
}

struct Session {
  std::uint16_t size = 16;
  std::uint64_t features = layout::kFeaturesOffered;
};

class RingDriver {
 public:
  explicit RingDriver(std::string const& kind)
      : nic_(nic_maker(kind, {})("nic", timeline, link, kStation)) {
    to_nic.connect(nic_->receiver());
    nic_->connect(from_nic);
    from_nic.connect(wire);
    link.on_interrupt([this](std::uint32_t data) { messages.push_back({data, present()}); });
    run(us(1));
  }
  ~RingDriver() {
    nic_->finish();
    if (auto const trouble = nic_->trouble()) ADD_FAILURE() << trouble->what;
  }
  RingDriver(RingDriver const&) = delete;
  RingDriver& operator=(RingDriver const&) = delete;

  // --- Time.

  void run(Duration duration) {
    if (duration > Duration{0}) sc_core::sc_start(to_sc_time(duration));
  }
  template <class Condition>
  bool run_until(Condition&& condition, Duration limit = us(200)) {
    TimePoint const end = present() + limit;
    while (!condition()) {
      if (present() >= end) return false;
      run(us(0.1));
    }
    return true;
  }

  // --- Registers.

  void write(std::uint32_t offset, unsigned size, std::uint32_t value) {
    link.register_write(offset, size, value);
  }
  std::uint32_t read(std::uint32_t offset, unsigned size) {
    std::optional<std::uint32_t> answer;
    link.register_read(offset, size, [&answer](std::uint32_t value) { answer = value; });
    if (!run_until([&answer] { return answer.has_value(); })) {
      ADD_FAILURE() << "no answer from register " << offset;
      std::abort();  // the callback outlives `answer`
    }
    return *answer;
  }
  void write64(std::uint32_t offset, std::uint64_t value) {
    write(offset, 4, static_cast<std::uint32_t>(value));
    write(offset + 4, 4, static_cast<std::uint32_t>(value >> 32));
  }
  std::uint8_t status() { return static_cast<std::uint8_t>(read(common("device_status"), 1)); }
  void set_status(std::uint8_t value) { write(common("device_status"), 1, value); }
  bool needs_reset() { return (status() & layout::kStatusNeedsReset) != 0; }

  struct Counter {
    consteval Counter(char const* name) : offset(offset_of(layout::kStatisticsBlock, name)) {}
    std::uint32_t offset;
  };
  std::uint64_t counter(Counter which) {
    std::uint64_t const low = read(which.offset, 4);
    return low | std::uint64_t{read(which.offset + 4, 4)} << 32;
  }

  // --- From power on to DRIVER_OK, and back.

  void enable_pci() {
    link.control({.msix_enable = true, .msix_mask = false, .bus_master = true});
    for (std::uint32_t vector = 0; vector < layout::kNumVectors; ++vector) {
      std::uint32_t const entry = layout::kMsixTableBlock.offset + vector * layout::kMsixStride;
      write64(entry, PcieLink::kMsiAddress);
      write(entry + 8, 4, vector);
      write(entry + 12, 4, 0);
    }
  }
  void negotiate(std::uint64_t features) {
    set_status(layout::kStatusAcknowledge);
    set_status(layout::kStatusAcknowledge | layout::kStatusDriver);
    for (std::uint32_t half = 0; half < 2; ++half) {
      write(common("driver_feature_select"), 4, half);
      write(common("driver_feature"), 4, static_cast<std::uint32_t>(features >> (32 * half)));
    }
    set_status(kNegotiated);
  }
  void select(std::uint16_t queue) { write(common("queue_select"), 2, queue); }
  void enable_queue(std::uint16_t queue, std::uint16_t size) {
    rings[queue].emplace(allocate(HandRing::kBytes), size);
    select(queue);
    write(common("queue_size"), 2, size);
    write(common("queue_msix_vector"), 2, queue + 1U);
    write64(common("queue_desc"), rings[queue]->descriptors());
    write64(common("queue_driver"), rings[queue]->driver_events());
    write64(common("queue_device"), rings[queue]->device_events());
    write(common("queue_enable"), 2, 1);
  }
  void start(Session const& session = {}) {
    enable_pci();
    negotiate(session.features);
    write(common("config_msix_vector"), 2, 0);
    enable_queue(layout::kReceiveQueue, session.size);
    enable_queue(layout::kTransmitQueue, session.size);
    set_status(kReady);
    ASSERT_EQ(status(), kReady);
  }
  void reset() {
    set_status(0);
    ASSERT_TRUE(run_until([this] { return status() == 0; })) << "the reset does not end";
    messages.clear();
    wire.frames.clear();
  }
  HandRing& rx() { return *rings[layout::kReceiveQueue]; }
  HandRing& tx() { return *rings[layout::kTransmitQueue]; }
  void notify(std::uint16_t queue) {
    write(layout::kNotifyBlock.offset + queue * layout::kNotifyMultiplier, 2, queue);
  }

  // --- Packets.

  Block allocate(std::size_t size) {
    MutableBytes const bytes = memory.allocate(size, 4096);
    return {bytes, memory.map(bytes, DmaDirection::Both).value()};
  }
  // A packet for the transmit queue: 12 bytes of zeros, then the frame.
  Block packet(Frame const& frame) {
    Block const block = allocate(layout::kNetHeaderBytes + frame.size());
    std::copy(frame.begin(), frame.end(), block.bytes.begin() + layout::kNetHeaderBytes);
    return block;
  }
  void send(Block const& block, std::uint16_t id) {
    tx().offer({{block.address, static_cast<std::uint32_t>(block.bytes.size())}}, id);
    notify(layout::kTransmitQueue);
  }
  void send(Frame const& frame, std::uint16_t id) { send(packet(frame), id); }
  Block post(std::uint32_t size, std::uint16_t id) {
    Block const block = allocate(size);
    rx().offer({{block.address, size, layout::kDescriptorWrite}}, id);
    notify(layout::kReceiveQueue);
    return block;
  }
  std::optional<Used> wait_used(HandRing& ring, Duration limit = us(200)) {
    std::optional<Used> used;
    run_until([&] { return (used = ring.take()).has_value(); }, limit);
    return used;
  }

  // Puts a frame on the wire behind those before it; returns when its last byte has arrived.
  TimePoint arrive(WireFrame frame) {
    frame.start = std::max(present() + us(0.1), line_free_);
    line_free_ = frame.end() + kByteTime * 12;
    to_nic.send(frame.as_piece());
    return frame.end();
  }
  TimePoint arrive(Frame const& contents) { return arrive(on_the_wire(contents)); }

  // With FCS but, unlike a station's, without padding.
  static WireFrame on_the_wire(Frame const& contents) {
    WireFrame frame{};
    frame.bytes.assign(WireFrame::kPreambleBytes - 1, 0x55);
    frame.bytes.push_back(0xD5);
    frame.bytes.insert(frame.bytes.end(), contents.begin(), contents.end());
    frame.bytes.resize(frame.bytes.size() + WireFrame::kFcsBytes);
    store_le(&frame.bytes[frame.bytes.size() - WireFrame::kFcsBytes], bitwise_crc(contents));
    return frame;
  }
  Frame sent(std::size_t index) const {
    Bytes const contents = wire.frames.at(index).contents();
    return {contents.begin(), contents.end()};
  }

  // --- Interrupts.

  struct Message {
    std::uint32_t vector;
    TimePoint at;
  };
  std::size_t interrupts(std::uint32_t vector) const {
    return static_cast<std::size_t>(
        std::count_if(messages.begin(), messages.end(),
                      [vector](Message const& message) { return message.vector == vector; }));
  }

  static constexpr std::uint64_t kSeed = 20250777;

  Timeline timeline{"timeline"};
  HostMemory memory{64 << 20};
  PcieLink link{timeline, memory, kGen3x8, Random(kSeed)};
  CableDirection to_nic{timeline, us(0.5), {}, Random(kSeed)};
  CableDirection from_nic{timeline, us(0.5), {}, Random(kSeed)};
  CollectingReceiver wire;
  std::array<std::optional<HandRing>, layout::kNumQueues> rings;
  std::vector<Message> messages;

 private:
  std::unique_ptr<SimulatedNic> nic_;
  TimePoint line_free_{};
};

class EveryNic : public testing::TestWithParam<std::string> {
 protected:
  // A frame each way, and nothing else: the device is well.
  void expect_round_trip(std::uint16_t id = 11) {
    nic.wire.frames.clear();
    nic.send(counting_frame(200, 7), id);
    auto const out = nic.wait_used(nic.tx());
    ASSERT_TRUE(out) << "a good frame does not come back";
    EXPECT_EQ(out->id, id);
    ASSERT_TRUE(nic.run_until([this] { return !nic.wire.frames.empty(); }));
    EXPECT_EQ(nic.sent(0), counting_frame(200, 7));
    EXPECT_TRUE(is_intact(nic.wire.frames[0]));
    Block const block = nic.post(2048, id);
    nic.run(us(5));
    nic.arrive(counting_frame(150, 9));
    auto const in = nic.wait_used(nic.rx());
    ASSERT_TRUE(in) << "a good frame is not delivered";
    EXPECT_EQ(in->id, id);
    EXPECT_EQ(in->len, 162U);
    Bytes const contents = Bytes(block.bytes).subspan(layout::kNetHeaderBytes, 150);
    EXPECT_EQ(Frame(contents.begin(), contents.end()), counting_frame(150, 9));
    EXPECT_EQ(nic.status(), kReady);
  }

  RingDriver nic{GetParam()};
};

}  // namespace ringside::testbench
