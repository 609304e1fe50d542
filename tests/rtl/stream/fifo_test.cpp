#include <gtest/gtest.h>

#include "Vfifo.h"
#include "tests/rtl/stream/stream_bench.hpp"

namespace ringside::test {
namespace {

constexpr std::uint64_t kSeed = 0xF1F0;
constexpr std::size_t kDepth = 8;

TEST(Fifo, KeepsOrderOverGapsAndBackPressure) {
  StreamBench<Vfifo> bench(kSeed);
  for (double const offer : {0.1, 0.5, 1.0}) {
    for (double const accept : {0.1, 0.5, 1.0}) {
      auto const run = bench.run(2000, offer, accept);
      EXPECT_EQ(run.received, run.sent) << "seed " << kSeed << ' ' << offer << ' ' << accept;
      EXPECT_EQ(run.received.size(), 2000U) << "seed " << kSeed << ' ' << offer << ' ' << accept;
    }
  }
}

TEST(Fifo, MovesABeatEveryCycle) {
  StreamBench<Vfifo> bench(kSeed);
  EXPECT_LE(bench.run(1000, 1.0, 1.0).cycles, 1002U);
}

TEST(Fifo, HoldsItsDepthAndOneMore) {
  StreamBench<Vfifo> bench(kSeed);
  bench.block->valid_i = 1;
  std::size_t taken = 0;
  for (int i = 0; i < 50; ++i) {
    bench.block->clk_i = 0;
    bench.block->eval();
    taken += bench.block->ready_o;
    bench.clock();
  }
  EXPECT_EQ(taken, kDepth + 1);
}

TEST(Fifo, IsQuiescentWhenNothingCanMove) {
  StreamBench<Vfifo> bench(kSeed);
  auto quiescent = [&] {
    bench.block->clk_i = 0;
    bench.block->eval();
    return bench.block->quiescent_o != 0;
  };
  EXPECT_TRUE(quiescent());
  bench.block->valid_i = 1;
  EXPECT_FALSE(quiescent());
  bench.clock();
  bench.block->valid_i = 0;
  EXPECT_FALSE(quiescent());  // the beat is on its way from the memory to the output
  bench.clock();
  EXPECT_TRUE(quiescent());  // and waits there
  bench.block->ready_i = 1;
  EXPECT_FALSE(quiescent());
}

}  // namespace
}  // namespace ringside::test
