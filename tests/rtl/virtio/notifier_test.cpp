// Whether the driver wants to be interrupted (V71, V72), and that every packet is told of once.
#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "tests/rtl/virtio/notify_bench.hpp"

namespace ringside::testbench {
namespace {

constexpr std::uint64_t kSeed = 0x5EED0004;
constexpr int kQueue = 0;
constexpr std::uint64_t kUs = 1'000'000;  // in picoseconds

// The table of V71, for the rings that its rows start from.
struct EventCase {
  std::uint16_t old_slot, used, off;
  bool wrap, fire;
};
constexpr EventCase kEventCases[] = {
    {2, 3, 3, true, true},  {2, 3, 5, true, false}, {2, 3, 1, true, false},
    {6, 3, 7, true, true},  {6, 3, 0, false, true}, {6, 3, 1, false, false},
    {6, 3, 5, true, false}, {0, 8, 7, true, true},  {0, 8, 0, false, false},
};

TEST(EventSuppression, FiresIfTheWantedSlotWasUsedSinceTheLastLook) {  // V71
  for (auto const& row : kEventCases) {
    NotifyBench bench(kSeed);
    bench.packet(kQueue, 8);  // the first look fires, so it is not the one that counts
    bench.cycle();
    bench.packet(kQueue, 8);
    bench.settle();
    if (row.old_slot != 0) bench.packet(kQueue, row.old_slot);
    bench.settle();
    ASSERT_EQ(bench.position(kQueue), row.old_slot);
    ASSERT_TRUE(bench.wrap(kQueue));
    std::size_t const before = bench.interrupts().size();
    bench.set_area(kQueue, NotifyBench::kDesc, row.off, row.wrap);
    bench.packet(kQueue, row.used);
    bench.settle();
    EXPECT_EQ(bench.interrupts().size() - before, row.fire ? 1U : 0U)
        << row.old_slot << "+" << row.used << " " << row.off;
  }
}

TEST(EventSuppression, FiresAtTheFirstLookUnlessDisabled) {
  for (bool disabled : {false, true}) {
    NotifyBench bench(kSeed);
    bench.set_area(kQueue, disabled ? NotifyBench::kDisable : NotifyBench::kDesc, 5, true);
    bench.packet(kQueue);
    bench.settle();
    EXPECT_EQ(bench.interrupts().size(), disabled ? 0U : 1U);
  }
}

TEST(EventSuppression, TakesWhatIsNotDefinedForEnabled) {  // P22
  struct {
    bool event_idx;
    std::uint16_t flags, off;
    bool fire;
  } const cases[] = {
      {true, 3, 0, true},       {false, 3, 0, true},     {false, 2, 5, true},
      {false, 0, 5, true},      {true, 0xFFFC, 5, true},  // reserved bits say nothing
      {true, 0xFFFD, 5, false}, {false, 1, 0, false},    {true, 2, 8, false},
      {true, 2, 0x7FFF, false},  // no such slot, never used
  };
  for (auto const& c : cases) {
    NotifyBench bench(kSeed);
    bench.set_event_idx(c.event_idx);
    bench.packet(kQueue);
    bench.settle();
    bench.set_area(kQueue, c.flags, c.off, true);
    bench.packet(kQueue);
    bench.settle();
    EXPECT_EQ(bench.interrupts().size(), c.fire ? 2U : 1U) << c.flags << " " << c.off;
  }
}

TEST(EventSuppression, KnowsALapThatPassedBetweenTwoLooks) {
  NotifyBench bench(kSeed);
  bench.packet(kQueue, 2);
  bench.settle();
  bench.moderate(kQueue, 11, 1000 * kUs);
  bench.set_area(kQueue, NotifyBench::kDesc, 7, true);
  for (int i = 0; i < 11; ++i) {  // to slot 5 of the next lap
    bench.packet(kQueue);
    bench.cycle();
  }
  bench.settle();
  EXPECT_EQ(bench.interrupts().size(), 2U);
}

TEST(Notifier, CountsPacketsThatComeWhileItLooks) {
  NotifyBench bench(kSeed, Timing{100, 100, 0, 0});
  for (int i = 0; i < 50; ++i) {
    bench.packet(kQueue);
    bench.cycle();
  }
  bench.settle();
  ASSERT_EQ(bench.looks().size(), 2U);
  EXPECT_EQ(bench.looks()[0].packets, 1U);
  EXPECT_EQ(bench.looks()[1].packets, 49U);
  EXPECT_EQ(bench.interrupts().size(), 2U);
}

TEST(Notifier, CountsAPacketInTheCycleOfALookForTheNextOne) {
  NotifyBench bench(kSeed, Timing{10, 10, 0, 0});
  bench.packet(kQueue);
  bench.settle();
  bench.set_area(kQueue, NotifyBench::kDisable);
  bench.packet(kQueue);  // uses slot 1
  bench.cycle();
  bench.packet(kQueue);  // uses slot 2 while the look for slot 1 is taken
  bench.cycles(8);
  EXPECT_EQ(bench.looks().size(), 2U);
  bench.cycles(6);
  ASSERT_EQ(bench.looks().size(), 3U);
  EXPECT_EQ(bench.looks()[2].packets, 1U);
  bench.set_area(kQueue, NotifyBench::kDesc, 1, true);  // for the second look: too late for slot 1
  bench.settle();
  EXPECT_EQ(bench.interrupts().size(), 1U);
}

TEST(Notifier, LooksForBothQueuesAtOnce) {
  NotifyBench bench(kSeed, Timing{100, 100, 0, 0});
  bench.packet(0);
  bench.cycle();
  bench.packet(1);
  bench.cycles(20);
  EXPECT_EQ(bench.looks().size(), 2U);
  bench.settle();
  EXPECT_EQ(bench.interrupts().size(), 2U);
}

TEST(Notifier, OffersAnInterruptUntilItIsTaken) {
  NotifyBench bench(kSeed);
  bench.refuse_interrupts(true);
  bench.packet(kQueue);
  bench.cycles(30);
  bench.packet(kQueue);
  bench.cycles(30);
  EXPECT_EQ(bench.looks().size(), 2U);
  bench.refuse_interrupts(false);
  bench.cycles(30);
  EXPECT_EQ(bench.interrupts().size(), 1U);  // one tells of both packets
}

TEST(Notifier, BreaksTheQueueWhoseAreaCanNotBeRead) {  // P23
  NotifyBench bench(kSeed);
  bench.set_area_address(1, std::uint64_t{1} << 40);
  bench.packet(1);
  bench.settle();
  EXPECT_TRUE(bench.errored(1));
  EXPECT_FALSE(bench.errored(0));
  EXPECT_TRUE(bench.interrupts().empty());
}

TEST(Notifier, LooksAtNothingWhileNotLive) {
  NotifyBench bench(kSeed);
  bench.set_live(false);
  bench.packet(kQueue);
  bench.cycles(50);
  EXPECT_TRUE(bench.looks().empty());
}

TEST(Notifier, StartsAfreshAfterAFlushAtAnyMoment) {
  for (int moment = 1; moment < 80; ++moment) {
    NotifyBench bench(kSeed + static_cast<std::uint64_t>(moment), Timing{10, 40, 0, 0.5});
    bench.packet(0, 3);
    bench.cycle();
    bench.packet(1, 5);
    bench.cycles(moment);
    bench.set_live(false);
    bench.set_flush(true);
    for (int i = 0; i < 200 && !bench.drained(); ++i) bench.cycle();
    ASSERT_TRUE(bench.drained() && !bench.reading());
    bench.cycle();
    bench.set_flush(false);
    bench.set_live(true);
    EXPECT_EQ(bench.deadline(), NotifyBench::kNone);
    std::size_t const looks = bench.looks().size();
    std::size_t const before = bench.interrupts().size();
    bench.cycles(100);
    EXPECT_EQ(bench.looks().size(), looks);
    EXPECT_EQ(bench.interrupts().size(), before);
    bench.set_area(0, NotifyBench::kDesc, 5, false);  // the first look fires all the same
    bench.packet(0);
    bench.settle();
    EXPECT_EQ(bench.interrupts().size(), before + 1);
    bench.set_area(0, NotifyBench::kDesc, 1, true);
    bench.packet(0);
    bench.settle();
    EXPECT_EQ(bench.interrupts().size(), before + 2);
  }
}

// What a look must decide, from the slots that were really used.
struct Reference {
  std::uint16_t size;
  std::vector<std::pair<std::uint16_t, bool>> used;  // since the last look
  bool looked = false;

