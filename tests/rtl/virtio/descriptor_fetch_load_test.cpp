// Line rate with the latency of real hosts, and resets at any moment.
#include <gtest/gtest.h>

#include "tests/rtl/virtio/fetch_bench.hpp"
#include "tests/rtl/virtio/fetch_expectation.hpp"

namespace ringside::testbench {
namespace {

constexpr std::uint64_t kSeed = 0x5EED0005;
constexpr int kReceive = 0;
constexpr int kTransmit = 1;
// A round trip of 110 cycles is 700 ns.
constexpr Timing kFar{110, 110, 0, 0};

TEST(DescriptorFetch, KeepsUpWithLineRateOfBothQueuesAtOnce) {
  // Every consumer takes one element in 5.25 cycles: 64-byte frames with two elements each.
  FetchBench bench(kSeed, kFar);
  bench.configure(256, 256);
  constexpr std::uint64_t kElements = 4000;
  std::uint64_t posted[2] = {};
  std::uint64_t taken[2] = {};
  std::uint64_t cycles = 0;
  auto refill = [&](int queue) {
    auto& driver = bench.driver(queue);
    if (driver.free() < 32) return;
    for (int i = 0; i < 32; ++i) driver.post({{posted[queue]++, 64, queue == kReceive}}, 0);
    bench.notify(queue);
  };
  // As much as a round trip and the ramp take at the start.
  std::uint64_t const limit = kElements * 21 / 8 + 3 * 110;
  for (; taken[0] + taken[1] < kElements && cycles < 2 * limit; ++cycles) {
    for (int queue = 0; queue < 2; ++queue) {
      refill(queue);
      if (!bench.valid(queue)) continue;
      ASSERT_EQ(bench.element(queue).addr, taken[queue]);
      if (cycles * 4 / 21 <= taken[queue]) continue;
      bench.take(queue);
      bench.commit(queue);
      ++taken[queue];
      bench.driver(queue).use();
    }
    bench.cycle();
  }
  RecordProperty("cycles", static_cast<int>(cycles));
  EXPECT_LE(cycles, limit);
}

TEST(DescriptorFetch, SustainsADescriptorInTwoCycles) {
  FetchBench bench(kSeed, kFar);
  bench.configure(256, 256);
  std::uint64_t posted[2] = {};
  int taken = 0;
  std::uint64_t cycles = 0;
  for (; taken < 4000 && cycles < 20000; ++cycles) {
    for (int queue = 0; queue < 2; ++queue) {
      auto& driver = bench.driver(queue);
      if (driver.free() >= 64) {
        while (driver.free() > 0) driver.post({{posted[queue]++, 64, queue == kReceive}}, 0);
        bench.notify(queue);
      }
      if (!bench.valid(queue)) continue;
      bench.take(queue);
      bench.commit(queue);
      driver.use();
      ++taken;
    }
    bench.cycle();
  }
  RecordProperty("cycles", static_cast<int>(cycles));
  EXPECT_LE(cycles, 2 * 4000U);
}

TEST(DescriptorFetch, IsEmptyAndInitialAfterAFlush) {
  for (int moment = 1; moment < 400; moment += 7) {
    FetchBench bench(kSeed + static_cast<std::uint64_t>(moment), Timing{5, 60, 0.2, 0.3});
    bench.configure(7, 5);
    auto fill = [&](int queue) {
      bench.driver(queue).post({{0x100, 1, true}, {0x200, 2, true}}, 3);
      for (auto& element : bench.driver(queue).expected()) element.write = true;
      bench.driver(queue).post_indirect({{0x300, 3, false}, {0x400, 4, false}}, 4,
                                        FetchBench::kTables + 0x1000 * queue + 5);
      bench.notify(queue);
    };
    fill(kReceive);
    fill(kTransmit);
    bench.cycles(moment);
    bench.set_live(false);
    bench.begin_flush();
    ASSERT_TRUE(bench.wait([&] { return bench.drained(); })) << moment;
    ASSERT_TRUE(bench.reads().idle());
    bench.cycle();
    bench.end_flush();
    bench.set_up(3, 6);
    bench.set_live(true);
    EXPECT_TRUE(bench.empty(kReceive) && bench.empty(kTransmit));
    bench.driver(kReceive).post({{0x500, 5, true}, {0x600, 6, true}}, 1);
    bench.driver(kTransmit).post_indirect({{0x700, 7, false}, {0x800, 8, false}}, 2,
                                          FetchBench::kTables);
    bench.notify(kReceive);
    bench.notify(kTransmit);
    expect_posted(bench, kReceive);
    expect_posted(bench, kTransmit);
  }
}

}  // namespace
}  // namespace ringside::testbench
