// Transmit into receive: what one half puts on the wire the other takes off it.
#include <gtest/gtest.h>

#include "interface/base/random.hpp"
#include "tests/rtl/ethernet/rx_bench.hpp"
#include "tests/rtl/ethernet/tx_bench.hpp"

namespace ringside::test {
namespace {

constexpr std::uint64_t kSeed = 0x10095;

struct Loopback {
  void cycle() {
    tx.cycle();
    rx.cycle(tx.words.back());
    tx.words.clear();
  }
  void drain() {
    tx.quiescent = false;
    for (int i = 0; i < 1'000'000 && !(tx.quiescent && rx.quiescent); ++i) cycle();
  }
  TxBench tx;
  RxBench rx;
};

Frame random_frame(Random& random) {
  Frame frame(14 + (random.chance(0.8) ? random.below(150) : random.below(1501)));
  for (auto& byte : frame) byte = static_cast<std::uint8_t>(random.next());
  // A tag would allow four bytes more.
  if (frame[12] == 0x81) frame[12] = 0x08;
  return frame;
}

void run(double pause_probability, int frames) {
  Random random(kSeed);
  Loopback loop;
  std::vector<Frame> sent;
  for (int i = 0; i < frames; ++i) {
    sent.push_back(padded(random_frame(random)));
    loop.tx.send(sent.back());
    if (!random.chance(pause_probability)) continue;
    for (std::uint64_t pause = random.below(60); pause > 0; --pause) loop.cycle();
  }
  loop.drain();
  ASSERT_EQ(loop.rx.good.size(), sent.size()) << "seed " << kSeed;
  for (std::size_t i = 0; i < sent.size(); ++i) {
    EXPECT_EQ(loop.rx.good[i], sent[i]) << "seed " << kSeed << " frame " << i;
    EXPECT_EQ(loop.rx.octets[i], sent[i].size() + 4) << "seed " << kSeed << " frame " << i;
  }
  EXPECT_EQ(loop.rx.counts.total(), frames) << "seed " << kSeed;
  EXPECT_EQ(loop.tx.sent_octets, loop.rx.octets) << "seed " << kSeed;
  EXPECT_TRUE(loop.rx.sound) << "seed " << kSeed;
}

TEST(MacLoopback, CarriesRandomFramesBackToBack) { run(0.0, 1500); }

TEST(MacLoopback, CarriesRandomFramesWithPauses) { run(0.5, 1500); }

TEST(MacLoopback, CarriesEverySizeInBothLanes) {
  Loopback loop;
  std::vector<Frame> sent;
  for (std::size_t size = 14; size <= 1514; ++size) {
    for (int twice = 0; twice < 2; ++twice) {
      Frame frame(size, static_cast<std::uint8_t>(size));
      frame[12] = 0x08;
      loop.tx.send(frame);
      sent.push_back(padded(frame));
    }
  }
  loop.drain();
  EXPECT_EQ(loop.rx.good, sent);
  EXPECT_EQ(loop.rx.counts[RxEvent::Frames], static_cast<int>(sent.size()));
}

// Random characters for random characters: whatever the line does, reports and verdicts agree, and
// only frames that were sent come out.
TEST(MacLoopback, NeverDeliversADamagedFrame) {
  Random random(kSeed);
  Loopback loop;
  std::vector<Frame> sent;
  for (int i = 0; i < 3000; ++i) {
    sent.push_back(padded(random_frame(random)));
    loop.tx.send(sent.back());
  }
  std::size_t cycles = 0;
  while (!(cycles > 100 && loop.tx.quiescent && loop.rx.quiescent) && cycles < 1'000'000) {
    loop.tx.cycle();
    XgmiiWord word = loop.tx.words.back();
    loop.tx.words.clear();
    if (random.chance(0.02)) {
      auto const lane = random.below(8);
      static constexpr std::uint8_t kValues[] = {0x07, 0xFB, 0xFD, 0xFE, 0x9C, 0x55, 0xD5, 0x00};
      word.data ^= std::uint64_t{kValues[random.below(8)]} << (8 * lane);
      if (random.chance(0.5)) word.control ^= static_cast<std::uint8_t>(1U << lane);
    }
    loop.rx.cycle(word);
    ++cycles;
  }
  EXPECT_EQ(loop.rx.counts[RxEvent::Frames], static_cast<int>(loop.rx.good.size()));
  EXPECT_GT(loop.rx.good.size(), 500U) << "seed " << kSeed;
  EXPECT_GT(loop.rx.counts[RxEvent::FcsErrors], 20) << "seed " << kSeed;
  EXPECT_GT(loop.rx.counts[RxEvent::SymbolErrors], 20) << "seed " << kSeed;
  EXPECT_GT(loop.rx.counts[RxEvent::FramingErrors], 20) << "seed " << kSeed;
  EXPECT_TRUE(loop.rx.sound) << "seed " << kSeed;
  std::size_t next = 0;
  for (auto const& frame : loop.rx.good) {
    while (next < sent.size() && sent[next] != frame) ++next;
    ASSERT_LT(next, sent.size()) << "seed " << kSeed << ": a frame that nobody sent";
    ++next;
  }
}

}  // namespace
}  // namespace ringside::test
