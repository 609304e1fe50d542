#include "stack/link/neighbour_cache.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "tests/stack/heap_packet_pool.hpp"
#include "tests/stack/virtual_executor.hpp"

namespace ringside::stack {
namespace {

using namespace std::chrono_literals;
using Evidence = NeighbourCache::Evidence;

constexpr std::uint64_t kSeed = 0x5EED'0003;
constexpr MacAddress kMac{{2, 0, 0, 0, 0, 9}};
constexpr MacAddress kOtherMac{{2, 0, 0, 0, 0, 8}};
constexpr Ipv4Address kPeer = Ipv4Address::of(10, 9, 0, 9);

class NeighbourCacheTest : public ::testing::Test, protected NeighbourProtocol {
 protected:
  void solicit(Ipv4Address address, std::optional<MacAddress> last_known) override {
    asked.push_back({executor.now(), address, last_known});
  }
  void send_resolved(PacketBuffer packet, MacAddress const& to, bool) override {
    sent.push_back(std::as_const(packet).bytes()[0]);
    EXPECT_EQ(to, cache.find(kPeer)->mac);
  }
  void unreachable(PacketBuffer packet, Ipv4Address) override {
    returned.push_back(std::as_const(packet).bytes()[0]);
  }
  void gave_up(Ipv4Address address) override { given_up.push_back(address); }

  PacketBuffer packet(std::uint8_t mark = 0) {
    PacketBuffer made = pool.allocate(0);
    made.append(1)[0] = mark;
    return made;
  }
  std::optional<MacAddress> resolve(Ipv4Address address = kPeer, std::uint8_t mark = 0) {
    PacketBuffer made = packet(mark);
    return cache.resolve(address, made);
  }
  NeighbourState state() { return cache.find(kPeer).value().state; }

