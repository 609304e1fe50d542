#include "testbench/net/cable.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "tests/testbench/net/wire_fixture.hpp"

namespace ringside::testbench {
namespace {

constexpr Duration kDelay{500'000};
constexpr std::uint64_t kSeed = 7;

struct Line {
  explicit Line(CableFaults const& faults, std::uint64_t seed = kSeed)
      : direction(timeline, kDelay, faults, Random(seed)) {
    direction.connect(receiver);
  }
  // Back-to-back frames with 12 bytes between them.
  void send(int count) {
    std::int64_t ns = 0;
    for (int i = 0; i < count; ++i) {
      WireFrame const frame = make_frame(ns, 1, 2, 100, static_cast<std::uint8_t>(i));
      direction.send(frame.as_piece());
      sent.push_back(frame);
      ns += (static_cast<std::int64_t>(frame.bytes.size()) + 12) * 800 / 1000 + 1;
    }
  }
  void simulate() { sc_core::sc_start(to_sc_time(Duration{1'000'000'000'000})); }

  Timeline timeline{"timeline"};
  CollectingReceiver receiver;
  CableDirection direction;
  std::vector<WireFrame> sent;
};

void expect_spaced(std::vector<WireFrame> const& frames) {
  for (std::size_t i = 1; i < frames.size(); ++i) {
    EXPECT_GE(frames[i].start - frames[i - 1].end(), kByteTime * 12) << "frame " << i;
  }
}

TEST(Cable, CarriesEachFrameUnchangedAfterItsDelay) {
  Line line({});
  line.send(10);
  ASSERT_EQ(line.receiver.frames.size(), 10u);
  for (std::size_t i = 0; i < 10; ++i) {
    EXPECT_EQ(line.receiver.frames[i].bytes, line.sent[i].bytes);
    EXPECT_EQ(line.receiver.frames[i].start, line.sent[i].start + kDelay);
  }
}

TEST(Cable, PassesPiecesOnWithoutWaitingForTheFrame) {
  Line line({});
  WireFrame const frame = make_frame(0, 1, 2);
  Bytes const bytes = frame.bytes;
  line.direction.send({frame.start, bytes.first(30), true, false, false});
  EXPECT_TRUE(line.receiver.frames.empty());
  line.direction.send({frame.start + kByteTime * 30, bytes.subspan(30), false, true, false});
  ASSERT_EQ(line.receiver.frames.size(), 1u);
  EXPECT_TRUE(is_intact(line.receiver.frames[0]));
}

TEST(Cable, LosesAboutTheShareItIsToldTo) {
  Line line({.loss = 0.25});
  line.send(4000);
  EXPECT_NEAR(static_cast<double>(line.receiver.frames.size()), 3000, 120) << "seed " << kSeed;
  EXPECT_EQ(line.direction.statistics().lost + line.receiver.frames.size(), 4000u);
}

TEST(Cable, BitErrorsBreakTheFrameCheckSequence) {
  Line line({.bit_error_rate = 1e-4});
  line.send(2000);
  std::uint64_t broken = 0;
  for (auto const& frame : line.receiver.frames) broken += !is_intact(frame);
  // Preamble bits may be hit too: those frames are intact but counted as corrupted.
  EXPECT_LE(broken, line.direction.statistics().corrupted);
  EXPECT_GT(broken, line.direction.statistics().corrupted * 8 / 10);
  // 126 bytes of 8 bits: 9.6 % of frames are hit.
  EXPECT_NEAR(static_cast<double>(line.direction.statistics().corrupted), 192, 50);
}

TEST(Cable, DuplicatesFollowTheirOriginalAndDelayWhatComesBehind) {
  Line line({.duplicate = 1.0});
  line.send(3);
  ASSERT_EQ(line.receiver.frames.size(), 6u);
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(line.receiver.frames[i].bytes, line.sent[i / 2].bytes);
  }
  expect_spaced(line.receiver.frames);
}

TEST(Cable, AReorderedFrameComesBehindItsSuccessor) {
  Line line({.reorder = 1.0});
  line.send(2);
  ASSERT_EQ(line.receiver.frames.size(), 2u);
  EXPECT_EQ(line.receiver.frames[0].bytes, line.sent[1].bytes);
  EXPECT_EQ(line.receiver.frames[1].bytes, line.sent[0].bytes);
  expect_spaced(line.receiver.frames);
}

TEST(Cable, AHeldFrameThatNothingOvertakesComesByItself) {
  Line line({.reorder = 1.0});
  line.send(1);
  EXPECT_TRUE(line.receiver.frames.empty());
  line.simulate();
  ASSERT_EQ(line.receiver.frames.size(), 1u);
  EXPECT_TRUE(is_intact(line.receiver.frames[0]));
}

TEST(Cable, AccountsForEveryFrameUnderAllFaultsAtOnce) {
  Line line({.loss = 0.1, .bit_error_rate = 1e-5, .duplicate = 0.1, .reorder = 0.1});
  line.send(5000);
  line.simulate();
  auto const& counted = line.direction.statistics();
  EXPECT_EQ(counted.frames, 5000u);
  EXPECT_EQ(line.receiver.frames.size(), 5000u - counted.lost + counted.duplicated);
  expect_spaced(line.receiver.frames);
}

TEST(Cable, OneSeedGivesOneFate) {
  Line a({.loss = 0.1, .duplicate = 0.1, .reorder = 0.1});
  CableDirection twin(a.timeline, kDelay, {.loss = 0.1, .duplicate = 0.1, .reorder = 0.1},
                      Random(kSeed));
  CollectingReceiver other;
  twin.connect(other);
  a.send(1000);
  for (auto const& frame : a.sent) twin.send(frame.as_piece());
  ASSERT_EQ(other.frames.size(), a.receiver.frames.size());
  for (std::size_t i = 0; i < other.frames.size(); ++i) {
    EXPECT_EQ(other.frames[i].start, a.receiver.frames[i].start);
  }
}

TEST(Cable, SaysWhatItDoesToEachFrame) {
  Line line({.loss = 0.1, .bit_error_rate = 1e-4, .duplicate = 0.1, .reorder = 0.1});
  std::map<std::string, std::uint64_t> told;
  line.direction.listen_to_faults([&](WireFrame const& frame, std::string_view what) {
    EXPECT_TRUE(is_intact(frame)) << "frames are shown as they were sent";
    ++told[std::string(what)];
  });
  line.send(500);
  line.simulate();
  CableStatistics const& counted = line.direction.statistics();
  EXPECT_GT(counted.lost, 0u);
  EXPECT_EQ(told["lost"], counted.lost);
  EXPECT_EQ(told["damaged"], counted.corrupted);
  EXPECT_EQ(told["doubled"], counted.duplicated);
  EXPECT_EQ(told["overtaken by the next"], counted.reordered);
}

}  // namespace
}  // namespace ringside::testbench
