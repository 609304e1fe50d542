#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "tests/testbench/bus/pcie_link_fixture.hpp"

namespace ringside::testbench {
namespace {

using testing::ElementsAre;

TEST_F(PcieLinkTest, SplitsCompletionsAtTheReadCompletionBoundary) {
  link.read(TimePoint{}, address + 60, 512, 3);
  simulate(10);
  ASSERT_EQ(device.arrivals.size(), 3u);
  EXPECT_EQ(device.arrivals[0].size, 256u - 60);
  EXPECT_EQ(device.arrivals[1].size, 256u);
  EXPECT_EQ(device.arrivals[2].size, 60u);
  EXPECT_TRUE(device.arrivals[2].last);
  EXPECT_FALSE(device.arrivals[1].last);
  EXPECT_THAT(device.data[3], testing::ElementsAreArray(bytes.subspan(60, 512)));
}

TEST_F(PcieLinkTest, AnswersASmallReadInTheRoundTripOfAServer) {
  link.read(TimePoint{}, address, 8, 0);
  simulate(10);
  ASSERT_EQ(device.arrivals.size(), 1u);
  Duration const trip = device.arrivals[0].at.time_since_epoch();
  EXPECT_GE(trip, Duration{450'000});
  EXPECT_LE(trip, Duration{500'000});
}

TEST_F(PcieLinkTest, RefusesAReadOfWhatIsNotMapped) {
  link.read(TimePoint{}, address + 8192, 16, 5);
  simulate(10);
  ASSERT_EQ(device.arrivals.size(), 1u);
  EXPECT_FALSE(device.arrivals[0].ok);
  EXPECT_EQ(link.statistics().refused, 1u);
}

TEST_F(PcieLinkTest, WritesReachMemoryAfterTheLinksLatencyAndInOrder) {
  std::vector<std::uint8_t> const one(64, 1);
  std::vector<std::uint8_t> const two(64, 2);
  link.write(TimePoint{}, address, one);
  link.write(TimePoint{}, address, two);
  std::uint8_t early = 0;
  std::uint8_t late = 0;
  timeline.at(TimePoint{Duration{140'000}}, origin, [&] { early = bytes[1]; });
  timeline.at(TimePoint{Duration{400'000}}, origin, [&] { late = bytes[1]; });
  simulate(10);
  EXPECT_EQ(early, 7);
  EXPECT_EQ(late, 2);
}

TEST_F(PcieLinkTest, AReadAnswerPushesEarlierWrites) {
  std::vector<std::uint8_t> const data(256, 9);
  for (int i = 0; i < 10; ++i) link.write(TimePoint{}, address + 256 * i, data);
  std::uint8_t seen = 0;
  timeline.at(TimePoint{Duration{1}}, origin,
              [&] { link.register_read(0x10, 4, [&](std::uint32_t) { seen = bytes[256 * 9]; }); });
  simulate(100);
  EXPECT_EQ(seen, 9);
}

TEST_F(PcieLinkTest, AWriteToTheMessageAddressIsAnInterrupt) {
  std::vector<std::uint32_t> seen;
  link.on_interrupt([&](std::uint32_t data) { seen.push_back(data); });
  std::vector<std::uint8_t> const message{2, 0, 0, 0};
  link.write(TimePoint{}, PcieLink::kMsiAddress, message);
  simulate(10);
  EXPECT_THAT(seen, ElementsAre(2u));
}

TEST_F(PcieLinkTest, HoldsWritesBackWhenCreditsAreUsedUp) {
  PcieTiming few = kGen3x8;
  few.posted_headers = 2;
  PcieLink slow(timeline, memory, few, Random(1));
  std::vector<std::uint8_t> const data(16, 1);
  std::vector<TimePoint> arrivals;
  slow.inject_fault([&](PcieLink::AccessKind, std::uint64_t, std::uint32_t) {
    arrivals.push_back(present());
    return true;
  });
  for (int i = 0; i < 4; ++i) slow.write(TimePoint{}, address, data);
  simulate(10);
  ASSERT_EQ(arrivals.size(), 4u);
  EXPECT_LT(arrivals[1] - arrivals[0], Duration{10'000});
  // A credit comes back after the way up, the root complex and the way down.
  EXPECT_GE(arrivals[2] - arrivals[0], Duration{450'000});
}

TEST_F(PcieLinkTest, SaysWhenTheEndpointsBufferIsFull) {
  std::vector<std::uint8_t> const data(256, 1);
  EXPECT_TRUE(link.ready(TimePoint{}));
  for (int i = 0; i < 20; ++i) link.write(TimePoint{}, address, data);
  EXPECT_FALSE(link.ready(TimePoint{}));
  EXPECT_TRUE(link.ready(TimePoint{Duration{1'000'000}}));
}

TEST_F(PcieLinkTest, ARegisterReadThatIsNeverAnsweredEndsWithAllOnes) {
  device.silent = true;
  std::uint32_t value = 0;
  timeline.at(TimePoint{}, origin,
              [&] { link.register_read(0, 4, [&](std::uint32_t v) { value = v; }); });
  simulate(60'000);
  EXPECT_EQ(value, 0xFFFF'FFFFu);
  EXPECT_EQ(link.statistics().timeouts, 1u);
}

TEST_F(PcieLinkTest, ALateAnswerIsNotTakenForThatOfTheNextRead) {
  device.silent = true;
  std::vector<std::uint32_t> values;
  auto const read = [&] {
    link.register_read(0, 4, [&](std::uint32_t value) { values.push_back(value); });
  };
  timeline.at(TimePoint{}, origin, read);
  simulate(60'000);
  timeline.at(present(), origin, read);
  link.answer(present(), 1);  // the first one's, far too late
  simulate(100);
  EXPECT_THAT(values, ElementsAre(0xFFFF'FFFFu));
  link.answer(present(), 2);
  simulate(100'000);
  EXPECT_THAT(values, ElementsAre(0xFFFF'FFFFu, 2u));
  EXPECT_EQ(link.statistics().timeouts, 1u);
}

TEST_F(PcieLinkTest, TwoLinksOfOneSeedHaveTheSameLatencies) {
  PcieLink twin(timeline, memory, kGen3x8, Random(1));
  Device other;
  twin.attach(other);
  for (std::uint32_t i = 0; i < 50; ++i) {
    link.read(TimePoint{Duration{i * 10'000}}, address, 64, i);
    twin.read(TimePoint{Duration{i * 10'000}}, address, 64, i);
  }
  simulate(100);
  ASSERT_EQ(device.arrivals.size(), 50u);
  ASSERT_EQ(other.arrivals.size(), 50u);
  for (std::size_t i = 0; i < 50; ++i) EXPECT_EQ(device.arrivals[i].at, other.arrivals[i].at);
  EXPECT_EQ(link.hash().value(), twin.hash().value());
}

}  // namespace
}  // namespace ringside::testbench
