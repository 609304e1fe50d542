// What a broken or hostile driver may put into a ring (P in docs/verification.md), and what must
// follow.
#include <gtest/gtest.h>

#include <vector>

#include "tests/rtl/virtio/fetch_bench.hpp"

namespace ringside::testbench {
namespace {

constexpr std::uint64_t kSeed = 0x5EED0002;
constexpr int kReceive = 0;
constexpr int kTransmit = 1;
constexpr std::uint16_t kNext = 1;
constexpr std::uint16_t kWrite = 2;
constexpr std::uint16_t kIndirect = 4;

// The queue breaks, delivers nothing behind the mistake, and the other one goes on as before.
void expect_broken(FetchBench& bench, int queue) {
  int const other = 1 - queue;
  bench.notify(queue);
  EXPECT_TRUE(bench.wait([&] { return bench.errored(queue); }));
  bench.notify(queue);
  bench.cycles(200);
  EXPECT_TRUE(bench.quiescent());
  std::size_t const reads = bench.reads().requests().size();
  bench.notify(queue);
  bench.cycles(200);
  EXPECT_EQ(bench.reads().requests().size(), reads) << "a broken queue reads on";
  bench.driver(other).post({{0x7000, 70, false}}, 7);
  bench.notify(other);
  auto const found = bench.pull(other);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->addr, 0x7000U);
  EXPECT_FALSE(bench.errored(other));
}

TEST(DescriptorFetchUnderAttack, TakesNothingThatWasNeverMadeAvailable) {  // P1, P2
  for (std::uint16_t flags : {0x0000, 0x8080, 0x8000, 0x0002, 0x8082, 0x8002}) {
    FetchBench bench(kSeed);
    bench.driver(kReceive).poke(0, 0x1000, 64, 1, flags);
    bench.notify(kReceive);
    bench.cycles(60);
    EXPECT_TRUE(bench.empty(kReceive)) << flags;
    EXPECT_FALSE(bench.errored(kReceive)) << flags;
  }
}

TEST(DescriptorFetchUnderAttack, EndsAnEndlessChainAtTheSizeOfTheRing) {  // P4
  for (std::uint16_t size : {1, 2, 5, 8, 256}) {
    FetchBench bench(kSeed);
    bench.configure(8, size);
    for (std::uint16_t i = 0; i < size; ++i) bench.driver(kTransmit).post_raw(0x1000, 1, 1, kNext);
    bench.notify(kTransmit);
    int elements = 0;
    while (bench.wait([&] { return bench.valid(kTransmit); }, 400)) {
      EXPECT_FALSE(bench.element(kTransmit).last);
      bench.take(kTransmit);
      bench.commit(kTransmit);
      bench.cycle();
      ++elements;
    }
    EXPECT_TRUE(bench.errored(kTransmit)) << size;
    EXPECT_EQ(elements, size - 1) << size;
  }
}

TEST(DescriptorFetchUnderAttack, AcceptsAChainOfTheWholeRing) {
  for (std::uint16_t size : {1, 2, 3, 5, 6, 7, 8, 100, 256}) {
    FetchBench bench(kSeed);
    bench.configure(8, size);
    for (int lap = 0; lap < 3; ++lap) {
      std::vector<RingDriver::Part> parts(size, {0x1000, 1, false});
      bench.driver(kTransmit).post(parts, 1);
      bench.notify(kTransmit);
      for (std::uint16_t i = 0; i < size; ++i) {
        auto const found = bench.pull(kTransmit);
        ASSERT_TRUE(found.has_value()) << size;
        ASSERT_EQ(found->last, i + 1 == size) << size;
        EXPECT_TRUE(!found->last || found->slots == size);
      }
      bench.driver(kTransmit).use();
    }
    EXPECT_FALSE(bench.errored(kTransmit));
  }
}

TEST(DescriptorFetchUnderAttack, RefusesReadableAfterWritable) {  // P6
  for (int queue : {kReceive, kTransmit}) {
    FetchBench bench(kSeed);
    bench.driver(queue).post({{0x100, 1, true}, {0x200, 2, false}}, 1);
    expect_broken(bench, queue);
  }
  FetchBench bench(kSeed);
  bench.driver(kReceive).post_indirect({{0x100, 1, true}, {0x200, 2, false}}, 1,
                                       FetchBench::kTables + 9);
  expect_broken(bench, kReceive);
}

TEST(DescriptorFetchUnderAttack, DeliversWritableElementsOfATransmitChain) {  // P7
  FetchBench bench(kSeed);
  bench.driver(kTransmit).post({{0x100, 1, false}, {0x200, 2, true}}, 1);
  bench.notify(kTransmit);
  EXPECT_FALSE(bench.pull(kTransmit)->write);
  auto const second = bench.pull(kTransmit);
  EXPECT_TRUE(second->write && second->last);
}

TEST(DescriptorFetchUnderAttack, PassesOnHugeLengthsAndAnyId) {  // P10, P20
  FetchBench bench(kSeed);
  auto& driver = bench.driver(kReceive);
  driver.post({{0x100, 0xFFFFFFFF, true}, {0x200, 0xFFFFFFFF, true}}, 0xFFFF);
  bench.notify(kReceive);
  EXPECT_EQ(bench.pull(kReceive)->len, 0xFFFFFFFFU);
  EXPECT_EQ(bench.pull(kReceive)->id, 0xFFFFU);
  EXPECT_FALSE(bench.errored(kReceive));
}

TEST(DescriptorFetchUnderAttack, RefusesAddressesThatWrap) {  // P11
  constexpr std::uint64_t kTop = ~std::uint64_t{0};
  for (bool table : {false, true}) {
    FetchBench bench(kSeed);
    RingDriver::Part const part{kTop - 62, 64, true};
    if (table)
      bench.driver(kReceive).post_indirect({part}, 1, FetchBench::kTables);
    else
      bench.driver(kReceive).post({part}, 1);
    expect_broken(bench, kReceive);
  }
  FetchBench bench(kSeed);
  bench.driver(kReceive).post_raw(kTop - 30, 32, 1, kIndirect);
  expect_broken(bench, kReceive);
}

TEST(DescriptorFetchUnderAttack, RefusesTablesThatWereNotNegotiated) {  // P13
  FetchBench bench(kSeed);
  bench.set_indirect(false);
  bench.driver(kReceive).post_indirect({{0x100, 1, true}}, 1, FetchBench::kTables);
  expect_broken(bench, kReceive);
}

TEST(DescriptorFetchUnderAttack, RefusesTablesOfAWrongLength) {  // P14
  for (std::uint32_t len : {0U, 1U, 15U, 17U, 4097U, 4112U, 0xFFFFFFF0U}) {
    FetchBench bench(kSeed);
    bench.driver(kTransmit).post_raw(FetchBench::kTables, len, 1, kIndirect);
    expect_broken(bench, kTransmit);
  }
}

TEST(DescriptorFetchUnderAttack, RefusesATableInAChain) {  // P16
  {
    FetchBench bench(kSeed);
    bench.driver(kTransmit).post_raw(FetchBench::kTables, 16, 1, kIndirect | kNext);
    bench.driver(kTransmit).post_raw(0x100, 16, 1, 0);
    expect_broken(bench, kTransmit);
  }
  FetchBench bench(kSeed);
  bench.driver(kTransmit).post_raw(0x100, 16, 1, kNext);
  bench.driver(kTransmit).post_raw(FetchBench::kTables, 16, 1, kIndirect);
  expect_broken(bench, kTransmit);
}

TEST(DescriptorFetchUnderAttack, WorksOnItsCopyOfADescriptor) {  // P21
  FetchBench bench(kSeed);
  bench.driver(kReceive).post({{0x100, 1, true}}, 1);
  bench.notify(kReceive);
  ASSERT_TRUE(bench.wait([&] { return bench.valid(kReceive); }));
  bench.driver(kReceive).poke(0, 0x666, 666, 6, 0x0080 | kWrite | kNext);
  bench.cycles(100);
  auto const found = bench.pull(kReceive);
  EXPECT_EQ(found->addr, 0x100U);
  EXPECT_EQ(found->id, 1U);
  EXPECT_TRUE(found->last);
}

TEST(DescriptorFetchUnderAttack, RefusesMisplacedAreas) {
  struct {
    std::uint64_t ring, driver, device;
    bool broken;
  } const places[] = {
      {0x20000, 0, 0, false},
      {0x20010, 4, 4, false},
      {0x20008, 0, 0, true},
      {0x20001, 0, 0, true},
      {0x20000, 2, 0, true},
      {0x20000, 0, 1, true},
      {~0ULL - 16 * 8 + 1, 0, 0, true},  // ends with the address space
      {~0ULL - 15, 0, 0, true},
  };
  for (auto const& place : places) {
    FetchBench bench(kSeed);
    bench.restart([&] {
      bench.set_base(kTransmit, place.ring);
      bench.set_areas(kTransmit, place.driver, place.device);
    });
    bench.cycles(50);
    EXPECT_EQ(bench.errored(kTransmit), place.broken) << std::hex << place.ring;
    EXPECT_FALSE(bench.errored(kReceive));
    for (auto const& request : bench.reads().requests())
      EXPECT_TRUE(!place.broken || request.addr == FetchBench::kRings[kReceive]);
  }
}

TEST(DescriptorFetchUnderAttack, BreaksOnlyTheQueueWhoseRingCanNotBeRead) {  // P12, P23
  FetchBench bench(kSeed);
  bench.restart([&] { bench.set_base(kTransmit, std::uint64_t{1} << 40); });
  expect_broken(bench, kTransmit);
}

TEST(DescriptorFetchUnderAttack, BreaksOnlyTheQueueWhoseTableCanNotBeRead) {  // P12
  for (std::uint64_t table : {std::uint64_t{1} << 40, std::uint64_t{FetchBench::kMemory} - 24}) {
    FetchBench bench(kSeed);
    bench.driver(kTransmit).post_raw(table, 64, 1, kIndirect);
    expect_broken(bench, kTransmit);
  }
}

TEST(DescriptorFetchUnderAttack, BelievesNoEntryOfWhichABeatFailed) {  // P12
  for (std::uint64_t offset : {0, 5, 15})
    for (std::uint64_t beat = 0; beat < 3; ++beat) {
      FetchBench bench(kSeed);
      std::uint64_t const table = FetchBench::kTables + offset;
      bench.driver(kReceive).post_indirect({{0x100, 1, true}, {0x200, 2, true}, {0x300, 3, true}},
                                           1, table);
      bench.reads().fail_at(table + 16 * beat);
      bench.notify(kReceive);
      EXPECT_TRUE(bench.wait([&] { return bench.errored(kReceive); }));
      // Of entry n the beats n and, if it is not aligned, n + 1 must be good.
      std::uint64_t good = offset == 0 || beat == 0 ? beat : beat - 1;
      for (; good > 0; --good) EXPECT_TRUE(bench.pull(kReceive).has_value());
      EXPECT_FALSE(bench.valid(kReceive));
    }
}

TEST(DescriptorFetchUnderAttack, AStarvingQueueDoesNotHoldUpTheOther) {  // P24
  FetchBench bench(kSeed, Timing{110, 110, 0, 0});
  bench.configure(256, 256);
  // Tables of one entry as fast as they go, and nobody takes them.
  for (std::uint64_t i = 0; i < 200; ++i)
    bench.driver(kTransmit).post_indirect({{i, 1, false}}, 0, FetchBench::kTables + 16 * i);
  bench.notify(kTransmit);
  bench.cycles(2000);
  for (int i = 0; i < 100; ++i) bench.driver(kReceive).post({{0x100, 64, true}}, 0);
  bench.notify(kReceive);
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(bench.pull(kReceive).has_value());
}

TEST(DescriptorFetchUnderAttack, TwoQueuesMayShareARing) {  // P27
  FetchBench bench(kSeed);
  bench.restart([&] { bench.set_base(kTransmit, FetchBench::kRings[kReceive]); });
  bench.driver(kReceive).post({{0x100, 64, true}}, 5);
  bench.notify(kReceive);
  bench.notify(kTransmit);
  EXPECT_EQ(bench.pull(kReceive)->addr, 0x100U);
  EXPECT_EQ(bench.pull(kTransmit)->addr, 0x100U);
}

}  // namespace
}  // namespace ringside::testbench
