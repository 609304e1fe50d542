// Flow control of every NIC, both ways (IEEE 802.3, 31B and 31D; hostile inputs W): who asks for
// silence gets it, for as long as it asks, and a NIC that is overrun asks for it.
#include "interface/base/random.hpp"
#include "tests/system/receiving_nic.hpp"

namespace ringside::testbench {
namespace {

using namespace layout;

constexpr std::uint32_t kMode = offset_of(kMacBlock, "flow_control");
constexpr std::uint32_t kStops = offset_of(kMacBlock, "pfc_stops");
constexpr std::uint32_t kSends = offset_of(kMacBlock, "pfc_sends");
constexpr std::uint32_t kQuanta = offset_of(kMacBlock, "pause_quanta");
constexpr std::uint32_t kHigh = offset_of(kMacBlock, "high_watermark");
constexpr std::uint32_t kLow = offset_of(kMacBlock, "low_watermark");
constexpr std::uint32_t kState = offset_of(kMacBlock, "pause_state");
constexpr std::uint8_t kObeyPause = 1;
constexpr std::uint8_t kSendPause = 2;
constexpr std::uint8_t kObeyClasses = 4;
constexpr std::uint8_t kSendClasses = 8;
constexpr std::uint64_t kSeed = 0x5041'5553;

constexpr Duration quanta(std::int64_t count) { return Duration{51'200 * count}; }
// How long a NIC may take from the end of a frame that stops it to the last start of its own.
constexpr Duration kReaction = us(0.2);

Frame control_frame(std::uint16_t opcode, std::vector<std::uint16_t> const& parameters) {
  Frame frame(60, 0);
  Frame const head{1, 0x80, 0xC2, 0, 0, 1, 2, 0, 0, 0, 0, 9, 0x88, 0x08};
  std::copy(head.begin(), head.end(), frame.begin());
  store_be<std::uint16_t>(&frame[14], opcode);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    store_be<std::uint16_t>(&frame[16 + 2 * i], parameters[i]);
  }
  return frame;
}
Frame pause_frame(std::uint16_t count) { return control_frame(1, {count}); }
Frame class_frame(std::uint8_t classes, std::vector<std::uint16_t> times) {
  times.insert(times.begin(), classes);
  return control_frame(0x0101, times);
}

class EveryNicsFlow : public ReceivingNic {
 protected:
  // When a frame arrives, as the NIC sees it.
  TimePoint arrives(Frame const& frame) { return nic.arrive(frame) + us(0.5); }
  void send(std::uint16_t count, std::size_t size = 1500) {
    for (std::uint16_t id = 0; id < count; ++id) nic.send(counting_frame(size, 3), next_id_++ % 16);
  }
  // Starts at the NIC of what the other end has seen so far.
  std::vector<TimePoint> starts() {
    std::vector<TimePoint> all;
    for (auto const& frame : nic.wire.frames) all.push_back(frame.start - us(0.5));
    return all;
  }
  std::size_t started_between(TimePoint from, TimePoint to) {
    auto const all = starts();
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [=](TimePoint at) { return at >= from && at < to; }));
  }
  bool stopped() { return (nic.read(kState, 1) & 1) != 0; }

