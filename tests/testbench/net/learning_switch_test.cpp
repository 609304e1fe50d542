#include "testbench/net/learning_switch.hpp"

#include <gtest/gtest.h>

#include "testbench/net/cable.hpp"
#include "tests/testbench/net/wire_fixture.hpp"

namespace ringside::testbench {
namespace {

class LearningSwitchTest : public testing::Test {
 protected:
  static constexpr unsigned kPorts = 3;

  LearningSwitchTest() {
    for (unsigned i = 0; i < kPorts; ++i) {
      outs.push_back(
          std::make_unique<CableDirection>(timeline, Duration{10'000}, CableFaults{}, Random(i)));
      outs.back()->connect(stations[i]);
      fabric.connect(i, *outs.back());
    }
  }
  void send(unsigned port, WireFrame const& frame) {
    timeline.at(frame.start, origin,
                [this, port, frame] { fabric.port(port).receive(frame.as_piece()); });
  }
  void simulate(std::int64_t us) { sc_core::sc_start(to_sc_time(Duration{us * 1'000'000})); }
  std::vector<std::size_t> counts() const {
    return {stations[0].frames.size(), stations[1].frames.size(), stations[2].frames.size()};
  }

  Timeline timeline{"timeline"};
  Origin origin = timeline.add_origin();
  LearningSwitch fabric{timeline, kPorts};
  CollectingReceiver stations[kPorts];
  std::vector<std::unique_ptr<CableDirection>> outs;
};

using Counts = std::vector<std::size_t>;

TEST_F(LearningSwitchTest, FloodsWhatItDoesNotKnowButNeverBack) {
  send(0, make_frame(0, 2, 1));
  simulate(10);
  EXPECT_EQ(counts(), (Counts{0, 1, 1}));
}

TEST_F(LearningSwitchTest, SendsAKnownStationsFramesToItsPortOnly) {
  send(1, make_frame(0, 9, 2));
  send(0, make_frame(5'000, 2, 1));
  simulate(20);
  EXPECT_EQ(counts(), (Counts{1, 1, 1}));
  EXPECT_EQ(fabric.statistics().flooded, 1u);
}

TEST_F(LearningSwitchTest, FloodsBroadcastsAlways) {
  send(1, make_frame(0, 0xFF, 2));
  send(0, make_frame(5'000, 0xFF, 1));
  simulate(20);
  EXPECT_EQ(counts(), (Counts{1, 1, 2}));
}

TEST_F(LearningSwitchTest, RelearnsAStationThatMoved) {
  send(1, make_frame(0, 9, 2));
  send(2, make_frame(5'000, 9, 2));
  send(0, make_frame(10'000, 2, 1));
  simulate(30);
  EXPECT_EQ(counts(), (Counts{2, 1, 2}));
}

TEST_F(LearningSwitchTest, DropsAFrameForAStationOnItsOwnPort) {
  send(1, make_frame(0, 9, 2));
  send(1, make_frame(5'000, 2, 3));
  simulate(20);
  EXPECT_EQ(fabric.statistics().filtered, 1u);
}

TEST_F(LearningSwitchTest, DropsABadFrameAndCountsIt) {
  WireFrame frame = make_frame(0, 2, 1);
  frame.bytes[30] ^= 1;
  send(0, frame);
  simulate(10);
  EXPECT_EQ(counts(), (Counts{0, 0, 0}));
  EXPECT_EQ(fabric.statistics().dropped_bad, 1u);
}

TEST_F(LearningSwitchTest, TwoPortsIntoOneShareTheLineAndOverflowIsCounted) {
  send(2, make_frame(0, 9, 3));
  int constexpr kFrames = 500;
  for (int i = 0; i < kFrames; ++i) {
    send(0, make_frame(2'000 + i * 1'231, 3, 1, 1500));
    send(1, make_frame(2'000 + i * 1'231, 3, 2, 1500));
  }
  simulate(2'000);
  auto const& received = stations[2].frames;
  for (std::size_t i = 1; i < received.size(); ++i) {
    ASSERT_GE(received[i].start - received[i - 1].end(), kByteTime * 12);
  }
  EXPECT_GT(fabric.statistics().dropped_full, 0u);
  EXPECT_EQ(received.size() + fabric.statistics().dropped_full, 2u * kFrames);
}

TEST_F(LearningSwitchTest, ForgetsAStationThatWasSilentForFiveMinutes) {
  send(1, make_frame(0, 9, 2));
  send(0, make_frame(301'000'000'000, 2, 1));
  simulate(302'000'000);
  EXPECT_EQ(counts(), (Counts{1, 1, 2}));
}

}  // namespace
}  // namespace ringside::testbench
