// The ring vectors V60 to V69 and V113 and the promises of rtl/README.md, one by one.
#include <gtest/gtest.h>

#include <vector>

#include "tests/rtl/virtio/fetch_bench.hpp"
#include "tests/rtl/virtio/fetch_expectation.hpp"

namespace ringside::testbench {
namespace {

constexpr std::uint64_t kSeed = 0x5EED0001;
constexpr int kReceive = 0;
constexpr int kTransmit = 1;
// A round trip of 110 cycles is 700 ns.
constexpr Timing kFar{110, 110, 0, 0};

TEST(DescriptorFetch, FindsNothingInAZeroRing) {  // V60
  FetchBench bench(kSeed);
  bench.notify(kReceive);
  bench.cycles(50);
  EXPECT_EQ(bench.reads().requests().size(), 1U);
  EXPECT_TRUE(bench.empty(kReceive));
  EXPECT_FALSE(bench.valid(kReceive));
  EXPECT_TRUE(bench.quiescent());
}

TEST(DescriptorFetch, ReadsNothingBeforeANotification) {
  FetchBench bench(kSeed);
  bench.driver(kReceive).post({{0x1000, 1536, true}}, 2);
  bench.cycles(100);
  EXPECT_TRUE(bench.reads().requests().empty());
}

TEST(DescriptorFetch, LooksOnceWithoutANotificationWhenTheDriverIsReady) {
  FetchBench bench(kSeed);
  bench.restart([&] { bench.driver(kReceive).post({{0x1000, 64, true}}, 2); });
  expect_posted(bench, kReceive);
  ASSERT_TRUE(bench.wait([&] { return bench.quiescent() && bench.reads().idle(); }));
  std::size_t const looks = bench.reads().requests().size();
  bench.driver(kReceive).post({{0x1000, 64, true}}, 2);
  bench.cycles(200);
  EXPECT_EQ(bench.reads().requests().size(), looks);
}

TEST(DescriptorFetch, DeliversAReceiveBuffer) {  // V61
  FetchBench bench(kSeed);
  bench.configure(4, 4);
  bench.driver(kReceive).post({{0x1000, 1536, true}}, 2);
  EXPECT_EQ(bench.memory().read(FetchBench::kRings[0], 8), 0x1000U);
  EXPECT_EQ(bench.memory().read(FetchBench::kRings[0] + 8, 8), 0x0082'0002'0000'0600U);
  bench.notify(kReceive);
  expect_posted(bench, kReceive);
}

TEST(DescriptorFetch, EchoesTheLastIdOfAChainAcrossTheWrap) {  // V64
  FetchBench bench(kSeed);
  bench.configure(4, 4);
  auto& driver = bench.driver(kTransmit);
  driver.post({{0x100, 10, false}}, 7);
  driver.post({{0x200, 20, false}, {0x300, 30, false}}, 8);
  bench.notify(kTransmit);
  expect_posted(bench, kTransmit);
  driver.use();
  driver.use();
  driver.post({{0x400, 12, false}, {0x500, 50, false}, {0x600, 60, false}}, 1);
  std::uint64_t const ring = FetchBench::kRings[kTransmit];
  EXPECT_EQ(bench.memory().read(ring + 3 * 16 + 14, 2), 0x0081U);
  EXPECT_EQ(bench.memory().read(ring + 14, 2), 0x8001U);
  EXPECT_EQ(bench.memory().read(ring + 16 + 12, 4), 0x8000'0001U);
  bench.notify(kTransmit);
  expect_posted(bench, kTransmit);
}

TEST(DescriptorFetch, FollowsAnIndirectTableAtAnyAddress) {  // V67, P19
  for (std::uint64_t offset : {0x0ULL, 0x1ULL, 0x7ULL, 0x8ULL, 0xFULL, 0xFE9ULL}) {
    FetchBench bench(kSeed);
    bench.driver(kReceive).post_indirect(
        {{0x100, 12, false}, {0x200, 60, false}, {0x300, 99, true}}, 3,
        FetchBench::kTables + offset);
    bench.driver(kReceive).post({{0x400, 40, true}}, 4);
    bench.notify(kReceive);
    expect_posted(bench, kReceive);
  }
}

TEST(DescriptorFetch, IgnoresAllButWriteInATable) {  // P15, P17, P18
  FetchBench bench(kSeed);
  auto& driver = bench.driver(kReceive);
  driver.post_indirect({{0x100, 12, true}, {0x200, 60, true}}, 3, FetchBench::kTables, 0x8085);
  driver.poke(0, FetchBench::kTables, 32, 3, 0x0086);  // INDIRECT and WRITE
  bench.notify(kReceive);
  expect_posted(bench, kReceive);
}

TEST(DescriptorFetch, IgnoresWriteInATransmitTable) {
  FetchBench bench(kSeed);
  auto& driver = bench.driver(kTransmit);
  driver.post_indirect({{0x100, 12, true}, {0x200, 60, false}, {0x300, 6, true}}, 3,
                       FetchBench::kTables);
  for (auto& element : driver.expected()) element.write = false;
  bench.notify(kTransmit);
  expect_posted(bench, kTransmit);
}

TEST(DescriptorFetch, DeliversElementsOfLengthZero) {  // P8
  FetchBench bench(kSeed);
  bench.driver(kTransmit).post({{0x100, 0, false}, {0x200, 7, false}, {0x300, 0, false}}, 3);
  bench.notify(kTransmit);
  expect_posted(bench, kTransmit);
}

TEST(DescriptorFetch, ReadsAStaleElementOnceMore) {  // V68
  FetchBench bench(kSeed, kFar);
  auto& driver = bench.driver(kTransmit);
  driver.post({{0x100, 10, false}, {0x200, 20, false}}, 1);
  // The second element looks unwritten at the first read only.
  driver.poke(1, 0, 0, 0, 0);
  bench.notify(kTransmit);
  ASSERT_TRUE(bench.wait([&] { return bench.valid(kTransmit); }));
  driver.poke(1, 0x200, 20, 1, 0x0080);
  expect_posted(bench, kTransmit);
  // The stale read, the second look and the one that finds the ring's end.
  auto const& requests = bench.reads().requests();
  ASSERT_GE(requests.size(), 2U);
  EXPECT_EQ(requests[1].addr, FetchBench::kRings[kTransmit] + 16);
}

TEST(DescriptorFetch, CallsAChainBrokenThatIsStaleTwice) {  // P3
  FetchBench bench(kSeed, kFar);
  bench.driver(kTransmit).post_raw(0x100, 10, 1, 0x0001);
  bench.notify(kTransmit);
  ASSERT_TRUE(bench.wait([&] { return bench.errored(kTransmit); }));
  std::uint64_t const element = FetchBench::kRings[kTransmit] + 16;
  int looks = 0;
  for (auto const& request : bench.reads().requests())
    looks += request.addr <= element && element < request.addr + request.len ? 1 : 0;
  EXPECT_EQ(looks, 2);
  EXPECT_FALSE(bench.errored(kReceive));
}

TEST(DescriptorFetch, DoesNotTakeUsedDescriptorsOfTheLastLapForAvailable) {  // V69
  FetchBench bench(kSeed);
  bench.configure(4, 4);
  auto& driver = bench.driver(kReceive);
  for (int lap = 0; lap < 5; ++lap) {
    for (std::uint16_t i = 0; i < 4; ++i) driver.post({{0x1000ULL * i, 64, true}}, i);
    bench.notify(kReceive);
    expect_posted(bench, kReceive);
    for (int i = 0; i < 4; ++i) driver.use();
    bench.notify(kReceive);
    ASSERT_TRUE(bench.wait([&] { return bench.empty(kReceive); }));
    EXPECT_FALSE(bench.valid(kReceive));
  }
}

TEST(DescriptorFetch, SplitsABatchWhereTheRingWraps) {  // V113
  FetchBench bench(kSeed);
  bench.configure(256, 256);
  auto& driver = bench.driver(kReceive);
  for (int i = 0; i < 250; ++i) {
    driver.post({{0x1000, 64, true}}, 0);
    driver.use();
  }
  bench.driver(kReceive).expected().clear();
  // The device catches up with what is marked used already: write it back as available.
  for (std::uint16_t i = 0; i < 250; ++i) driver.poke(i, 0x1000, 64, 0, 0x0082);
  bench.notify(kReceive);
  for (int i = 0; i < 250; ++i) ASSERT_TRUE(bench.pull(kReceive).has_value());
  ASSERT_TRUE(bench.wait([&] { return bench.empty(kReceive); }));
  for (std::uint16_t i = 0; i < 10; ++i) driver.post({{0x2000ULL + i, 64, true}}, i);
  bench.reads().forget_requests();
  bench.notify(kReceive);
  expect_posted(bench, kReceive);
  auto const& requests = bench.reads().requests();
  ASSERT_GE(requests.size(), 2U);
  EXPECT_EQ(requests[0].addr, 0x10FA0U);
  EXPECT_EQ(requests[0].len, 96U);
  EXPECT_EQ(requests[1].addr, 0x10000U);
  EXPECT_EQ(requests[1].len, 32U);
}

TEST(DescriptorFetch, NeverCrossesAPageInOneRead) {
  FetchBench bench(kSeed);
  bench.configure(16, 16);
  RingDriver driver(bench.memory(), 0x2FFB0, 16);  // five slots before a page's end
  bench.restart([&] { bench.set_base(kTransmit, driver.base()); });
  for (std::uint16_t i = 0; i < 16; ++i) driver.post({{0x100ULL * i, 64, false}}, i);
  bench.notify(kTransmit);
  for (std::uint16_t i = 0; i < 16; ++i) {
    auto const found = bench.pull(kTransmit);
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->addr, 0x100ULL * i);
  }
  for (auto const& request : bench.reads().requests())
    EXPECT_LE(request.addr % 4096 + request.len, 4096U);
}

TEST(DescriptorFetch, ReadsAgainWhenNotifiedWhileAReadIsInFlight) {
  for (int delay = 0; delay < 120; ++delay) {
    FetchBench bench(kSeed + static_cast<std::uint64_t>(delay), kFar);
    bench.notify(kReceive);
    bench.cycles(delay);
    bench.driver(kReceive).post({{0x1000, 64, true}}, 1);
    bench.notify(kReceive);
    expect_posted(bench, kReceive);
  }
}

TEST(DescriptorFetch, RemembersANotificationThatCameBeforeDriverOk) {
  FetchBench bench(kSeed);
  bench.set_live(false);
  bench.driver(kReceive).post({{0x1000, 64, true}}, 1);
  bench.notify(kReceive);
  bench.cycles(20);
  EXPECT_TRUE(bench.reads().requests().empty());
  bench.set_live(true);
  expect_posted(bench, kReceive);
}

TEST(DescriptorFetch, CostsOneReadToFindOneBufferAndOneToFindNoMore) {
  FetchBench bench(kSeed, kFar);
  bench.configure(256, 256);
  bench.driver(kTransmit).post({{0x1000, 64, false}}, 1);
  bench.notify(kTransmit);
  expect_posted(bench, kTransmit);
  // The batch itself shows that the ring goes on no further.
  EXPECT_EQ(bench.reads().requests().size(), 1U);
}

TEST(DescriptorFetch, GoesBackToTheLastCommit) {
  FetchBench bench(kSeed);
  auto& driver = bench.driver(kReceive);
  for (std::uint16_t i = 0; i < 6; ++i) driver.post({{0x100ULL * i, 64, true}}, i);
  bench.notify(kReceive);
  ASSERT_TRUE(bench.wait([&] { return bench.valid(kReceive); }));
  bench.cycles(40);
  auto take = [&] {
    Element const found = bench.element(kReceive);
    bench.take(kReceive);
    return found.addr;
  };
  EXPECT_EQ(take(), 0x000U);
  bench.cycle();
  EXPECT_EQ(take(), 0x100U);
  bench.commit(kReceive);  // with the take of the same cycle
  bench.cycle();
  EXPECT_EQ(take(), 0x200U);
  bench.cycle();
  EXPECT_EQ(take(), 0x300U);
  bench.rewind(kReceive);  // undoes that take too
  bench.cycle();
  EXPECT_EQ(take(), 0x200U);
  bench.cycle();
  EXPECT_EQ(take(), 0x300U);
}

TEST(DescriptorFetch, SaysWhenTheWindowIsFullOfTakenElements) {
  FetchBench bench(kSeed);
  bench.configure(256, 256);
  auto& driver = bench.driver(kReceive);
  for (std::uint16_t i = 0; i < 200; ++i) driver.post({{0x10ULL * i, 64, true}}, i);
  bench.notify(kReceive);
  int taken = 0;
  while (!bench.full(kReceive)) {
    ASSERT_TRUE(bench.wait([&] { return bench.valid(kReceive) || bench.full(kReceive); }));
    if (!bench.valid(kReceive)) break;
    bench.take(kReceive);
    bench.cycle();
    ++taken;
  }
  EXPECT_EQ(taken, 64);
  EXPECT_FALSE(bench.empty(kReceive) && bench.valid(kReceive));
  bench.rewind(kReceive);
  bench.cycle();
  EXPECT_FALSE(bench.full(kReceive));
  expect_posted(bench, kReceive);
}

TEST(DescriptorFetch, FeedsATableLongerThanTheWindow) {
  for (int batch : {1, 5, 64}) {  // how many the consumer takes before it commits
    FetchBench bench(kSeed);
    std::vector<RingDriver::Part> parts;
    for (std::uint64_t i = 0; i < 256; ++i) parts.push_back({0x1000 + i, 1, false});
    bench.driver(kTransmit).post_indirect(parts, 9, FetchBench::kTables + 3);
    bench.notify(kTransmit);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      ASSERT_TRUE(bench.wait([&] { return bench.valid(kTransmit); })) << i;
      Element const found = bench.element(kTransmit);
      EXPECT_EQ(found.addr, parts[i].addr);
      EXPECT_EQ(found.last, i == 255);
      bench.take(kTransmit);
      if ((i + 1) % static_cast<std::size_t>(batch) == 0) bench.commit(kTransmit);
      bench.cycle();
    }
    EXPECT_TRUE(bench.wait([&] { return bench.empty(kTransmit); }));
  }
}

}  // namespace
}  // namespace ringside::testbench