  struct Asked {
    TimePoint when;
    Ipv4Address address;
    std::optional<MacAddress> last_known;
  };
  VirtualExecutor executor;
  HeapPacketPool pool{1024, 64};
  std::vector<Asked> asked;
  std::vector<std::uint8_t> sent;
  std::vector<std::uint8_t> returned;
  std::vector<Ipv4Address> given_up;
  NeighbourCache cache{executor, Random(kSeed), *this};
};

TEST_F(NeighbourCacheTest, A07_AsksOnceAndThenStaysSilentForOneSecond) {
  for (int i = 0; i < 100; ++i) {
    EXPECT_FALSE(resolve().has_value());
    executor.run_for(5ms);
  }
  EXPECT_EQ(asked.size(), 1u);
  executor.run_for(600ms);
  EXPECT_EQ(asked.size(), 2u);
  EXPECT_EQ(asked[1].when - asked[0].when, Duration(1s));
  EXPECT_FALSE(asked[1].last_known.has_value());
}

TEST_F(NeighbourCacheTest, A08_KeepsTheNewestThreePacketsAndSendsThemInOrder) {
  for (std::uint8_t i = 0; i < 5; ++i) resolve(kPeer, i);
  EXPECT_EQ(cache.statistics().packets_dropped, 2u);
  cache.learn(kPeer, kMac, Evidence::Answer);
  EXPECT_EQ(sent, (std::vector<std::uint8_t>{2, 3, 4}));
  EXPECT_EQ(state(), NeighbourState::Reachable);
  EXPECT_EQ(resolve(), kMac);
  EXPECT_TRUE(executor.idle());
}

TEST_F(NeighbourCacheTest, A09_GivesUpAfterThreeRequestsAndReturnsThePackets) {
  resolve(kPeer, 7);
  executor.run_until_idle();
  EXPECT_EQ(executor.now().time_since_epoch(), Duration(3s));
  EXPECT_EQ(asked.size(), 3u);
  EXPECT_EQ(returned, std::vector<std::uint8_t>{7});
  EXPECT_EQ(given_up, std::vector<Ipv4Address>{kPeer});
  EXPECT_EQ(state(), NeighbourState::Failed);
  EXPECT_TRUE(cache.failed_lately(kPeer));
  EXPECT_EQ(pool.available(), pool.size());
}

TEST_F(NeighbourCacheTest, AsksAgainForANeighbourThatFailed) {
  resolve();
  executor.run_until_idle();
  EXPECT_FALSE(resolve().has_value());
  EXPECT_EQ(asked.size(), 4u);
  cache.learn(kPeer, kMac, Evidence::Answer);
  EXPECT_EQ(resolve(), kMac);
  EXPECT_FALSE(cache.failed_lately(kPeer));
}

TEST_F(NeighbourCacheTest, ForgetsAFailureAfterAWhile) {
  resolve();
  executor.run_until_idle();
  executor.run_for(NeighbourCache::kFailureMemory - 1us);
  EXPECT_TRUE(cache.failed_lately(kPeer));
  executor.run_for(1us);
  EXPECT_FALSE(cache.failed_lately(kPeer));
}

TEST_F(NeighbourCacheTest, A03_MakesAnEntryOnlyForWhoeverContactsUs) {
  cache.learn(kPeer, kMac, Evidence::Mention);
  cache.learn(kPeer, kMac, Evidence::Answer);  // to a question that nobody asked
  EXPECT_EQ(cache.size(), 0u);
  cache.learn(kPeer, kMac, Evidence::Contact);
  EXPECT_EQ(cache.size(), 1u);
  EXPECT_EQ(state(), NeighbourState::Stale);
}

TEST_F(NeighbourCacheTest, A11_AgesWithoutATimer) {
  cache.learn(kPeer, kMac, Evidence::Contact);
  cache.learn(kPeer, kMac, Evidence::Answer);
  EXPECT_GE(cache.reachable_time(), Duration(15s));
  EXPECT_LE(cache.reachable_time(), Duration(45s));
  EXPECT_TRUE(executor.idle());
  executor.run_for(cache.reachable_time() - 1us);
  EXPECT_EQ(state(), NeighbourState::Reachable);
  executor.run_for(1us);
  EXPECT_EQ(state(), NeighbourState::Stale);
  EXPECT_TRUE(executor.idle());
}

TEST_F(NeighbourCacheTest, A11_ProbesAStaleNeighbourInUseAfterFiveSeconds) {
  cache.learn(kPeer, kMac, Evidence::Contact);
  EXPECT_EQ(resolve(), kMac);
  EXPECT_EQ(state(), NeighbourState::Delay);
  executor.run_for(5s);
  EXPECT_EQ(state(), NeighbourState::Probe);
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_EQ(asked[0].last_known, kMac);
  EXPECT_EQ(resolve(), kMac);  // still used meanwhile
  executor.run_until_idle();
  EXPECT_EQ(asked.size(), 3u);
  EXPECT_EQ(asked[2].when - asked[0].when, Duration(2s));
  EXPECT_EQ(state(), NeighbourState::Failed);
}

TEST_F(NeighbourCacheTest, A11_AnAnswerToAProbeMakesItReachable) {
  cache.learn(kPeer, kMac, Evidence::Contact);
  resolve();
  executor.run_for(5s);
  cache.learn(kPeer, kMac, Evidence::Answer);
  EXPECT_EQ(state(), NeighbourState::Reachable);
  EXPECT_TRUE(executor.idle());
}

TEST_F(NeighbourCacheTest, A11_ConfirmationByAnUpperLayerSparesTheProbe) {
  cache.learn(kPeer, kMac, Evidence::Contact);
  resolve();
  executor.run_for(2s);
  cache.confirm(kPeer);
  EXPECT_EQ(state(), NeighbourState::Reachable);
  EXPECT_TRUE(executor.idle());
  cache.confirm(Ipv4Address::of(10, 9, 0, 77));
  EXPECT_EQ(cache.size(), 1u);
}

TEST_F(NeighbourCacheTest, A02_TakesANewLinkAddressButDoesNotTrustItYet) {
  cache.learn(kPeer, kMac, Evidence::Contact);
  cache.confirm(kPeer);
  cache.learn(kPeer, kMac, Evidence::Mention);
  EXPECT_EQ(state(), NeighbourState::Reachable);
  cache.learn(kPeer, kOtherMac, Evidence::Mention);
  EXPECT_EQ(state(), NeighbourState::Stale);
  EXPECT_EQ(resolve(), kOtherMac);
  EXPECT_EQ(cache.statistics().address_changes, 1u);
}

TEST_F(NeighbourCacheTest, SendsWhatWaitsWhenTheNeighbourItselfSpeaksUp) {
  resolve(kPeer, 5);
  cache.learn(kPeer, kMac, Evidence::Mention);
  EXPECT_EQ(sent, std::vector<std::uint8_t>{5});
  EXPECT_EQ(state(), NeighbourState::Stale);
  EXPECT_TRUE(executor.idle());
}

TEST_F(NeighbourCacheTest, A15_IsBoundedAndEvictsTheLongestUnusedStaleEntryFirst) {
  for (std::uint32_t i = 0; i < NeighbourCache::kMaxEntries; ++i) {
    cache.learn({kPeer.value + i}, kMac, Evidence::Contact);
    executor.run_for(1ms);
  }
  EXPECT_EQ(resolve(kPeer), kMac);  // the oldest is in use now
  cache.learn({kPeer.value + 1000}, kMac, Evidence::Contact);
  EXPECT_EQ(cache.size(), NeighbourCache::kMaxEntries);
  EXPECT_TRUE(cache.find(kPeer).has_value());
  EXPECT_FALSE(cache.find({kPeer.value + 1}).has_value());
  EXPECT_EQ(cache.statistics().evictions, 1u);
}

TEST_F(NeighbourCacheTest, A15_DropsThePacketsOfAnEvictedEntry) {
  for (std::uint32_t i = 0; i < NeighbourCache::kMaxEntries + 5; ++i) resolve({kPeer.value + i});
  EXPECT_EQ(cache.size(), NeighbourCache::kMaxEntries);
  EXPECT_EQ(cache.statistics().packets_dropped, 5u);
  executor.run_until_idle();
  EXPECT_EQ(returned.size(), NeighbourCache::kMaxEntries);
  EXPECT_EQ(pool.available(), pool.size());
}

TEST_F(NeighbourCacheTest, KeepsOnePacketForEachNeighbourWhileThePoolIsScarce) {
  pool.reserve = pool.size() * 3 / 2;
  for (std::uint8_t mark = 1; mark <= 3; ++mark) EXPECT_FALSE(resolve(kPeer, mark));
  EXPECT_EQ(pool.size() - pool.available(), 1u);
  EXPECT_EQ(cache.statistics().packets_dropped, 2u);
  cache.learn(kPeer, kMac, Evidence::Answer);
  EXPECT_EQ(sent, std::vector<std::uint8_t>{3}) << "the newest";
}

TEST_F(NeighbourCacheTest, KeepsNothingWhileThePoolIsShortButAsks) {
  pool.reserve = pool.size() * 4;
  EXPECT_FALSE(resolve());
  EXPECT_EQ(pool.available(), pool.size());
  EXPECT_EQ(asked.size(), 1u);
  cache.learn(kPeer, kMac, Evidence::Answer);
  EXPECT_EQ(resolve(), kMac);
}

TEST_F(NeighbourCacheTest, A15_NeverEvictsOrChangesPermanentEntries) {
  for (std::uint32_t i = 0; i < NeighbourCache::kMaxEntries; ++i) {
    EXPECT_TRUE(cache.set_permanent({kPeer.value + i}, kMac));
  }
  EXPECT_FALSE(cache.set_permanent({kPeer.value + 1000}, kMac));
  EXPECT_FALSE(resolve({kPeer.value + 1000}).has_value());
  EXPECT_EQ(cache.statistics().packets_dropped, 1u);
  cache.learn(kPeer, kOtherMac, Evidence::Answer);
  EXPECT_EQ(resolve(), kMac);
  EXPECT_TRUE(executor.idle());
}

}  // namespace
}  // namespace ringside::stack
