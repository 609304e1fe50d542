// The host in the hands of a test: what goes wrong on the way is a failure of the test.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "testbench/hand/hand_host.hpp"
#include "testbench/nic/nic_kind.hpp"
#include "tests/testbench/net/wire_fixture.hpp"

namespace ringside::testbench {

using Frame = std::vector<std::uint8_t>;

// Byte i is i mod 256 behind a type that means nothing to a MAC.
inline Frame counting_frame(std::size_t size, std::uint8_t first = 0) {
  Frame frame(size);
  for (std::size_t i = 0; i < size; ++i) frame[i] = static_cast<std::uint8_t>(first + i);
  frame[12] = 0x88;
  frame[13] = 0xB5;
  return frame;
}

// Without CTRL_RX every frame is wanted, whatever its address; without HASH_REPORT headers are
// short.
inline constexpr std::uint64_t kUnfiltered =
    layout::kFeaturesOffered & ~(layout::kFeatureCtrlRx | layout::kFeatureHashReport);

struct Session {
  std::uint16_t size = 16;
  std::uint64_t features = kUnfiltered;
};

class RingDriver : public HandHost {
 public:
  explicit RingDriver(NicMaker const& make) : HandHost(make, {.seed = kSeed}) {}
  ~RingDriver() {
    if (finished_) return;
    if (auto const trouble = finish()) ADD_FAILURE() << trouble->what;
  }
  // For who expects trouble; the last call.
  std::optional<Trouble> finish() {
    finished_ = true;
    nic().finish();
    return nic().trouble();
  }

  std::uint32_t read(std::uint32_t offset, unsigned size) {
    auto const answer = try_read(offset, size);
    if (!answer) {
      ADD_FAILURE() << "no answer from register " << offset;
      std::abort();  // nothing that a test could go on with
    }
    return *answer;
  }
  std::uint8_t status() { return static_cast<std::uint8_t>(read(common("device_status"), 1)); }
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

  void start(Session const& session = {}) {
    enable_pci();
    negotiate(session.features);
    write(common("config_msix_vector"), 2, 0);
    enable_queue(layout::kReceiveQueue, session.size);
    enable_queue(layout::kTransmitQueue, session.size);
    enable_queue(layout::kControlQueue, kControlQueueSize);
    set_status(kReady);
    ASSERT_EQ(status(), kReady);
  }
  void reset() {
    set_status(0);
    ASSERT_TRUE(run_until([this] { return status() == 0; })) << "the reset does not end";
    messages.clear();
    wire.frames.clear();
  }

  void on_time_stamp(std::function<void(WireStamp const&)> listener) {
    nic().on_time_stamp(std::move(listener));
  }

  // --- Packets.

  // A packet for the transmit queue: a header of zeros, then the frame.
  Block packet(Frame const& frame) {
    Block const block = allocate(header_bytes() + frame.size());
    std::copy(frame.begin(), frame.end(), block.bytes.begin() + header_bytes());
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

  using HandHost::arrive;
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

  std::size_t interrupts(std::uint32_t vector) const {
    return static_cast<std::size_t>(
        std::count_if(messages.begin(), messages.end(),
                      [vector](Message const& message) { return message.vector == vector; }));
  }

  static constexpr std::uint64_t kSeed = 20250777;
  static constexpr std::uint16_t kControlQueueSize = 64;

 private:
  bool finished_ = false;
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
    EXPECT_EQ(in->len, nic.header_bytes() + 150);
    Bytes const contents = Bytes(block.bytes).subspan(nic.header_bytes(), 150);
    EXPECT_EQ(Frame(contents.begin(), contents.end()), counting_frame(150, 9));
    EXPECT_EQ(nic.status(), kReady);
  }

  RingDriver nic{nic_maker(GetParam(), {})};
};

}  // namespace ringside::testbench
