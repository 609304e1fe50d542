#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

#include "interface/base/random.hpp"
#include "tests/rtl/ethernet/fcs_vectors.hpp"
#include "tests/rtl/ethernet/tx_bench.hpp"

namespace ringside::test {
namespace {

// Lane of the start, gap behind, deficit behind: how V35 states a sequence.
using Step = std::tuple<std::size_t, std::size_t, int>;

Frame random_frame(Random& random, std::size_t size) {
  Frame frame(size);
  for (auto& byte : frame) byte = static_cast<std::uint8_t>(random.next());
  return frame;
}

// The words from the first that is not idle to the last that is not.
std::vector<XgmiiWord> without_idles(std::vector<XgmiiWord> const& words) {
  auto const busy = [](XgmiiWord const& word) { return word != XgmiiWord{}; };
  auto const from = std::find_if(words.begin(), words.end(), busy);
  auto const to = std::find_if(words.rbegin(), words.rend(), busy).base();
  return from < to ? std::vector<XgmiiWord>(from, to) : std::vector<XgmiiWord>{};
}

TEST(MacTx, SendsTheWordsOfVector31FromLane0) {
  TxBench bench;
  bench.send(arp_request());
  bench.drain();
  std::vector<XgmiiWord> const expected = {{0xD5555555555555FB, 0x01}, {0x0002FFFFFFFFFFFF, 0x00},
                                           {0x0100060801000000, 0x00}, {0x0002010004060008, 0x00},
                                           {0x0100000A01000000, 0x00}, {0x000A000000000000, 0x00},
                                           {0x0000000000000200, 0x00}, {0x0000000000000000, 0x00},
                                           {0xF84D6FE800000000, 0x00}, {0x07070707070707FD, 0xFF}};
  EXPECT_EQ(without_idles(bench.words), expected);
}

TEST(MacTx, SendsTheWordsOfVector32FromLane4) {
  TxBench bench;
  bench.send(Frame(60, 0));  // a frame of 64 bytes at the earliest moment puts the next into lane 4
  bench.send(arp_request());
  bench.drain();
  std::vector<XgmiiWord> const expected = {{0x555555FB07070707, 0x1F}, {0xFFFFFFFFD5555555, 0x00},
                                           {0x010000000002FFFF, 0x00}, {0x0406000801000608, 0x00},
                                           {0x0100000000020100, 0x00}, {0x000000000100000A, 0x00},
                                           {0x00000200000A0000, 0x00}, {0x0000000000000000, 0x00},
                                           {0x0000000000000000, 0x00}, {0x070707FDF84D6FE8, 0xF0}};
  auto words = without_idles(bench.words);
  ASSERT_GE(words.size(), expected.size());
  words.erase(words.begin(), words.end() - static_cast<std::ptrdiff_t>(expected.size()));
  EXPECT_EQ(words, expected);
}

TEST(MacTx, KeepsTheGapsOfVector35BackToBack) {
  std::vector<std::pair<std::size_t, std::vector<Step>>> const sequences = {
      {64, {{0, 12, 0}, {4, 12, 0}}},
      {65,
       {{0, 11, 1},
        {4, 11, 2},
        {0, 11, 3},
        {4, 15, 0},
        {4, 11, 1},
        {0, 11, 2},
        {4, 11, 3},
        {0, 15, 0}}},
      {66, {{0, 10, 2}, {4, 14, 0}, {4, 10, 2}, {0, 14, 0}}},
      {67,
       {{0, 9, 3},
        {4, 13, 2},
        {4, 13, 1},
        {4, 13, 0},
        {4, 9, 3},
        {0, 13, 2},
        {0, 13, 1},
        {0, 13, 0}}},
      {68, {{0, 12, 0}}},
      {1518, {{0, 10, 2}, {0, 14, 0}, {4, 10, 2}, {4, 14, 0}}},
  };
  for (auto const& [size, steps] : sequences) {
    TxBench bench;
    std::size_t const rounds = 3 * steps.size();
    for (std::size_t i = 0; i <= rounds; ++i) bench.send(counting(size - 4));
    bench.drain();
    auto const frames = frames_of(bench.words);
    ASSERT_EQ(frames.size(), rounds + 1);
    int deficit = 0;
    for (std::size_t i = 0; i < rounds; ++i) {
      auto const [lane, gap, deficit_after] = steps[i % steps.size()];
      EXPECT_EQ(frames[i].lane, lane) << size << " bytes, frame " << i;
      EXPECT_EQ(frames[i].gap, gap) << size << " bytes, frame " << i;
      deficit += 12 - static_cast<int>(frames[i].gap);
      EXPECT_EQ(deficit, deficit_after) << size << " bytes, frame " << i;
    }
  }
}

TEST(MacTx, SustainsLineRateAtEverySize) {
  for (std::size_t size = 14; size <= 1518; size += size < 140 ? 1 : 61) {
    TxBench bench;
    constexpr std::size_t kFrames = 17;
    for (std::size_t i = 0; i < kFrames; ++i) bench.send(Frame(size, 0x5A));
    bench.drain();
    auto const frames = frames_of(bench.words);
    ASSERT_EQ(frames.size(), kFrames) << size;
    // 16 frames are 16 times frame, preamble and gap of 12, but for the deficit of the moment.
    std::size_t gaps = 0;
    for (std::size_t i = 0; i + 1 < kFrames; ++i) gaps += frames[i].gap;
    EXPECT_LE(gaps, 12 * (kFrames - 1)) << size;
    EXPECT_GE(gaps + 3, 12 * (kFrames - 1)) << size;
  }
}

TEST(MacTx, FramesRandomTrafficExactly) {
  constexpr std::uint64_t kSeed = 0x7A11;
  Random random(kSeed);
  TxBench bench;
  std::vector<Frame> sent;
  for (int i = 0; i < 400; ++i) {
    std::size_t const size = 14 + (random.chance(0.7) ? random.below(120) : random.below(1505));
    sent.push_back(random_frame(random, size));
    bench.send(sent.back());
    std::uint64_t const pause = random.chance(0.5) ? 0 : random.below(40);
    for (std::uint64_t cycle = 0; cycle < pause; ++cycle) bench.cycle();
  }
  bench.drain();
  auto const frames = frames_of(bench.words);
  ASSERT_EQ(frames.size(), sent.size()) << "seed " << kSeed;
  ASSERT_EQ(bench.sent_octets.size(), sent.size()) << "seed " << kSeed;
  std::size_t total = 0;
  for (std::size_t i = 0; i < sent.size(); ++i) {
    EXPECT_TRUE(frames[i].well_formed) << "seed " << kSeed << " frame " << i;
    EXPECT_EQ(frames[i].bytes, with_fcs(padded(sent[i]))) << "seed " << kSeed << " frame " << i;
    EXPECT_EQ(bench.sent_octets[i], frames[i].bytes.size()) << "seed " << kSeed << " frame " << i;
    if (i + 1 == sent.size()) continue;
    EXPECT_GE(frames[i].gap, 9U) << "seed " << kSeed << " frame " << i;
    total += frames[i].gap;
    EXPECT_GE(total + 3, 12 * (i + 1)) << "seed " << kSeed << " frame " << i;
  }
}

TEST(MacTx, StartsInLane0WithoutDeficitAfterAPause) {
  TxBench bench;
  bench.send(counting(63));  // 67 on the wire: deficit 3, the next would be in lane 4
  bench.drain();
  for (int i = 0; i < 5; ++i) bench.cycle();
  bench.send(counting(63));
  bench.send(counting(63));
  bench.drain();
  auto const frames = frames_of(bench.words);
  ASSERT_EQ(frames.size(), 3U);
  EXPECT_EQ(frames[1].lane, 0U);
  EXPECT_EQ(frames[1].gap, 9U);
}

TEST(MacTx, IsQuiescentOnlyWhenTheLineRests) {
  TxBench bench;
  bench.cycle();
  EXPECT_TRUE(bench.quiescent);
  bench.send(counting(60));
  bench.cycle();
  EXPECT_FALSE(bench.quiescent);
  bench.drain();
  EXPECT_TRUE(bench.quiescent);
  std::size_t const from = bench.words.size() - 1;
  for (int i = 0; i < 20; ++i) bench.cycle();
  for (std::size_t i = from; i < bench.words.size(); ++i) EXPECT_EQ(bench.words[i], XgmiiWord{});
}

}  // namespace
}  // namespace ringside::test
