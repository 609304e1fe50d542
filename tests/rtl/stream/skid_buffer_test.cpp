#include <gtest/gtest.h>

#include "Vskid_buffer.h"
#include "tests/rtl/stream/stream_bench.hpp"

namespace ringside::test {
namespace {

constexpr std::uint64_t kSeed = 0x5C1D;

TEST(SkidBuffer, KeepsOrderOverGapsAndBackPressure) {
  StreamBench<Vskid_buffer> bench(kSeed);
  for (double const offer : {0.1, 0.5, 1.0}) {
    for (double const accept : {0.1, 0.5, 1.0}) {
      auto const run = bench.run(2000, offer, accept);
      EXPECT_EQ(run.received, run.sent) << "seed " << kSeed << ' ' << offer << ' ' << accept;
      EXPECT_EQ(run.received.size(), 2000U) << "seed " << kSeed << ' ' << offer << ' ' << accept;
    }
  }
}

TEST(SkidBuffer, MovesABeatEveryCycle) {
  StreamBench<Vskid_buffer> bench(kSeed);
  EXPECT_LE(bench.run(1000, 1.0, 1.0).cycles, 1001U);
}

TEST(SkidBuffer, DoesNotPassReadyThroughInTheSameCycle) {
  StreamBench<Vskid_buffer> bench(kSeed);
  auto ready_o = [&](bool ready_i) {
    bench.block->ready_i = ready_i;
    bench.block->clk_i = 0;
    bench.block->eval();
    return bench.block->ready_o != 0;
  };
  bench.block->valid_i = 1;
  int taken = 0;
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(ready_o(false), ready_o(true));
    taken += ready_o(false);
    bench.clock();
  }
  EXPECT_EQ(taken, 2);
}

}  // namespace
}  // namespace ringside::test
