// When the transmit engine is through with a packet, at the latest.
#include <gtest/gtest.h>

#include "testbench/lockstep/transmit_pace.hpp"

namespace ringside::testbench::lockstep {
namespace {

constexpr TimePoint cycle(std::int64_t number) { return TimePoint{number * kNicCycle}; }

std::uint64_t enter_and_read(TransmitPace& pace, TimePoint at, std::int64_t steps) {
  std::uint64_t const number = pace.enter(false);
  pace.read(number, at, steps);
  return number;
}

TEST(TransmitPace, IsAStepACycleFromTheLastByteOn) {
  TransmitPace pace;
  std::uint64_t const packet = enter_and_read(pace, cycle(10), 5);
  EXPECT_EQ(pace.ready(packet), cycle(15));
}

TEST(TransmitPace, IsUnknownWhileThePacketBeforeHasNotBeenGivenBack) {
  TransmitPace pace;
  std::uint64_t const before = enter_and_read(pace, cycle(10), 5);
  std::uint64_t const behind = enter_and_read(pace, cycle(11), 5);
  EXPECT_EQ(pace.ready(behind), kNever);
  pace.returned(before, cycle(100));
  EXPECT_EQ(pace.ready(behind), cycle(105));
}

TEST(TransmitPace, CountsFromItsLastByteForAPacketThatComesLater) {
  TransmitPace pace;
  pace.returned(enter_and_read(pace, cycle(10), 5), cycle(20));
  std::uint64_t const behind = enter_and_read(pace, cycle(50), 7);
  EXPECT_EQ(pace.ready(behind), cycle(57));
}

TEST(TransmitPace, IsThatOfTheOrderInWhichTheEngineTakesPacketsUp) {
  TransmitPace pace;
  std::uint64_t const slow = pace.enter(false);
  std::uint64_t const quick = enter_and_read(pace, cycle(10), 5);
  EXPECT_EQ(pace.ready(slow), kNever);
  EXPECT_EQ(pace.ready(quick), kNever);
  pace.read(slow, cycle(40), 3);
  EXPECT_EQ(pace.ready(slow), cycle(43));
  pace.returned(slow, cycle(50));
  EXPECT_EQ(pace.ready(quick), cycle(55));
}

TEST(TransmitPace, IsPerhapsBehindPacketsWithoutBytesThatCameLater) {
  TransmitPace pace;
  std::uint64_t const packet = enter_and_read(pace, cycle(10), 5);
  std::uint64_t const silent = pace.enter(true);
  EXPECT_EQ(pace.ready(packet), kNever);
  pace.returned(silent, cycle(60));
  EXPECT_EQ(pace.ready(packet), cycle(65));
}

TEST(TransmitPace, KnowsNothingOfPacketsOfASessionThatIsOver) {
  TransmitPace pace;
  std::uint64_t const before = enter_and_read(pace, cycle(10), 5);
  enter_and_read(pace, cycle(10), 5);
  pace.start();
  std::uint64_t const behind = enter_and_read(pace, cycle(30), 1);
  EXPECT_EQ(pace.ready(before), kNever);
  EXPECT_EQ(pace.ready(behind), cycle(31));
}

TEST(TransmitPace, ForgetsAPacketAndThoseBeforeIt) {
  TransmitPace pace;
  std::uint64_t const dropped = enter_and_read(pace, cycle(10), 5);
  pace.returned(dropped, cycle(16));
  std::uint64_t const sent = enter_and_read(pace, cycle(17), 5);
  pace.returned(sent, cycle(30));
  std::uint64_t const last = enter_and_read(pace, cycle(40), 2);
  pace.forget(sent);
  EXPECT_EQ(pace.ready(dropped), kNever);
  EXPECT_EQ(pace.ready(sent), kNever);
  EXPECT_EQ(pace.ready(last), cycle(42));
}

}  // namespace
}  // namespace ringside::testbench::lockstep
