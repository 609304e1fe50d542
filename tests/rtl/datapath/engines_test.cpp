#include <gtest/gtest.h>

#include <tuple>
#include <utility>

#include "tests/rtl/datapath/engines_bench.hpp"

namespace ringside::testbench {
namespace {

constexpr std::uint64_t kSeed = 20250105;

// The same traffic with and without the edges that the quiescent output says are idle.
TEST(Engines, DoTheSameWhenQuiescentCyclesAreLeftOut) {
  auto const traffic = [](bool skip) {
    EnginesBench bench(kSeed);
    bench.skip = skip;
    bench.used_writes = true;
    bench.host.behaviour = {.read_latency = 90,
                            .read_spread = 30,
                            .write_latency = 40,
                            .address_pause = 0.1,
                            .data_pause = 0.1,
                            .interleave = true};
    for (unsigned i = 0; i < 3000; ++i) {
      if (bench.random.chance(0.005)) {
        std::uint32_t const len = 30 + static_cast<std::uint32_t>(bench.random.below(400));
        bench.tx_queue.push({0x9000u + bench.random.below(4096), len, 7, 1, false, true});
      }
      if (bench.random.chance(0.005)) {
        bench.rx_queue.push({0x70000u + bench.random.below(4096), 400, 9, 1, true, true});
      }
      if (bench.random.chance(0.004)) bench.rx_frames.emplace_back(60 + bench.random.below(800));
      bench.cycle();
    }
    return std::pair(
        std::tuple(bench.sent, bench.tx_used, bench.rx_used, bench.counts, bench.host.write_beats),
        bench.skipped_cycles);
  };
  auto const all = traffic(false);
  auto const skipping = traffic(true);
  EXPECT_EQ(all.first, skipping.first);
  EXPECT_GT(skipping.second, 1500u);
}

}  // namespace
}  // namespace ringside::testbench
