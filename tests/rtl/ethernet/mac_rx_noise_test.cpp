// A line on which nothing is as it should be. Whatever came, it is over with an idle column, and
// the next good frame is received.
#include <gtest/gtest.h>

#include "interface/base/random.hpp"
#include "tests/rtl/ethernet/fcs_vectors.hpp"
#include "tests/rtl/ethernet/rx_bench.hpp"

namespace ringside::test {
namespace {

constexpr XgmiiWord kLocalFault{0x0100009C0100009C, 0x11};
constexpr XgmiiWord kRemoteFault{0x0200009C0200009C, 0x11};
constexpr XgmiiWord kErrors{0xFEFEFEFEFEFEFEFE, 0xFF};

void expect_next_frame(RxBench& bench) {
  auto const before = bench.good.size();
  bench.drain();
  XgmiiLine line;
  line.frame(with_fcs(arp_request()));
  bench.receive(line);
  ASSERT_EQ(bench.good.size(), before + 1);
  EXPECT_EQ(bench.good.back(), arp_request());
  EXPECT_TRUE(bench.sound);
}

TEST(MacRxInNoise, CountsNothingOfAStormOfErrorCharacters) {
  RxBench bench;
  for (int i = 0; i < 500; ++i) bench.cycle(kErrors);
  ASSERT_NO_FATAL_FAILURE(expect_next_frame(bench));
  EXPECT_EQ(bench.counts.total(), 1);
}

TEST(MacRxInNoise, CountsOneFrameThatAStormFallsUpon) {
  RxBench bench;
  bench.cycle({0xD5555555555555FB, 0x01});
  for (int i = 0; i < 500; ++i) bench.cycle(kErrors);
  ASSERT_NO_FATAL_FAILURE(expect_next_frame(bench));
  EXPECT_EQ(bench.counts[RxEvent::SymbolErrors], 1);
  EXPECT_EQ(bench.counts.total(), 2);
}

TEST(MacRxInNoise, ReceivesWhateverTheLinkSaysBetweenFrames) {
  RxBench bench;
  for (int i = 0; i < 20; ++i) {
    for (int j = 0; j < 3; ++j) bench.cycle(i % 2 == 0 ? kLocalFault : kRemoteFault);
    ASSERT_NO_FATAL_FAILURE(expect_next_frame(bench));
  }
  EXPECT_EQ(bench.counts.total(), 20);
}

TEST(MacRxInNoise, GivesUpAFrameWhenTheLinkFails) {
  RxBench bench;
  bench.cycle({0xD5555555555555FB, 0x01});
  for (int i = 0; i < 5; ++i) bench.cycle({0, 0});
  bench.cycle(kLocalFault);
  ASSERT_NO_FATAL_FAILURE(expect_next_frame(bench));
  EXPECT_EQ(bench.counts[RxEvent::FramingErrors], 1);
  EXPECT_EQ(bench.counts.total(), 2);
}

// What the limits of rtl/ethernet say: the first of two starts in a word is in no counter, and the
// second is the beginning of its frame all the same.
TEST(MacRxInNoise, BelievesTheSecondOfTwoStartsInAWord) {
  for (std::size_t const behind : {0U, 5U, 8U}) {
    RxBench bench;
    XgmiiLine line;
    if (behind > 0) {
      line.preamble();
      line.bytes(Frame(behind, 0x11));
      line.idle_to(0);
    }
    line.put(kStart);
    line.bytes(Frame(3, 0x55));
    line.frame(with_fcs(arp_request()));
    bench.receive(line);
    EXPECT_EQ(bench.good, std::vector<Frame>{arp_request()}) << behind;
    EXPECT_EQ(bench.counts.total(), behind > 0 ? 2 : 1) << behind;
  }
}

TEST(MacRxInNoise, FindsTheNextFrameBehindAnyWords) {
  constexpr std::uint64_t kSeed = 0x4015E;
  SCOPED_TRACE(testing::Message() << "seed " << kSeed);
  constexpr std::array<std::uint8_t, 10> kCharacters{0xFB, 0xFD, 0xFE, 0x07, 0x9C,
                                                     0x5C, 0x06, 0x55, 0xD5, 0x00};
  Random random(kSeed);
  RxBench bench;
  for (int round = 0; round < 3000; ++round) {
    for (auto words = random.below(12); words > 0; --words) {
      XgmiiWord word{random.next(), 0};
      for (unsigned lane = 0; lane < 8; ++lane) {
        if (random.chance(0.5)) continue;
        word.data &= ~(std::uint64_t{0xFF} << 8 * lane);
        word.data |= std::uint64_t{kCharacters[random.below(kCharacters.size())]} << 8 * lane;
        if (random.chance(0.7)) word.control |= static_cast<std::uint8_t>(1U << lane);
      }
      bench.cycle(word);
    }
    ASSERT_NO_FATAL_FAILURE(expect_next_frame(bench)) << "round " << round;
  }
  EXPECT_EQ(bench.counts[RxEvent::Frames], 3000) << "noise is no frame";
  EXPECT_GT(bench.counts[RxEvent::FramingErrors], 1000);
  EXPECT_GT(bench.counts[RxEvent::SymbolErrors], 0);
}

}  // namespace
}  // namespace ringside::test
