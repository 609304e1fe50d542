// The small parts by themselves: sequence numbers, the keyed hash, round trips, NewReno, a timer.
#include <gtest/gtest.h>

#include <array>
#include <numeric>

#include "stack/transport/tcp/keyed_hash.hpp"
#include "stack/transport/tcp/new_reno.hpp"
#include "stack/transport/tcp/rtt_estimator.hpp"
#include "stack/transport/tcp/sequence.hpp"
#include "stack/transport/tcp/timer.hpp"
#include "tests/stack/virtual_executor.hpp"

namespace ringside::stack {
namespace {

using namespace std::chrono_literals;

TEST(Sequence, ComparesModulo32Bits) {
  Sequence const before{0xFFFF'FFF0};
  Sequence const after{0x10};
  EXPECT_LT(before, after);
  EXPECT_GT(after, before);
  EXPECT_EQ(after - before, 0x20);
  EXPECT_EQ(before - after, -0x20);
  EXPECT_EQ(before + 0x20, after);
  EXPECT_EQ(after - 0x20u, before);
  EXPECT_EQ(later(before, after), after);
  EXPECT_EQ(earlier(before, after), before);
  EXPECT_EQ(bytes_between(before, after), 0x20u);
}

// The first vectors of the authors' vectors.h, key 00 01 .. 0F, messages of 0, 1, 2, 8 bytes.
TEST(KeyedHash, MatchesTheVectorsOfItsAuthors) {
  HashKey const key{0x0706'0504'0302'0100, 0x0F0E'0D0C'0B0A'0908};
  std::array<std::uint8_t, 64> message;
  std::iota(message.begin(), message.end(), std::uint8_t{0});
  EXPECT_EQ(keyed_hash(key, Bytes(message).first(0)), 0x726F'DB47'DD0E'0E31u);
  EXPECT_EQ(keyed_hash(key, Bytes(message).first(1)), 0x74F8'39C5'93DC'67FDu);
  EXPECT_EQ(keyed_hash(key, Bytes(message).first(8)), 0x93F5'F579'9A93'2462u);
  EXPECT_EQ(keyed_hash(key, Bytes(message).first(15)), 0xA129'CA61'49BE'45E5u);
}

TEST(Rfc6298, RO01_TheTimeoutIsOneSecondBeforeTheFirstSample) {
  TcpSettings const settings;
  EXPECT_EQ(RttEstimator(settings).rto(), Duration{1s});
}

TEST(Rfc6298, RO03_TheVarianceIsUpdatedBeforeTheMean) {
  TcpSettings const settings;
  RttEstimator rtt(settings);
  rtt.sample(400ms);
  EXPECT_EQ(rtt.srtt(), Duration{400ms});
  EXPECT_EQ(rtt.variance(), Duration{200ms});
  EXPECT_EQ(rtt.rto(), Duration{1200ms});
  rtt.sample(800ms);
  EXPECT_EQ(rtt.variance(), Duration{250ms});
  EXPECT_EQ(rtt.srtt(), Duration{450ms});
  EXPECT_EQ(rtt.rto(), Duration{1450ms});
}

TEST(Rfc6298, RO06_BackoffDoublesUpToTwoMinutesAndASampleEndsIt) {
  TcpSettings const settings;
  RttEstimator rtt(settings);
  rtt.sample(100us);
  EXPECT_EQ(rtt.rto(), Duration{200ms} + 100us);
  rtt.back_off();
  EXPECT_EQ(rtt.rto(), 2 * (Duration{200ms} + 100us));
  for (int i = 0; i < 100; ++i) rtt.back_off();
  EXPECT_EQ(rtt.rto(), Duration{120s});
  rtt.sample(100us);
  EXPECT_LT(rtt.rto(), Duration{201ms});
}

TEST(NewReno, GrowsByAboutOneSegmentARoundTripInAvoidance) {
  NewReno reno(1'000'000);
  reno.start(1000, 10'000);
  reno.on_recovery_start(10'000, {});
  reno.on_recovery_end(9000);
  EXPECT_EQ(reno.window(), 5000u);
  for (int i = 0; i < 4; ++i) reno.on_ack({.acked = 1000, .flight_before = 5000});
  EXPECT_EQ(reno.window(), 5000u);
  reno.on_ack({.acked = 1000, .flight_before = 5000});
  EXPECT_EQ(reno.window(), 6000u);
}

TEST(NewReno, OnlyTheFirstTimeoutForTheSameDataLowersTheThreshold) {
  NewReno reno(1'000'000);
  reno.start(1000, 10'000);
  reno.on_timeout(10'000, true, {});
  reno.on_timeout(4000, false, {});
  EXPECT_EQ(reno.slow_start_threshold(), 5000u);
  EXPECT_EQ(reno.window(), 1000u);
}

TEST(NewReno, NeverFallsBelowTwoSegmentsOfThresholdOrOneOfWindow) {
  NewReno reno(1'000'000);
  reno.start(1000, 10'000);
  reno.on_timeout(1000, true, {});
  EXPECT_EQ(reno.slow_start_threshold(), 2000u);
  EXPECT_EQ(reno.window(), 1000u);
  reno.on_recovery_start(1000, {});
  reno.on_recovery_partial(50'000);
  EXPECT_GE(reno.window(), 1000u);
}

TEST(Timer, PuttingOffCostsNoNewTimerAndStoppingLeavesNone) {
  VirtualExecutor executor;
  int fired = 0;
  Timer timer(executor, [&] { ++fired; });
  timer.start(10ms);
  executor.run_for(5ms);
  timer.start(10ms);
  EXPECT_EQ(executor.timers(), 1u);
  executor.run_for(9ms);
  EXPECT_EQ(fired, 0);
  executor.run_for(1ms);
  EXPECT_EQ(fired, 1);
  EXPECT_FALSE(timer.running());
  timer.start(10ms);
  timer.start(1ms);
  executor.run_for(1ms);
  EXPECT_EQ(fired, 2);
  timer.start(1ms);
  timer.stop();
  EXPECT_TRUE(executor.idle());
}

TEST(Timer, StoppedBetweenItsTimeAndItsTurnDoesNotFire) {
  VirtualExecutor executor;
  int fired = 0;
  auto timer = std::make_unique<Timer>(executor, [&] { ++fired; });
  // Both are due at once: the first to run ends the second, which waits in the queue already.
  executor.run_at(executor.now() + Duration{1ms}, Context::Interrupt, [&] { timer.reset(); });
  timer->start(1ms);
  executor.run_for(1s);
  EXPECT_EQ(fired, 0);
}

}  // namespace
}  // namespace ringside::stack
