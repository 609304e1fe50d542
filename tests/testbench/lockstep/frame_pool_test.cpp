// Frames around a change of the receive filter or of steering: what lock-step takes for right.
#include "testbench/lockstep/frame_pool.hpp"

#include <gtest/gtest.h>

namespace ringside::testbench::lockstep {
namespace {

constexpr MacAddress kStation{{2, 0, 0, 0, 0, 1}};
constexpr Duration kLong{10'000'000};

TimePoint at(std::int64_t us) { return TimePoint{} + Duration{us * 1'000'000}; }

Arrival frame(TimePoint end, std::uint8_t to = 1) {
  Arrival arrival{end, std::vector<std::uint8_t>(60, 0)};
  arrival.bytes[0] = 2;
  arrival.bytes[5] = to;
  return arrival;
}

model::ReceiveFilter filter(bool promiscuous) {
  return {.by_address = true, .station = kStation, .promiscuous = promiscuous};
}

struct FilterAndPool : testing::Test {
  FilterAndPool() {
    follower.set(filter(false), at(0));
    follower.settled(at(0));
  }
  Patience patience;
  CounterFollower counters{patience};
  FilterFollower follower{counters};
  FramePool pool;
};

TEST_F(FilterAndPool, FarFromAChangeAFrameIsWantedOrNot) {
  EXPECT_TRUE(follower.received(frame(at(50))));
  EXPECT_FALSE(follower.received(frame(at(51), 9)));
  EXPECT_EQ(follower.filtered(), 1U);
}

TEST_F(FilterAndPool, AFrameDuringAChangeMayPassOrNot) {
  follower.set(filter(true), at(50));
  auto const during = follower.received(frame(at(52), 9));
  ASSERT_TRUE(during);
  EXPECT_TRUE(during->perhaps_filtered);
  follower.settled(at(53));
  auto const after = follower.received(frame(at(60), 9));
  ASSERT_TRUE(after);
  EXPECT_FALSE(after->perhaps_filtered);
}

TEST_F(FilterAndPool, AFrameJustBeforeAChangeIsJudgedAgain) {
  EXPECT_FALSE(follower.received(frame(at(40), 9)));
  EXPECT_FALSE(follower.received(frame(at(50), 9)));
  pool.add(*follower.received(frame(at(50))));
  follower.set(filter(true), at(50));
  auto const again = follower.take_perhaps_wanted();
  ASSERT_EQ(again.size(), 1U) << "the one of long ago was not wanted";
  EXPECT_TRUE(again[0].perhaps_filtered);
  EXPECT_EQ(follower.filtered(), 1U);
  follower.set({.by_address = true}, at(50));
  EXPECT_TRUE(pool.filter_changed(follower));
  EXPECT_EQ(pool.perhaps_filtered(), 1U);
}

TEST_F(FilterAndPool, WhatComesBeforeADeliveredFrameWasDropped) {
  for (int i = 0; i < 4; ++i) pool.add(frame(at(50 + i)));
  EXPECT_EQ(pool.dropped().least, 0U);
  EXPECT_EQ(pool.dropped().most, 4U);
  pool.take(2);
  EXPECT_EQ(pool.dropped().least, 2U);
  EXPECT_EQ(pool.dropped().most, 3U);
}

TEST_F(FilterAndPool, FramesStandInTheOrderOfTheirArrival) {
  pool.add(frame(at(52), 1));
  pool.add(frame(at(50), 2));
  pool.add(frame(at(51), 3));
  EXPECT_EQ(pool.frames()[0].bytes[5], 2);
  EXPECT_EQ(pool.frames()[1].bytes[5], 3);
  EXPECT_EQ(pool.frames()[2].bytes[5], 1);
}

model::Steering all_to(std::uint16_t pair) {
  return {.hash_types = 0, .table = {0}, .unclassified = pair};
}

TEST(SteeringFollower, AFrameThatWaitsMayGoWhereItDidAndWhereItDoesNow) {
  SteeringFollower steering;
  FramePool pool;
  Arrival early = frame(at(10));
  steering.look_at(early);
  pool.add(early);
  EXPECT_TRUE(pool.any_for(0));
  EXPECT_FALSE(pool.any_for(1));
  steering.set(all_to(1), at(50));
  pool.steering_changed(steering);
  EXPECT_TRUE(pool.any_for(0));
  EXPECT_TRUE(pool.any_for(1));
}

TEST(SteeringFollower, AFrameAfterASettledChangeGoesOneWay) {
  SteeringFollower steering;
  steering.set(all_to(1), at(50));
  Arrival during = frame(at(55));
  steering.look_at(during);
  EXPECT_TRUE(during.may_be_for(0));
  EXPECT_TRUE(during.may_be_for(1));
  steering.settled(at(60));
  Arrival after = frame(at(60) + kLong);
  steering.look_at(after);
  EXPECT_FALSE(after.may_be_for(0));
  EXPECT_TRUE(after.may_be_for(1));
}

}  // namespace
}  // namespace ringside::testbench::lockstep