  std::uint16_t next_id_ = 0;
};

TEST_P(EveryNicsFlow, StopsAtTheNextFrameForSoLongAsItIsAsked) {
  start();
  nic.write(kMode, 1, kObeyPause);
  send(14);
  ASSERT_TRUE(nic.run_until([this] { return nic.wire.started >= 2; }));
  TimePoint const asked = arrives(pause_frame(400));
  nic.run(us(40));
  TimePoint const resumed = asked + quanta(400);
  EXPECT_EQ(started_between(asked + kReaction, resumed), 0U);
  EXPECT_GE(started_between(asked - us(5), asked), 1U);
  EXPECT_GE(started_between(resumed, resumed + us(0.3)), 1U) << "silent for longer than asked";
  nic.run(us(20));
  EXPECT_EQ(nic.wire.frames.size(), 14U);
  for (auto const& frame : nic.wire.frames) EXPECT_TRUE(is_intact(frame));
  EXPECT_EQ(nic.counter("rx_pause_frames"), 1U);
  EXPECT_EQ(nic.counter("rx_dropped_no_buffer"), 0U) << "the frame was given to the host";
}

TEST_P(EveryNicsFlow, TakesTheLastRequestForAllBefore) {
  start();
  nic.write(kMode, 1, kObeyPause);
  nic.run(us(1));
  arrives(pause_frame(0xFFFF));
  nic.run(us(3));
  EXPECT_TRUE(stopped());
  send(4);
  nic.run(us(20));
  EXPECT_EQ(nic.wire.started, 0U);
  TimePoint const asked = arrives(pause_frame(100));
  nic.run(us(15));
  EXPECT_EQ(started_between(TimePoint{}, asked + quanta(100)), 0U);
  EXPECT_GT(nic.wire.started, 0U);
  EXPECT_FALSE(stopped());
  TimePoint const again = arrives(pause_frame(0xFFFF));
  nic.run(us(20));
  nic.wire.frames.clear();
  send(2);
  nic.run(us(20));
  EXPECT_EQ(started_between(again + kReaction, kNever), 0U);
  TimePoint const free = arrives(pause_frame(0));
  nic.run(us(10));
  EXPECT_GE(started_between(free, free + us(0.3)), 1U) << "0 quanta end it";
}

TEST_P(EveryNicsFlow, TakesFramesForItsOwnAddressToo) {
  start();
  nic.write(kMode, 1, kObeyPause);
  nic.run(us(1));
  Frame frame = pause_frame(0xFFFF);
  std::copy(kStation.bytes.begin(), kStation.bytes.end(), frame.begin());
  nic.arrive(frame);
  nic.run(us(3));
  EXPECT_TRUE(stopped());
  nic.arrive(pause_frame(0));
  nic.run(us(3));
  EXPECT_FALSE(stopped());
}

// What is not a PAUSE frame stops nobody, and the host sees none of it.
TEST_P(EveryNicsFlow, IgnoresWhatIsNotForItOrNotRight) {
  start();
  post(2048, 1);
  nic.write(kMode, 1, kObeyPause | kObeyClasses);
  nic.run(us(1));
  Frame longer = pause_frame(0xFFFF);
  longer.resize(61, 0);
  nic.arrive(longer);
  longer.resize(1514, 0);
  nic.arrive(longer);
  Frame for_another = pause_frame(0xFFFF);
  for_another[5] = 2;
  nic.arrive(for_another);
  nic.arrive(control_frame(2, {0xFFFF}));
  nic.arrive(control_frame(0x0100, {0xFFFF}));
  Frame longer_class = class_frame(0xFF, {0xFFFF, 0xFFFF});
  longer_class.resize(64, 0);
  nic.arrive(longer_class);
  WireFrame broken = RingDriver::on_the_wire(pause_frame(0xFFFF));
  broken.bytes.back() ^= 1;
  nic.arrive(broken);
  nic.run(us(10));
  EXPECT_FALSE(stopped());
  EXPECT_EQ(nic.counter("rx_control_ignored"), 4U);
  EXPECT_EQ(nic.counter("rx_unsupported_opcodes"), 2U);
  EXPECT_EQ(nic.counter("rx_pause_frames"), 0U);
  EXPECT_EQ(nic.counter("rx_pfc_frames"), 0U);
  EXPECT_EQ(nic.counter("rx_frames"), 6U);
  EXPECT_EQ(nic.counter("rx_packets"), 0U);
  nic.arrive(counting_frame(60));
  expect_used(1, 72);
}

TEST_P(EveryNicsFlow, IsFreeWhenTheHostNoLongerObeys) {
  start();
  nic.write(kMode, 1, kObeyPause);
  nic.run(us(1));
  nic.arrive(pause_frame(0xFFFF));
  nic.run(us(3));
  send(2);
  nic.run(us(10));
  EXPECT_EQ(nic.wire.started, 0U);
  nic.write(kMode, 1, 0);
  nic.run(us(10));
  EXPECT_EQ(nic.wire.started, 2U);
}

TEST_P(EveryNicsFlow, EndsAResetWhileItIsStopped) {
  start();
  nic.write(kMode, 1, kObeyPause);
  nic.run(us(1));
  nic.arrive(pause_frame(0xFFFF));
  nic.run(us(3));
  send(15);
  nic.run(us(30));
  ASSERT_NO_FATAL_FAILURE(nic.reset());
  nic.run(us(40));
  start();
  expect_round_trip();
}

// Priority flow control: class 0 stops the queue, unless the host says otherwise.
TEST_P(EveryNicsFlow, StopsForTheClassesThatTheHostNames) {
  start();
  nic.write(kMode, 1, kObeyClasses);
  nic.run(us(1));
  nic.arrive(class_frame(0xFE, std::vector<std::uint16_t>(8, 0xFFFF)));
  nic.run(us(3));
  EXPECT_FALSE(stopped());
  nic.arrive(class_frame(0x01, {0xFFFF}));
  nic.run(us(3));
  EXPECT_TRUE(stopped());
  send(1);
  nic.arrive(class_frame(0x01, {0}));
  nic.run(us(5));
  EXPECT_FALSE(stopped());
  EXPECT_EQ(nic.wire.started, 1U);
  nic.write(kStops, 1, 0x84);
  nic.run(us(1));
  TimePoint const asked = arrives(class_frame(0x84, {0, 0, 200, 0, 0, 0, 0, 100}));
  nic.run(us(2));
  send(1);
  nic.run(us(20));
  EXPECT_EQ(started_between(asked, asked + quanta(200)), 0U) << "the later of the two counts";
  EXPECT_EQ(nic.wire.started, 2U);
  nic.arrive(pause_frame(0xFFFF));
  nic.run(us(3));
  EXPECT_FALSE(stopped()) << "PAUSE is not obeyed";
  EXPECT_EQ(nic.counter("rx_pfc_frames"), 4U);
}

// A receive buffer that nobody empties: the other end is stopped, again and again, then set free.
class EveryNicsOverrun : public EveryNicsFlow {
 protected:
  void expect_control(std::size_t index, Frame const& expected) {
    ASSERT_LT(index, nic.wire.frames.size());
    Frame frame = nic.sent(index);
    EXPECT_TRUE(std::equal(kStation.bytes.begin(), kStation.bytes.end(), frame.begin() + 6));
    std::copy(expected.begin() + 6, expected.begin() + 12, frame.begin() + 6);
    EXPECT_EQ(frame, expected) << index;
    EXPECT_TRUE(is_intact(nic.wire.frames[index]));
  }
  void fill(int frames) {
    for (std::uint16_t id = 0; id < 60; ++id) nic.post(2048, id);
    nic.run(us(10));
    for (int i = 0; i < frames; ++i) nic.arrive(counting_frame(1000));
  }
};

TEST_P(EveryNicsOverrun, AsksForSilenceAboveOneMarkAndTakesItBackBelowTheOther) {
  start();
  nic.write(kHigh, 2, 0);
  nic.write(kLow, 2, 0);
  nic.write(kQuanta, 2, 200);
  nic.write(kMode, 1, kSendPause);
  // With a mark of 0 the buffer is always too full.
  nic.run(us(24));
  ASSERT_GE(nic.wire.frames.size(), 4U);
  EXPECT_EQ(nic.read(kState, 1), 2U);
  for (std::size_t i = 0; i < 4; ++i) {
    ASSERT_NO_FATAL_FAILURE(expect_control(i, pause_frame(200)));
    if (i == 0) continue;
    Duration const gap = nic.wire.frames[i].start - nic.wire.frames[i - 1].start;
    EXPECT_GE(gap, quanta(100));
    EXPECT_LT(gap, quanta(100) + us(0.2)) << "again after half the time";
  }
  nic.write(kHigh, 2, 1000);
  nic.run(us(3));
  expect_control(nic.wire.frames.size() - 1, pause_frame(0));
  EXPECT_EQ(nic.read(kState, 1), 0U);
  std::size_t const all = nic.wire.frames.size();
  nic.run(us(40));
  EXPECT_EQ(nic.wire.frames.size(), all);
  EXPECT_EQ(nic.counter("tx_pause_frames"), all);
  EXPECT_EQ(nic.counter("tx_frames"), all);
}

TEST_P(EveryNicsOverrun, LosesNothingAsLongAsTheOtherEndObeys) {
  start();
  nic.write(kHigh, 2, 900);
  nic.write(kLow, 2, 100);
  nic.write(kMode, 1, kSendPause);
  nic.run(us(2));
  fill(20);
  nic.run(us(60));
  ASSERT_GE(nic.wire.frames.size(), 1U);
  ASSERT_NO_FATAL_FAILURE(expect_control(0, pause_frame(0xFFFF)));
  expect_control(nic.wire.frames.size() - 1, pause_frame(0));
  EXPECT_EQ(nic.counter("rx_packets"), 20U);
  EXPECT_EQ(nic.counter("rx_dropped_overrun"), 0U);
}

TEST_P(EveryNicsOverrun, AsksWhileItIsStoppedItself) {
  start();
  nic.write(kMode, 1, kObeyPause);
  nic.run(us(1));
  nic.arrive(pause_frame(0xFFFF));
  nic.run(us(3));
  send(3);
  nic.run(us(5));
  nic.write(kQuanta, 2, 0x8000);
  nic.write(kHigh, 2, 0);
  nic.write(kMode, 1, kObeyPause | kSendPause);
  nic.run(us(10));
  ASSERT_EQ(nic.wire.frames.size(), 1U);
  expect_control(0, pause_frame(0x8000));
}

TEST_P(EveryNicsOverrun, AsksByClassIfToldSo) {
  start();
  nic.write(kSends, 1, 0x81);
  nic.write(kQuanta, 2, 0x1234);
  nic.write(kHigh, 2, 0);
  nic.write(kMode, 1, kSendClasses);
  nic.run(us(10));
  ASSERT_EQ(nic.wire.frames.size(), 1U);
  expect_control(0, class_frame(0x81, {0x1234, 0, 0, 0, 0, 0, 0, 0x1234}));
  nic.write(kMode, 1, 0);
  nic.run(us(10));
  ASSERT_EQ(nic.wire.frames.size(), 2U);
  EXPECT_EQ(nic.counter("tx_pfc_frames") + nic.counter("tx_pause_frames"), 2U);
}

// The longest pauses there are, at line rate, for both kinds: the host is held up for as long as
// they come, and for one pause behind, unless it stops obeying.
TEST_P(EveryNicsFlow, ComesThroughAFlood) {
  SCOPED_TRACE(kSeed);
  Random random(kSeed);
  start();
  nic.write(kMode, 1, kObeyPause | kObeyClasses);
  nic.run(us(1));
  for (int i = 0; i < 300; ++i) {
    if (random.chance(0.5)) {
      nic.arrive(pause_frame(static_cast<std::uint16_t>(random.next())));
    } else {
      std::vector<std::uint16_t> times(8);
      for (auto& time : times) time = static_cast<std::uint16_t>(random.next());
      nic.arrive(class_frame(static_cast<std::uint8_t>(random.next()), times));
    }
    if (i % 60 == 0) send(1, 100);
  }
  nic.arrive(pause_frame(0));
  nic.arrive(class_frame(0xFF, std::vector<std::uint16_t>(8, 0)));
  nic.run(us(40));
  EXPECT_EQ(nic.wire.frames.size(), 5U);
  EXPECT_EQ(nic.counter("rx_pause_frames") + nic.counter("rx_pfc_frames"), 302U);
  while (nic.tx().take()) {
  }
  expect_round_trip();
}

INSTANTIATE_TEST_SUITE_P(Device, EveryNicsFlow, testing::ValuesIn(nic_kinds()),
                         [](auto const& tested) { return tested.param; });
INSTANTIATE_TEST_SUITE_P(Device, EveryNicsOverrun, testing::ValuesIn(nic_kinds()),
                         [](auto const& tested) { return tested.param; });

}  // namespace
}  // namespace ringside::testbench
