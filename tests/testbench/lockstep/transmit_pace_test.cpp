// When the transmit engine is through with a packet, at the latest.
#include <gtest/gtest.h>

#include "testbench/lockstep/transmit_pace.hpp"

namespace ringside::testbench::lockstep {
namespace {

constexpr TimePoint cycle(std::int64_t number) { return TimePoint{number * kNicCycle}; }

TEST(TransmitPace, IsAStepACycleFromTheLastByteOn) {
  TransmitPace pace;
  std::uint64_t const packet = pace.read(cycle(10), 5);
  EXPECT_EQ(pace.ready(packet), cycle(15));
}

TEST(TransmitPace, IsUnknownWhileThePacketBeforeHasNotBeenGivenBack) {
  TransmitPace pace;
  pace.read(cycle(10), 5);
  std::uint64_t const behind = pace.read(cycle(11), 5);
  EXPECT_EQ(pace.ready(behind), kNever);
  pace.returned(cycle(100));
  EXPECT_EQ(pace.ready(behind), cycle(105));
}

TEST(TransmitPace, CountsFromItsLastByteForAPacketThatComesLater) {
  TransmitPace pace;
  pace.read(cycle(10), 5);
  pace.returned(cycle(20));
  std::uint64_t const behind = pace.read(cycle(50), 7);
  EXPECT_EQ(pace.ready(behind), cycle(57));
}

TEST(TransmitPace, KnowsNothingOfPacketsOfASessionThatIsOver) {
  TransmitPace pace;
  std::uint64_t const before = pace.read(cycle(10), 5);
  pace.read(cycle(10), 5);
  pace.start();
  std::uint64_t const behind = pace.read(cycle(30), 1);
  EXPECT_EQ(pace.ready(before), kNever);
  EXPECT_EQ(pace.ready(behind), cycle(31));
}

TEST(TransmitPace, ForgetsAPacketAndThoseBeforeIt) {
  TransmitPace pace;
  std::uint64_t const dropped = pace.read(cycle(10), 5);
  pace.returned(cycle(16));
  std::uint64_t const sent = pace.read(cycle(17), 5);
  pace.returned(cycle(30));
  std::uint64_t const last = pace.read(cycle(40), 2);
  pace.forget(sent);
  EXPECT_EQ(pace.ready(dropped), kNever);
  EXPECT_EQ(pace.ready(sent), kNever);
  EXPECT_EQ(pace.ready(last), cycle(42));
}

}  // namespace
}  // namespace ringside::testbench::lockstep