  bool decide(std::uint16_t flags, std::uint16_t off, bool wrap) {
    bool reached = false;
    for (auto const& slot : used) reached = reached || slot == std::pair{off, wrap};
    bool const first = !std::exchange(looked, true);
    if (flags == NotifyBench::kDisable) return false;
    return flags != NotifyBench::kDesc || first || reached;
  }
};

TEST(Notifier, DecidesAsTheDefinitionForAnyRingAndAnyEvent) {
  for (std::uint64_t seed = 0xACE00; seed < 0xACE28; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    auto draw = Random(seed).stream("test");
    NotifyBench bench(seed, Timing{1, 20, 0, 0.3});
    Reference reference{
        static_cast<std::uint16_t>(1 + draw.below(draw.chance(0.5) ? 8 : 256)), {}, false};
    bench.configure(kQueue, reference.size);
    std::size_t expected = 0;
    for (int round = 0; round < 60; ++round) {
      auto const flags = static_cast<std::uint16_t>(draw.chance(0.7) ? 2 : draw.below(4));
      auto const off = static_cast<std::uint16_t>(draw.below(reference.size + 2U));
      bool const wrap = draw.chance(0.5);
      bench.set_area(kQueue, flags, off, wrap);
      // Several packets for one look, so that laps may pass.
      auto const packets = static_cast<std::uint32_t>(1 + draw.below(4));
      bench.moderate(kQueue, packets, 1000 * kUs);
      reference.used.clear();
      for (std::uint32_t i = 0; i < packets; ++i) {
        auto const slots = static_cast<std::uint16_t>(1 + draw.below(reference.size));
        std::uint16_t slot = bench.position(kQueue);
        bool lap = bench.wrap(kQueue);
        for (int s = 0; s < slots; ++s) {
          reference.used.emplace_back(slot, lap);
          if (++slot == reference.size) {
            slot = 0;
            lap = !lap;
          }
        }
        bench.packet(kQueue, slots);
        bench.cycles(static_cast<int>(1 + draw.below(3)));
      }
      bench.settle();
      expected += reference.decide(flags, off, wrap) ? 1 : 0;
      ASSERT_EQ(bench.interrupts().size(), expected)
          << "size " << reference.size << " flags " << flags << " off " << off << " " << wrap;
    }
  }
}

TEST(Notifier, NeverLooksWithoutAPacketAndLosesNone) {
  for (std::uint64_t seed = 0xACE80; seed < 0xACE90; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::vector<NotifyBench::Look> looks[2];
    std::vector<NotifyBench::Interrupt> interrupts[2];
    for (bool skip : {false, true}) {
      auto draw = Random(seed).stream("test");
      NotifyBench bench(seed, Timing{5, 5, 0, 0});
      bench.skip_quiescent(skip);
      std::uint64_t sent = 0;
      for (int i = 0; i < 200; ++i) {
        if (draw.chance(0.1))
          bench.moderate(static_cast<int>(draw.below(2)),
                         static_cast<std::uint32_t>(draw.below(10)), draw.below(20) * kUs);
        bench.packet(static_cast<int>(draw.below(2)),
                     static_cast<std::uint16_t>(1 + draw.below(8)));
        ++sent;
        bench.cycle();
        bench.run_until(bench.now() + draw.below(4) * draw.below(1000) * NotifyBench::kCyclePs);
      }
      bench.run_until(bench.now() + 30 * kUs);
      std::uint64_t seen = 0;
      for (auto const& look : bench.looks()) {
        EXPECT_GT(look.packets, 0U);
        seen += look.packets;
      }
      EXPECT_EQ(seen, sent);
      EXPECT_EQ(bench.interrupts().size(), bench.looks().size());
      looks[skip ? 1 : 0] = bench.looks();
      interrupts[skip ? 1 : 0] = bench.interrupts();
    }
    EXPECT_EQ(looks[0], looks[1]);
    EXPECT_EQ(interrupts[0], interrupts[1]);
  }
}

}  // namespace
}  // namespace ringside::testbench
