// When the driver is interrupted, if it wants to be: moderation (V90 to V99).
#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "tests/rtl/virtio/notify_bench.hpp"

namespace ringside::testbench {
namespace {

constexpr std::uint64_t kSeed = 0x5EED0006;
constexpr int kQueue = 0;
constexpr std::uint64_t kNs = 1000;
constexpr std::uint64_t kUs = 1000 * kNs;
// From a condition to the look: a register or two.
constexpr std::uint64_t kPipeline = 2 * NotifyBench::kCyclePs;

using Timeline = std::vector<std::pair<std::uint64_t, std::uint64_t>>;  // time, packets

void packets_at(NotifyBench& bench, std::vector<std::uint64_t> const& times) {
  for (std::uint64_t const time : times) {
    bench.run_until(time);
    ASSERT_EQ(bench.now(), time);
    bench.packet(kQueue);
    bench.cycle();
  }
}

void expect_interrupts(NotifyBench const& bench, Timeline const& expected) {
  ASSERT_EQ(bench.looks().size(), expected.size());
  ASSERT_EQ(bench.interrupts().size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_GE(bench.looks()[i].ps, expected[i].first) << i;
    EXPECT_LE(bench.looks()[i].ps, expected[i].first + kPipeline) << i;
    EXPECT_EQ(bench.looks()[i].packets, expected[i].second) << i;
    EXPECT_LE(bench.interrupts()[i].ps, expected[i].first + 20 * NotifyBench::kCyclePs);
  }
}

struct Vector {
  char const* name;
  std::uint32_t packets;
  std::uint64_t limit;
  std::vector<std::uint64_t> times;
  Timeline interrupts;
};

std::vector<std::uint64_t> every(std::uint64_t step, int count) {
  std::vector<std::uint64_t> times;
  for (int i = 0; i < count; ++i) times.push_back(step * static_cast<unsigned>(i));
  return times;
}

std::vector<Vector> vectors() {
  return {
      {"V90", 15, 10 * kUs, every(kUs, 4), {{10 * kUs, 4}}},
      {"V91", 15, 10 * kUs, every(500 * kNs, 20), {{7 * kUs, 15}, {17500 * kNs, 5}}},
      {"V92", 15, 10 * kUs, {0, 9900 * kNs, 10 * kUs, 10100 * kNs}, {{10 * kUs, 2}, {20 * kUs, 2}}},
      {"V93", 0, 10 * kUs, every(kUs, 3), {{0, 1}, {kUs, 1}, {2 * kUs, 1}}},
      {"V94", 15, 0, every(kUs, 3), {{0, 1}, {kUs, 1}, {2 * kUs, 1}}},
      {"V95", 4, 100 * kUs, every(1230400, 10), {{3691200, 4}, {8612800, 4}, {109843200, 2}}},
      {"V96", 1, 64 * kUs, {0, 50 * kUs}, {{0, 1}, {50 * kUs, 1}}},
  };
}

TEST(Moderation, InterruptsAsTheTimelinesTell) {  // V90 to V96
  for (bool skip : {false, true})
    for (auto const& vector : vectors()) {
      SCOPED_TRACE(testing::Message() << vector.name << (skip ? " with skipping" : ""));
      NotifyBench bench(kSeed);
      bench.skip_quiescent(skip);
      bench.moderate(kQueue, vector.packets, vector.limit);
      packets_at(bench, vector.times);
      bench.run_until(200 * kUs);
      expect_interrupts(bench, vector.interrupts);
      EXPECT_TRUE(!skip || bench.evaluated() < 400);
    }
}

TEST(Moderation, JudgesCountedPacketsByANewCountAtOnce) {  // V97
  NotifyBench bench(kSeed);
  bench.moderate(kQueue, 15, 1000 * kUs);
  packets_at(bench, every(kUs, 10));
  bench.run_until(20 * kUs);
  bench.moderate(kQueue, 8, 1000 * kUs);
  bench.run_until(100 * kUs);
  expect_interrupts(bench, {{20 * kUs, 10}});
}

TEST(Moderation, KeepsTheElapsedTimeWhenTheLimitChanges) {  // V98
  for (auto const& [limit, at] : Timeline{{30 * kUs, 40 * kUs}, {60 * kUs, 60 * kUs}}) {
    NotifyBench bench(kSeed);
    bench.moderate(kQueue, 15, 100 * kUs);
    packets_at(bench, {0});
    bench.run_until(40 * kUs);
    bench.moderate(kQueue, 15, limit);
    bench.run_until(200 * kUs);
    expect_interrupts(bench, {{at, 1}});
  }
}

TEST(Moderation, EndsAtOnceWhenItIsTurnedOff) {
  for (bool packets_zero : {false, true}) {
    NotifyBench bench(kSeed);
    bench.moderate(kQueue, 15, 100 * kUs);
    packets_at(bench, {0, kUs});
    bench.run_until(7 * kUs);
    bench.moderate(kQueue, packets_zero ? 0 : 15, packets_zero ? 100 * kUs : 0);
    bench.run_until(200 * kUs);
    expect_interrupts(bench, {{7 * kUs, 2}});
  }
}

TEST(Moderation, ForgetsWhatTheDriverDidNotWantToHear) {  // V99
  NotifyBench bench(kSeed);
  bench.moderate(kQueue, 15, 10 * kUs);
  packets_at(bench, every(kUs, 4));
  bench.run_until(5 * kUs);
  bench.set_area(kQueue, NotifyBench::kDisable);
  bench.run_until(50 * kUs);
  EXPECT_TRUE(bench.interrupts().empty());
  EXPECT_EQ(bench.looks().size(), 1U);
  bench.set_area(kQueue, NotifyBench::kEnable);
  packets_at(bench, {60 * kUs});
  bench.run_until(100 * kUs);
  ASSERT_EQ(bench.interrupts().size(), 1U);
  EXPECT_EQ(bench.looks()[1].packets, 1U);
  EXPECT_GE(bench.interrupts()[0].ps, 70 * kUs);
  EXPECT_LE(bench.interrupts()[0].ps, 70 * kUs + 20 * NotifyBench::kCyclePs);
}

TEST(Moderation, TellsTheEarliestDeadline) {
  NotifyBench bench(kSeed);
  EXPECT_EQ(bench.deadline(), NotifyBench::kNone);
  bench.moderate(0, 15, 30 * kUs);
  bench.moderate(1, 15, 10 * kUs);
  bench.packet(0);
  bench.cycle();
  EXPECT_EQ(bench.deadline(), 30 * kUs);
  bench.run_until(8 * kUs);
  bench.packet(1);
  bench.cycle();
  EXPECT_EQ(bench.deadline(), 18 * kUs);
  bench.run_until(18 * kUs);
  bench.settle();
  EXPECT_EQ(bench.deadline(), 30 * kUs);
  bench.set_live(false);
  bench.cycle();
  EXPECT_EQ(bench.deadline(), NotifyBench::kNone);
}

}  // namespace
}  // namespace ringside::testbench
