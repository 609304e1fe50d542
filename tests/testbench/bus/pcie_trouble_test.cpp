#include "testbench/bus/pcie_trouble.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/testbench/bus/pcie_link_fixture.hpp"

namespace ringside::testbench {
namespace {

using testing::ElementsAreArray;

class PcieTroubleTest : public PcieLinkTest {
 protected:
  static constexpr Duration kOrdinary{600'000};  // a read's round trip

  Duration answered(std::size_t arrival) const {
    return device.arrivals.at(arrival).at.time_since_epoch();
  }
  std::vector<std::uint8_t> memory_at(std::size_t offset, std::size_t size) const {
    return {bytes.begin() + static_cast<std::ptrdiff_t>(offset),
            bytes.begin() + static_cast<std::ptrdiff_t>(offset + size)};
  }
};

TEST_F(PcieTroubleTest, NoTroubleDrawsNothing) {
  Random random(3);
  Random const before = random;
  PcieTrouble::Fate const fate = PcieTrouble{}.draw(random);
  EXPECT_FALSE(fate.split || fate.held || fate.poisoned || fate.missing);
  EXPECT_EQ(fate.delay, Duration{0});
  Random untouched = before;
  EXPECT_EQ(random.next(), untouched.next());
}

TEST_F(PcieTroubleTest, AnswersLateByAtMostWhatItSays) {
  link.make_trouble({.late = 1, .late_by = Duration{20'000'000}});
  for (std::uint32_t tag = 0; tag < 20; ++tag) link.read(TimePoint{}, address, 16, tag);
  simulate(40);
  ASSERT_EQ(device.arrivals.size(), 20U);
  EXPECT_GT(answered(19), Duration{10'000'000}) << "none of twenty is late";
  EXPECT_LT(answered(19), Duration{21'000'000});
}

TEST_F(PcieTroubleTest, SplitsAnAnswerAtEveryBoundaryAndLetsOthersInBetween) {
  link.make_trouble({.split = 1});
  link.read(TimePoint{}, address + 60, 196, 1);
  link.read(TimePoint{}, address + 1024, 256, 2);
  simulate(20);
  ASSERT_EQ(device.arrivals.size(), 8U);
  EXPECT_THAT(device.data[1], ElementsAreArray(memory_at(60, 196)));
  EXPECT_THAT(device.data[2], ElementsAreArray(memory_at(1024, 256)));
  std::size_t changes = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    EXPECT_LE(device.arrivals[i].size, 64U);
    if (i == 0) continue;
    if (device.arrivals[i].tag != device.arrivals[i - 1].tag) ++changes;
    EXPECT_GE(device.arrivals[i].at, device.arrivals[i - 1].at);
  }
  EXPECT_GT(changes, 1U) << "one is answered whole before the other";
}

TEST_F(PcieTroubleTest, GivesWhatMemoryHeldWhenASplitAnswerBegan) {
  link.make_trouble({.split = 1});
  auto const before = memory_at(0, 256);
  link.read(TimePoint{}, address, 256, 1);
  timeline.at(TimePoint{Duration{1'000'000}}, origin,
              [this] { std::fill(bytes.begin(), bytes.end(), std::uint8_t{0xEE}); });
  simulate(20);
  EXPECT_THAT(device.data[1], ElementsAreArray(before));
}

TEST_F(PcieTroubleTest, LetsTheNextReadOvertakeOneThatIsHeld) {
  link.make_trouble({.held = 1, .late_by = Duration{5'000'000}});
  link.read(TimePoint{}, address, 16, 1);
  link.read(TimePoint{Duration{1'000}}, address + 64, 16, 2);
  simulate(20);
  ASSERT_EQ(device.arrivals.size(), 2U);
  EXPECT_EQ(device.arrivals[0].tag, 2U);
  EXPECT_EQ(device.arrivals[1].tag, 1U);
  EXPECT_THAT(device.data[1], ElementsAreArray(memory_at(0, 16)));
}

TEST_F(PcieTroubleTest, HoldsALonelyReadNoLongerThanItSays) {
  link.make_trouble({.held = 1, .late_by = Duration{5'000'000}});
  link.read(TimePoint{}, address, 16, 1);
  simulate(20);
  ASSERT_EQ(device.arrivals.size(), 1U);
  EXPECT_GT(answered(0), Duration{5'000'000});
  EXPECT_LT(answered(0), Duration{5'000'000} + kOrdinary);
}

TEST_F(PcieTroubleTest, PoisonedDataIsAnErrorInPlaceOfTheLastPiece) {
  link.make_trouble({.poisoned = 1});
  link.read(TimePoint{}, address + 130, 256, 4);
  simulate(20);
  ASSERT_EQ(device.arrivals.size(), 2U);
  EXPECT_TRUE(device.arrivals[0].ok);
  EXPECT_FALSE(device.arrivals[0].last);
  EXPECT_FALSE(device.arrivals[1].ok);
  EXPECT_TRUE(device.arrivals[1].last);
  EXPECT_EQ(link.statistics().poisoned, 1U);
}

TEST_F(PcieTroubleTest, AMissingAnswerIsAnErrorOnceTheEndpointGivesUp) {
  link.make_trouble({.missing = 1, .completion_timeout = Duration{50'000'000}});
  link.read(TimePoint{}, address, 16, 4);
  simulate(45);
  EXPECT_TRUE(device.arrivals.empty());
  simulate(20);
  ASSERT_EQ(device.arrivals.size(), 1U);
  EXPECT_FALSE(device.arrivals[0].ok);
  EXPECT_EQ(link.statistics().missing, 1U);
}

TEST_F(PcieTroubleTest, ASlowedLinkTakesSoManyTimesAsLongForAByte) {
  PcieLink slow(timeline, memory, slowed(kGen3x8, 16), Random(1));
  std::vector<std::uint8_t> const data(256, 1);
  std::vector<TimePoint> arrivals;
  slow.inject_fault([&](PcieLink::AccessKind, std::uint64_t, std::uint32_t) {
    arrivals.push_back(present());
    return true;
  });
  for (int i = 0; i < 2; ++i) slow.write(TimePoint{}, address, data);
  simulate(20);
  ASSERT_EQ(arrivals.size(), 2U);
  EXPECT_EQ(arrivals[1] - arrivals[0], kGen3x8.byte_time * 16 * (256 + 24));
}

TEST_F(PcieTroubleTest, AStarvedLinkHasOneWriteUnderWayAtATime) {
  PcieLink starving(timeline, memory, starved(kGen3x8, 64, 256), Random(1));
  std::vector<std::uint8_t> const data(256, 1);
  std::vector<TimePoint> arrivals;
  starving.inject_fault([&](PcieLink::AccessKind, std::uint64_t, std::uint32_t) {
    arrivals.push_back(present());
    return true;
  });
  for (int i = 0; i < 2; ++i) starving.write(TimePoint{}, address, data);
  simulate(20);
  ASSERT_EQ(arrivals.size(), 2U);
  // The credits of the first come back over the link, and only then the second leaves.
  EXPECT_GE(arrivals[1] - arrivals[0], kGen3x8.up_latency + kGen3x8.down_latency);
}

TEST_F(PcieTroubleTest, TheSameSeedMakesTheSameTrouble) {
  PcieLink twin(timeline, memory, kGen3x8, Random(1));
  Device other;
  twin.attach(other);
  PcieTrouble const trouble{
      .late = 0.3, .split = 0.3, .held = 0.3, .poisoned = 0.1, .missing = 0.1};
  link.make_trouble(trouble);
  twin.make_trouble(trouble);
  for (std::uint32_t i = 0; i < 60; ++i) {
    link.read(TimePoint{Duration{i * 10'000}}, address, 128, i);
    twin.read(TimePoint{Duration{i * 10'000}}, address, 128, i);
  }
  simulate(200);
  EXPECT_EQ(link.hash().value(), twin.hash().value());
  EXPECT_EQ(device.arrivals.size(), other.arrivals.size());
  EXPECT_GT(link.statistics().missing * link.statistics().poisoned, 0U);
}

}  // namespace
}  // namespace ringside::testbench
