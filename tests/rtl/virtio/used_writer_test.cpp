// Used descriptors: their bytes and positions (V62 to V66), and what must be visible before what.
#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "tests/rtl/virtio/used_bench.hpp"

namespace ringside::testbench {
namespace {

constexpr std::uint64_t kSeed = 0x5EED0003;
constexpr int kReceive = 0;
constexpr int kTransmit = 1;

std::uint64_t upper(UsedBench& bench, int queue, int slot) {
  return bench.memory().read(UsedBench::kRings[queue] + 16 * static_cast<unsigned>(slot) + 8, 8);
}

TEST(UsedWriter, TellsTheLengthOfWhatTheDeviceWrote) {  // V62
  UsedBench bench(kSeed);
  bench.configure(4, 4);
  bench.memory().write(UsedBench::kRings[kReceive], 8, 0x1000);
  bench.complete(kReceive, {2, 76, true});
  ASSERT_TRUE(bench.finish());
  EXPECT_EQ(upper(bench, kReceive, 0), 0x8082'0002'0000'004CU);
  EXPECT_EQ(bench.memory().read(UsedBench::kRings[kReceive], 8), 0x1000U);
}

TEST(UsedWriter, TellsNoLengthOfATransmitBuffer) {  // V63
  UsedBench bench(kSeed);
  bench.complete(kTransmit, {1, 999, false});
  ASSERT_TRUE(bench.finish());
  EXPECT_EQ(upper(bench, kTransmit, 0), 0x8080'0001'0000'0000U);
}

TEST(UsedWriter, AdvancesByTheSlotsOfAChainAndFlipsTheWrapCounter) {  // V65, V66
  UsedBench bench(kSeed);
  bench.configure(4, 4);
  bench.complete(kReceive, {0, 0, false, 3});
  bench.complete(kReceive, {1, 0, false, 3});
  bench.complete(kReceive, {0, 100, true, 1});
  ASSERT_TRUE(bench.finish());
  EXPECT_EQ(upper(bench, kReceive, 3), 0x8080'0001'0000'0000U);
  EXPECT_EQ(upper(bench, kReceive, 2), 0x0002'0000'0000'0064U);
  auto const& packets = bench.packets();
  ASSERT_EQ(packets.size(), 3U);
  EXPECT_EQ(packets[0].slot, 3);
  EXPECT_TRUE(packets[0].wrap);
  EXPECT_EQ(packets[1].slot, 2);
  EXPECT_FALSE(packets[1].wrap);
  EXPECT_EQ(packets[2].slot, 3);
  EXPECT_FALSE(packets[2].wrap);
}

TEST(UsedWriter, WritesTheFirstBufferOfAPacketAfterAllOthersAreVisible) {
  UsedBench bench(kSeed, Timing{20, 60, 0, 0.3});
  for (std::uint16_t i = 0; i < 6; ++i) bench.complete(kReceive, {i, 64U + i, true, 1, i != 5});
  bench.complete(kTransmit, {9, 0, false});
  ASSERT_TRUE(bench.finish());
  std::vector<std::uint64_t> slots;
  for (auto const& write : bench.writes().log())
    if (write.addr < UsedBench::kRings[kTransmit])
      slots.push_back((write.addr - UsedBench::kRings[kReceive]) / 16);
  EXPECT_EQ(slots, (std::vector<std::uint64_t>{1, 2, 3, 4, 5, 0}));
  for (std::uint16_t i = 0; i < 6; ++i)
    EXPECT_EQ(upper(bench, kReceive, i), 0x8082'0000'0000'0040U + i * 0x1'0000'0001U);
  auto const& log = bench.writes().log();
  EXPECT_EQ(log.back().addr, UsedBench::kRings[kReceive] + 8);
  EXPECT_GE(log.back().asked, log[log.size() - 2].cycle);
  // One packet, told when its first buffer is visible; the other queue did not wait for it.
  ASSERT_EQ(bench.packets().size(), 2U);
  EXPECT_EQ(bench.packets()[0].queue, kTransmit);
  EXPECT_EQ(bench.packets()[1].queue, kReceive);
  EXPECT_EQ(bench.packets()[1].slot, 6);
  EXPECT_GT(bench.packets()[1].cycle, bench.writes().log().back().cycle - 1);
}

TEST(UsedWriter, TellsAPacketOnlyWhenItIsVisible) {
  UsedBench bench(kSeed, Timing{40, 40, 0, 0});
  bench.complete(kReceive, {0, 60, true});
  bench.cycles(41);
  EXPECT_TRUE(bench.packets().empty());
  EXPECT_TRUE(bench.finish());
  ASSERT_EQ(bench.packets().size(), 1U);
  EXPECT_GE(bench.packets()[0].cycle, bench.writes().log()[0].cycle);
}

TEST(UsedWriter, KeepsUpWithLineRateOfBothQueuesAtOnce) {
  UsedBench bench(kSeed, Timing{40, 40, 0, 0});
  constexpr std::uint64_t kPackets = 2000;
  std::uint64_t given = 0;
  std::size_t backlog = 0;
  while (given < kPackets) {
    if (bench.count() * 4 / 21 >= given)  // one in 5.25 cycles
      bench.complete(static_cast<int>(given++ % 2), {1, 60, true});
    bench.cycle();
    backlog = std::max(backlog, bench.waiting(0) + bench.waiting(1));
  }
  EXPECT_LE(backlog, 2U);
  ASSERT_TRUE(bench.finish());
  EXPECT_EQ(bench.packets().size(), kPackets);
}

TEST(UsedWriter, BreaksOnlyTheQueueWhoseRingRefuses) {
  UsedBench bench(kSeed);
  bench.set_base(kTransmit, std::uint64_t{1} << 40);
  bench.complete(kTransmit, {1, 0, false});
  bench.complete(kReceive, {2, 60, true});
  bench.cycles(50);
  EXPECT_TRUE(bench.errored(kTransmit));
  EXPECT_FALSE(bench.errored(kReceive));
  ASSERT_EQ(bench.packets().size(), 1U);
  EXPECT_EQ(bench.packets()[0].queue, kReceive);
  bench.complete(kTransmit, {3, 0, false});
  bench.cycles(50);
  EXPECT_EQ(bench.waiting(kTransmit), 1U);
}

TEST(UsedWriter, NeverShowsAMergedPacketOfWhichAPartFailed) {
  UsedBench bench(kSeed, Timing{20, 40, 0, 0});
  bench.configure(256, 8);
  bench.set_base(kReceive, 0x40000 - 32);  // slots 0 and 1 are there, 2 is not
  bench.complete(kReceive, {0, 60, true, 1, true});
  bench.complete(kReceive, {1, 60, true, 1, true});
  bench.complete(kReceive, {2, 60, true, 1, false});
  bench.cycles(400);
  EXPECT_TRUE(bench.errored(kReceive));
  EXPECT_TRUE(bench.packets().empty());
  EXPECT_EQ(bench.memory().read(0x40000 - 24, 8), 0U) << "the first buffer is published";
}

TEST(UsedWriter, AcceptsNothingWhileNotLive) {
  UsedBench bench(kSeed);
  bench.set_live(false);
  bench.complete(kReceive, {0, 60, true});
  bench.cycles(50);
  EXPECT_EQ(bench.waiting(kReceive), 1U);
  EXPECT_TRUE(bench.writes().log().empty());
}

TEST(UsedWriter, StartsAfreshAfterAFlushAtAnyMoment) {
  for (int moment = 1; moment < 150; ++moment) {
    UsedBench bench(kSeed + static_cast<std::uint64_t>(moment), Timing{5, 40, 0.2, 0.3});
    bench.configure(5, 7);
    for (std::uint16_t i = 0; i < 9; ++i) {
      bench.complete(kReceive, {i, 60, true, 1, i % 3 != 2});
      bench.complete(kTransmit, {i, 0, false, 2});
    }
    bench.cycles(moment);
    bench.set_live(false);
    bench.set_flush(true);
    bench.forget_waiting();
    for (int i = 0; i < 400 && !bench.drained(); ++i) bench.cycle();
    ASSERT_TRUE(bench.drained() && bench.writes().idle());
    bench.cycle();
    bench.set_flush(false);
    bench.set_live(true);
    std::size_t const before = bench.packets().size();
    bench.complete(kReceive, {4, 44, true, 5});
    bench.complete(kTransmit, {5, 0, false});
    ASSERT_TRUE(bench.finish());
    EXPECT_EQ(upper(bench, kReceive, 0), 0x8082'0004'0000'002CU);
    EXPECT_EQ(upper(bench, kTransmit, 0), 0x8080'0005'0000'0000U);
    ASSERT_EQ(bench.packets().size(), before + 2);
    for (std::size_t i = before; i < before + 2; ++i) {
      bool const receive = bench.packets()[i].queue == kReceive;
      EXPECT_EQ(bench.packets()[i].slot, receive ? 0 : 1);
      EXPECT_EQ(bench.packets()[i].wrap, !receive);
    }
  }
}

// What is written, by slot and in the end, and the packets told, from the definition.
struct Expectation {
  std::uint16_t size;
  std::uint16_t slot = 0;
  bool wrap = true;
  std::map<int, std::uint64_t> last_in_slot;
  std::vector<std::pair<int, bool>> packets;
  std::uint16_t in_packet = 0;  // slots of the packet up to now

  std::uint16_t room() const { return static_cast<std::uint16_t>(size - in_packet); }

  void use(Completion const& c) {
    std::uint64_t const flags = (wrap ? 0x8080U : 0U) | (c.written ? 2U : 0U);
    last_in_slot[slot] =
        flags << 48 | std::uint64_t{c.id} << 32 | (c.written ? std::uint64_t{c.len} : 0U);
    for (int i = 0; i < c.slots; ++i)
      if (++slot == size) {
        slot = 0;
        wrap = !wrap;
      }
    in_packet = static_cast<std::uint16_t>(c.more ? in_packet + c.slots : 0);
    if (!c.more) packets.emplace_back(slot, wrap);
  }
};

std::vector<UsedBench::Packet> play(std::uint64_t seed, bool skip) {
  Random const random(seed);
  auto draw = random.stream("completions");
  auto const longest = static_cast<unsigned>(1 + draw.below(60));
  UsedBench bench(seed, Timing{1, longest, draw.unit() * 0.5, draw.unit() * 0.5});
  bench.skip_quiescent(skip);
  Expectation expected[2] = {{static_cast<std::uint16_t>(1 + draw.below(256)), 0, true, {}, {}, 0},
                             {static_cast<std::uint16_t>(1 + draw.below(8)), 0, true, {}, {}, 0}};
  bench.configure(expected[0].size, expected[1].size);
  for (int i = 0; i < 600; ++i) {
    int const queue = static_cast<int>(draw.below(2));
    // The buffers of a packet never take more slots than the ring has.
    auto const slots = static_cast<std::uint16_t>(1 + draw.below(expected[queue].room()));
    bool const more = i < 560 && slots < expected[queue].room() && draw.chance(0.3);
    Completion const completion{static_cast<std::uint16_t>(draw.next()),
                                static_cast<std::uint32_t>(draw.next()), draw.chance(0.5), slots,
                                more};
    expected[queue].use(completion);
    bench.complete(queue, completion);
    bench.cycles(static_cast<int>(draw.below(6)));
  }
  EXPECT_TRUE(bench.finish());
  for (int queue = 0; queue < 2; ++queue) {
    for (auto const& [slot, value] : expected[queue].last_in_slot)
      EXPECT_EQ(upper(bench, queue, slot), value) << "queue " << queue << " slot " << slot;
    std::vector<std::pair<int, bool>> told;
    for (auto const& packet : bench.packets())
      if (packet.queue == queue) told.emplace_back(packet.slot, packet.wrap);
    EXPECT_EQ(told, expected[queue].packets);
  }
  EXPECT_EQ(bench.skipped() > 0, skip);
  return bench.packets();
}

TEST(UsedWriter, WritesWhatWasCompletedWhateverTheTiming) {
  for (std::uint64_t seed = 0xCAFE00; seed < 0xCAFE20; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    play(seed, false);
    if (HasFailure()) return;
  }
}

TEST(UsedWriter, TellsTheSameWhenQuietCyclesAreSkipped) {
  for (std::uint64_t seed = 0xCAFE30; seed < 0xCAFE38; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    auto const all = play(seed, false);
    auto const some = play(seed, true);
    ASSERT_EQ(all.size(), some.size());
    for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i].cycle, some[i].cycle);
  }
}

}  // namespace
}  // namespace ringside::testbench
