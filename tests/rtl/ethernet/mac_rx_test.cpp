#include <gtest/gtest.h>
#include <ranges>

#include "tests/rtl/ethernet/fcs_vectors.hpp"
#include "tests/rtl/ethernet/rx_bench.hpp"

namespace ringside::test {
namespace {

Frame tagged(std::size_t size) {
  Frame frame = counting(size);
  frame[12] = 0x81;
  frame[13] = 0x00;
  return frame;
}

Frame spoiled(Frame wire_bytes) {
  wire_bytes[wire_bytes.size() / 2] ^= 0x10;
  return wire_bytes;
}

// What one frame of `wire_bytes`, FCS included, starting in `lane`, leads to; a good frame follows,
// which must come through whatever the first was.
void expect_one(Frame const& wire_bytes, RxEvent event) {
  for (std::size_t const lane : {0U, 4U}) {
    RxBench bench;
    XgmiiLine line;
    line.idle(lane);
    line.frame(wire_bytes);
    line.idle(12);
    line.idle_to(0);
    line.frame(with_fcs(arp_request()));
    bench.receive(line);
    SCOPED_TRACE(testing::Message() << wire_bytes.size() << " bytes in lane " << lane);
    bool const is_good = event == RxEvent::Frames;
    EXPECT_EQ(bench.counts[event], is_good ? 2 : 1);
    EXPECT_EQ(bench.counts[RxEvent::Frames], is_good ? 2 : 1);
    EXPECT_EQ(bench.counts.total(), 2);
    ASSERT_EQ(bench.good.size(), is_good ? 2U : 1U);
    EXPECT_EQ(bench.good.back(), arp_request());
    if (is_good) {
      EXPECT_EQ(bench.good[0], Frame(wire_bytes.begin(), wire_bytes.end() - 4));
      EXPECT_EQ(bench.octets[0], wire_bytes.size());
    }
    EXPECT_TRUE(bench.sound);
  }
}

TEST(MacRx, TakesTheWordsOfVectors31And32) {
  std::vector<XgmiiWord> const lane0 = {{0xD5555555555555FB, 0x01}, {0x0002FFFFFFFFFFFF, 0x00},
                                        {0x0100060801000000, 0x00}, {0x0002010004060008, 0x00},
                                        {0x0100000A01000000, 0x00}, {0x000A000000000000, 0x00},
                                        {0x0000000000000200, 0x00}, {0x0000000000000000, 0x00},
                                        {0xF84D6FE800000000, 0x00}, {0x07070707070707FD, 0xFF}};
  std::vector<XgmiiWord> const lane4 = {{0x555555FB07070707, 0x1F}, {0xFFFFFFFFD5555555, 0x00},
                                        {0x010000000002FFFF, 0x00}, {0x0406000801000608, 0x00},
                                        {0x0100000000020100, 0x00}, {0x000000000100000A, 0x00},
                                        {0x00000200000A0000, 0x00}, {0x0000000000000000, 0x00},
                                        {0x0000000000000000, 0x00}, {0x070707FDF84D6FE8, 0xF0}};
  RxBench bench;
  bench.receive(lane0);
  bench.receive(lane4);
  bench.drain();
  EXPECT_EQ(bench.good, (std::vector<Frame>{arp_request(), arp_request()}));
  EXPECT_EQ(bench.counts.total(), 2);
}

TEST(MacRx, IgnoresOrderedSetsBetweenFrames) {
  RxBench bench;
  for (int i = 0; i < 9; ++i) bench.cycle({0x0100009C0100009C, 0x11});
  for (int i = 0; i < 9; ++i) bench.cycle({0x0200009C0200009C, 0x11});
  XgmiiLine line;
  line.frame(with_fcs(arp_request()));
  bench.receive(line);
  EXPECT_EQ(bench.good, std::vector<Frame>{arp_request()});
  EXPECT_EQ(bench.counts.total(), 1);
}

TEST(MacRx, TakesTheReferenceFrames) {
  for (auto const& vector : fcs_vectors()) {
    if (vector.frame.size() >= 60) expect_one(with_fcs(vector.frame), RxEvent::Frames);
  }
}

TEST(MacRx, TakesEverySizeInBothLanes) {
  for (std::size_t size = 60; size <= 90; ++size) {
    expect_one(with_fcs(counting(size)), RxEvent::Frames);
  }
  for (std::size_t size = 1500; size <= 1514; ++size) {
    expect_one(with_fcs(counting(size)), RxEvent::Frames);
  }
}

TEST(MacRx, CountsAWrongFcs) {
  for (std::size_t size = 60; size <= 70; ++size) {
    expect_one(spoiled(with_fcs(counting(size))), RxEvent::FcsErrors);
  }
  expect_one(spoiled(with_fcs(counting(1514))), RxEvent::FcsErrors);
}

TEST(MacRx, FindsAFlipOfEveryBit) {
  Frame const wire_bytes = with_fcs(arp_request());
  RxBench bench;
  for (std::size_t bit = 0; bit < 8 * wire_bytes.size(); ++bit) {
    Frame flipped = wire_bytes;
    flipped[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    XgmiiLine line;
    line.frame(flipped);
    bench.receive(line);
  }
  EXPECT_EQ(bench.counts[RxEvent::FcsErrors], 512);
  EXPECT_EQ(bench.counts.total(), 512);
  EXPECT_TRUE(bench.good.empty());
}

TEST(MacRx, CountsUndersizeAndFragments) {
  for (std::size_t size = 0; size < 60; ++size) {
    expect_one(with_fcs(counting(size)), RxEvent::Undersize);
    expect_one(spoiled(with_fcs(counting(size))), RxEvent::Fragments);
  }
  for (std::size_t size = 0; size < 4; ++size) expect_one(Frame(size, 0x42), RxEvent::Fragments);
}

TEST(MacRx, CountsOversizeAndJabbers) {
  for (std::size_t size : {1515U, 1516U, 1517U, 1518U, 1519U, 1530U, 2000U, 5000U, 20000U}) {
    expect_one(with_fcs(counting(size)), RxEvent::Oversize);
    expect_one(spoiled(with_fcs(counting(size))), RxEvent::Jabbers);
  }
}

TEST(MacRx, AllowsFourBytesMoreToATaggedFrame) {
  for (std::size_t size = 1515; size <= 1518; ++size) {
    expect_one(with_fcs(tagged(size)), RxEvent::Frames);
    expect_one(spoiled(with_fcs(tagged(size))), RxEvent::FcsErrors);
  }
  expect_one(with_fcs(tagged(1519)), RxEvent::Oversize);
  expect_one(spoiled(with_fcs(tagged(1519))), RxEvent::Jabbers);
}

TEST(MacRx, GivesOutNoMoreThanTheLongestFrame) {
  RxBench bench;
  XgmiiLine line;
  line.frame(with_fcs(counting(9000)));
  bench.receive(line);
  EXPECT_EQ(bench.bad, 1);
  EXPECT_LE(bench.stored, 1536U);
}

// Vector 34, for every lane: the frame is bad even when the FCS fits the character's byte.
TEST(MacRx, DropsAFrameWithAnErrorCharacterThoughItsFcsFits) {
  for (std::size_t at = 0; at < 64; ++at) {
    Frame frame = arp_request();
    if (at < 60) frame[at] = 0xFE;
    Frame const wire_bytes = with_fcs(frame);
    for (std::size_t const lane : {0U, 4U}) {
      RxBench bench;
      XgmiiLine line;
      line.idle(lane);
      std::size_t const body = line.size() + 8;
      line.frame(wire_bytes);
      line[body + at].control = true;
      if (at >= 60) line[body + at].value = 0xFE;
      bench.receive(line);
      EXPECT_EQ(bench.counts[RxEvent::SymbolErrors], 1) << "byte " << at << " lane " << lane;
      EXPECT_EQ(bench.counts.total(), 1) << "byte " << at << " lane " << lane;
      EXPECT_TRUE(bench.good.empty()) << "byte " << at << " lane " << lane;
    }
  }
}

TEST(MacRx, TakesReservedCharactersInAFrameForErrors) {
  for (std::uint8_t const value : {0x1C, 0x3C, 0x7C, 0xBC, 0xDC, 0xF7, 0x00}) {
    RxBench bench;
    XgmiiLine line;
    line.frame(with_fcs(arp_request()));
    line[30] = {value, true};
    bench.receive(line);
    EXPECT_EQ(bench.counts[RxEvent::SymbolErrors], 1) << int{value};
    EXPECT_EQ(bench.counts.total(), 1) << int{value};
  }
}

TEST(MacRx, EndsAFrameWithoutTerminateAtIdleOrOrderedSet) {
  for (std::uint8_t const value : {0x07, 0x06, 0x9C, 0x5C}) {
    for (std::size_t cut = 0; cut < 70; ++cut) {
      for (std::size_t const lane : {0U, 4U}) {
        RxBench bench;
        XgmiiLine line;
        line.idle(lane);
        line.preamble();
        line.bytes(Frame(cut, 0x33));
        line.put({value, true});
        line.idle(9);
        line.idle_to(4);
        line.frame(with_fcs(arp_request()));
        bench.receive(line);
        EXPECT_EQ(bench.counts[RxEvent::FramingErrors], 1) << int{value} << " behind " << cut;
        EXPECT_EQ(bench.counts.total(), 2) << int{value} << " behind " << cut;
        EXPECT_EQ(bench.good, std::vector<Frame>{arp_request()});
      }
    }
  }
}

TEST(MacRx, TakesAStartWithinAFrameForTheNextFrame) {
  for (std::size_t const lane : {0U, 4U}) {
    for (std::size_t cut = 0; cut < 80; cut += 4) {
      RxBench bench;
      XgmiiLine line;
      line.idle(lane);
      line.preamble();
      line.bytes(Frame(cut, 0x33));
      line.frame(with_fcs(arp_request()));
      bench.receive(line);
      EXPECT_EQ(bench.counts[RxEvent::FramingErrors], 1) << "behind " << cut;
      EXPECT_EQ(bench.counts.total(), 2) << "behind " << cut;
      EXPECT_EQ(bench.good, std::vector<Frame>{arp_request()}) << "behind " << cut;
    }
  }
}

TEST(MacRx, CountsAStartInAWrongLaneAndIgnoresWhatFollows) {
  for (std::size_t const lane : {1U, 2U, 3U, 5U, 6U, 7U}) {
    RxBench bench;
    XgmiiLine line;
    line.idle(lane);
    line.frame(with_fcs(arp_request()));
    line.idle(12);
    line.idle_to(4);
    line.frame(with_fcs(arp_request()));
    bench.receive(line);
    EXPECT_EQ(bench.counts[RxEvent::FramingErrors], 1) << lane;
    EXPECT_EQ(bench.counts.total(), 2) << lane;
    EXPECT_EQ(bench.good.size(), 1U) << lane;
  }
}

TEST(MacRx, CountsAMissingSfd) {
  for (std::size_t const lane : {0U, 4U}) {
    for (std::size_t broken = 1; broken < 8; ++broken) {
      RxBench bench;
      XgmiiLine line;
      line.idle(lane);
      std::size_t const start = line.size();
      line.frame(with_fcs(arp_request()));
      if (broken == 7) {
        line[start + 7].value = 0x55;
      } else {
        line[start + broken] = kErrorChar;
      }
      line.idle(12);
      line.idle_to(4);
      line.frame(with_fcs(arp_request()));
      bench.receive(line);
      EXPECT_EQ(bench.counts[RxEvent::FramingErrors], 1) << broken << " lane " << lane;
      EXPECT_EQ(bench.counts.total(), 2) << broken << " lane " << lane;
      EXPECT_EQ(bench.good.size(), 1U) << broken << " lane " << lane;
    }
  }
}

// Gaps down to one byte, where the alignment of the start allows it: below the 5 that 802.3 lets a
// receiver see, T and S share a word.
TEST(MacRx, LosesNothingAtTheShortestGaps) {
  for (std::size_t size = 60; size <= 90; ++size) {
    for (std::size_t gap = 1; gap <= 12; ++gap) {
      RxBench bench;
      XgmiiLine line;
      constexpr std::size_t kFrames = 12;
      for (std::size_t i = 0; i < kFrames; ++i) {
        line.frame(with_fcs(counting(size)));
        line.idle(gap - 1);
        while (line.size() % 4 != 0) line.put(kIdle);
      }
      bench.receive(line);
      EXPECT_EQ(bench.good, std::vector<Frame>(kFrames, counting(size))) << size << " gap " << gap;
      EXPECT_EQ(bench.counts.total(), static_cast<int>(kFrames)) << size << " gap " << gap;
      EXPECT_TRUE(bench.sound) << size << " gap " << gap;
    }
  }
}

// The worst neighbour: its report comes while the good frame's tail is still on its way out.
TEST(MacRx, KeepsAGoodFrameThatABrokenStartFollowsAtOnce) {
  for (std::size_t size = 60; size <= 76; ++size) {
    for (std::size_t gap = 0; gap <= 12; ++gap) {
      RxBench bench;
      XgmiiLine line;
      line.frame(with_fcs(counting(size)));
      line.idle(gap);
      line.put(kStart);
      line.idle(20);
      bench.receive(line);
      EXPECT_EQ(bench.good, std::vector<Frame>{counting(size)}) << size << " gap " << gap;
      EXPECT_EQ(bench.counts[RxEvent::FramingErrors], 1) << size << " gap " << gap;
      EXPECT_EQ(bench.counts.total(), 2) << size << " gap " << gap;
    }
  }
}

TEST(MacRx, IsQuiescentBetweenFramesOnly) {
  RxBench bench;
  bench.drain();
  EXPECT_TRUE(bench.quiescent);
  XgmiiLine line;
  line.frame(with_fcs(arp_request()));
  // The first word is seen at the pins; from the edge that takes it on, the MAC is awake.
  bench.cycle(line.words().front());
  for (auto const& word : line.words() | std::views::drop(1)) {
    bench.cycle(word);
    EXPECT_FALSE(bench.quiescent);
  }
  for (int i = 0; bench.good.empty(); ++i) {
    bench.cycle({});
    EXPECT_FALSE(bench.quiescent);
    ASSERT_LT(i, 10);
  }
  bench.drain();
  EXPECT_TRUE(bench.quiescent);
}

}  // namespace
}  // namespace ringside::test
