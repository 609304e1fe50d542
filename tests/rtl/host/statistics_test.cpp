// Counters: nothing that happens is lost or counted twice, whatever comes in the same cycle, and
// two halves read one after the other make one number.
#include <gtest/gtest.h>

#include "interface/base/random.hpp"
#include "tests/rtl/host/registers_bench.hpp"

namespace ringside::testbench {
namespace {

using namespace layout;

constexpr std::uint64_t kSeed = 0x5354'4154;
constexpr unsigned kCounters = kStatistics.size();
constexpr unsigned kTxOctets = find(kStatistics, "tx_octets").offset / 8;
constexpr unsigned kRxOctets = find(kStatistics, "rx_octets").offset / 8;
constexpr unsigned kInterrupts = find(kStatistics, "interrupts").offset / 8;
constexpr unsigned kLocalFaults = find(kStatistics, "local_faults").offset / 8;
constexpr unsigned kTransitions = find(kStatistics, "link_transitions").offset / 8;
// From here on a counter is pulsed no more often than frames come.
constexpr unsigned kFrameCounters = find(kStatistics, "rx_broadcast").offset / 8;
constexpr std::uint64_t kAll = (std::uint64_t{1} << kCounters) - 1;
constexpr std::uint64_t kEveryCycle = (std::uint64_t{1} << kFrameCounters) - 1;
// Those that are pulsed from inside.
constexpr std::uint64_t kInner = std::uint64_t{1} << kInterrupts | std::uint64_t{1} << kTransitions;

using Counters = std::array<std::uint64_t, kCounters>;

void pulse(RegistersBench& bench, std::uint64_t which, std::uint16_t tx_octets = 0,
           std::uint16_t rx_octets = 0) {
  bench.pins().increment_i = which;
  bench.pins().tx_octets_i = tx_octets;
  bench.pins().rx_octets_i = rx_octets;
  bench.tick();
  bench.pins().increment_i = 0;
}

Counters read_all(RegistersBench& bench) {
  Counters all;
  for (unsigned i = 0; i < kCounters; ++i) all[i] = bench.read(kStatisticsBlock.offset + 8 * i, 8);
  return all;
}

TEST(Statistics, CountEveryPulseHoweverManyComeTogether) {
  SCOPED_TRACE(kSeed);
  Random random(kSeed);
  RegistersBench bench;
  bench.check_quiescence = false;
  Counters expected{};
  for (int i = 0; i < 4000; ++i) {
    // Bursts of all, floods of one, silence.
    auto which = random.next() & kEveryCycle;
    if (i % 64 < 32) which &= random.next() & random.next();
    if (i % 500 > 400) which = kEveryCycle;
    // A frame in each direction, and all that is said of it.
    for (std::uint64_t n = 0; i % 10 == 0 && n < (i % 500 > 400 ? 3 : 8); ++n) {
      which |= std::uint64_t{1} << (kFrameCounters + random.below(kCounters - kFrameCounters));
    }
    which &= ~kInner;
    auto const tx = static_cast<std::uint16_t>(random.below(1523));
    auto const rx = static_cast<std::uint16_t>(random.below(1523));
    pulse(bench, which, tx, rx);
    for (unsigned c = 0; c < kCounters; ++c) {
      std::uint64_t const amount = c == kTxOctets ? tx : c == kRxOctets ? rx : 1;
      if ((which >> c & 1) != 0) expected[c] += amount;
    }
    if (i % 700 == 699) {
      ASSERT_EQ(read_all(bench), expected) << i;
    }
  }
  EXPECT_EQ(read_all(bench), expected);
}

TEST(Statistics, AreExactAtTheVeryMomentOfARead) {
  RegistersBench bench;
  for (unsigned c = 0; c < kCounters; ++c) {
    if ((kInner >> c & 1) == 0) pulse(bench, std::uint64_t{1} << c, 100, 200);
  }
  // No time to settle between the pulse and the read.
  pulse(bench, kEveryCycle | std::uint64_t{1} << kFrameCounters, 1, 2);
  EXPECT_EQ(bench.read(kStatisticsBlock.offset + 8 * kTxOctets, 8), 101U);
  EXPECT_EQ(bench.read(kStatisticsBlock.offset + 8 * kRxOctets, 8), 202U);
  EXPECT_EQ(bench.read(kStatisticsBlock.offset + 8 * (kFrameCounters - 1), 8), 2U);
  EXPECT_EQ(bench.read(kStatisticsBlock.offset + 8 * kFrameCounters, 8), 2U);
}

// Eight bits of frames wait when the link comes up, and two cycles later it goes down again.
TEST(Statistics, LoseNoChangeOfALinkThatIsUpForAMoment) {
  RegistersBench bench;
  bench.check_quiescence = false;
  bench.pins().link_up_i = 0;
  bench.tick(20);
  std::uint64_t const before = bench.read(kStatisticsBlock.offset + 8 * kTransitions, 8);
  for (unsigned cycles_up = 1; cycles_up <= 4; ++cycles_up) {
    bench.pins().link_up_i = 1;
    pulse(bench, std::uint64_t{0xFF} << kFrameCounters);
    bench.tick(cycles_up);
    bench.pins().link_up_i = 0;
    bench.tick(40);
  }
  EXPECT_EQ(bench.read(kStatisticsBlock.offset + 8 * kTransitions, 8), before + 8);
}

// As fast as four ordered sets of one kind after four of the other allow.
TEST(Statistics, LoseNoFaultOfALineThatAlternates) {
  RegistersBench bench;
  bench.check_quiescence = false;
  constexpr unsigned kTurns = 8;
  for (unsigned turn = 0; turn < 2 * kTurns; ++turn) {
    std::uint64_t const frames = turn == 0 ? std::uint64_t{0xFF} << kFrameCounters : 0;
    pulse(bench, frames | std::uint64_t{1} << (kLocalFaults + turn % 2));
    bench.tick();
  }
  for (unsigned fault : {kLocalFaults, kLocalFaults + 1}) {
    EXPECT_EQ(bench.read(kStatisticsBlock.offset + 8 * fault, 8), kTurns) << fault;
  }
  EXPECT_EQ(bench.read(kStatisticsBlock.offset + 8 * kFrameCounters, 8), 1U);
}

TEST(Statistics, CarryIntoTheUpperHalfWithoutTearingAReadInTwo) {
  RegistersBench bench;
  bench.check_quiescence = false;
  std::uint32_t const low = kStatisticsBlock.offset + 8 * kTxOctets;
  std::uint64_t total = 0;
  auto add = [&](std::uint16_t octets) {
    pulse(bench, 1U << kTxOctets, octets);
    bench.tick(2);
    total += octets;
  };
  while (total + 0xFFFF <= 0xFFFF'FFFF) add(0xFFFF);
  add(static_cast<std::uint16_t>(0xFFFF'FFFF - total));
  EXPECT_EQ(bench.read_word(low), 0xFFFF'FFFFU);
  add(1);
  EXPECT_EQ(bench.read_word(low + 4), 0U) << "the upper half as it was with the lower";
  EXPECT_EQ(bench.read_word(low + 4), 1U) << "alone, it is as it is now";
  EXPECT_EQ(bench.read(low, 8), total);
  // What is held belongs to the counter that was read, and to no other.
  EXPECT_EQ(bench.read_word(low), 0U);
  EXPECT_EQ(bench.read_word(kStatisticsBlock.offset + 8 * kRxOctets + 4), 0U);
}

TEST(Statistics, SurviveAVirtioResetAndNotAHardwareReset) {
  RegistersBench bench;
  bench.go_live();
  pulse(bench, 1);
  bench.set_common("device_status", 0);
  ASSERT_TRUE(bench.reset_ends());
  EXPECT_EQ(bench.read(kStatisticsBlock.offset, 8), 1U);
  bench.pins().rst_i = 1;
  bench.tick();
  bench.pins().rst_i = 0;
  EXPECT_EQ(read_all(bench), Counters{});
  pulse(bench, 1);
  EXPECT_EQ(bench.read(kStatisticsBlock.offset, 8), 1U);
}

}  // namespace
}  // namespace ringside::testbench
