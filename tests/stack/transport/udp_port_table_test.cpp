#include "stack/transport/udp_port_table.hpp"

#include <gtest/gtest.h>

#include <set>

namespace ringside::stack {
namespace {

constexpr std::uint64_t kSeed = 0x5EED'0007;
constexpr Ipv4Address kOurs = Ipv4Address::of(10, 9, 0, 1);
constexpr Ipv4Address kOther = Ipv4Address::of(10, 9, 1, 1);
constexpr Endpoint kPeer{Ipv4Address::of(10, 9, 0, 2), 53};

// The table only compares pointers.
UdpEndpoint* endpoint(std::uintptr_t number) { return reinterpret_cast<UdpEndpoint*>(number * 64); }

TEST(UdpPortTable, U09_PrefersTheConnectedThenTheBoundThenTheWildcard) {
  UdpPortTable table;
  Endpoint const local{kOurs, 1000};
  EXPECT_EQ(table.most_specific(local, kPeer), nullptr);
  EXPECT_TRUE(table.add({{{}, 1000}, std::nullopt, endpoint(1)}));
  EXPECT_EQ(table.most_specific(local, kPeer), endpoint(1));
  EXPECT_TRUE(table.add({local, std::nullopt, endpoint(2)}));
  EXPECT_EQ(table.most_specific(local, kPeer), endpoint(2));
  EXPECT_TRUE(table.add({local, kPeer, endpoint(3)}));
  EXPECT_EQ(table.most_specific(local, kPeer), endpoint(3));
  EXPECT_EQ(table.most_specific(local, {kPeer.address, 54}), endpoint(2));
  EXPECT_EQ(table.most_specific({kOther, 1000}, kPeer), endpoint(1));
  EXPECT_EQ(table.most_specific({kOurs, 1001}, kPeer), nullptr);
}

TEST(UdpPortTable, U09_GivesAGroupToAllThatTakeAnyAddress) {
  UdpPortTable table;
  EXPECT_TRUE(table.add({{{}, 1000}, std::nullopt, endpoint(1)}));
  EXPECT_TRUE(table.add({{{}, 1000}, kPeer, endpoint(2)}));
  EXPECT_TRUE(table.add({{kOurs, 1000}, std::nullopt, endpoint(3)}));
  EXPECT_EQ(table.group(1000, kPeer), (std::vector{endpoint(1), endpoint(2)}));
  EXPECT_EQ(table.group(1000, {kOther, 53}), std::vector{endpoint(1)});
}

TEST(UdpPortTable, KnowsWhatIsTaken) {
  UdpPortTable table;
  EXPECT_TRUE(table.add({{kOurs, 1000}, std::nullopt, endpoint(1)}));
  EXPECT_FALSE(table.is_free({kOurs, 1000}));
  EXPECT_FALSE(table.is_free({{}, 1000}));
  EXPECT_TRUE(table.is_free({kOther, 1000}));
  EXPECT_TRUE(table.is_free({kOurs, 1001}));
  table.remove(1000, endpoint(1));
  EXPECT_TRUE(table.is_free({{}, 1000}));
  EXPECT_EQ(table.size(), 0u);
}

TEST(UdpPortTable, U11_DrawsEphemeralPortsAtRandomUntilNoneIsLeft) {
  UdpPortTable table;
  Random random(kSeed);
  std::set<std::uint16_t> first;
  for (int i = 0; i < 100; ++i) first.insert(table.pick_ephemeral({}, random).value());
  EXPECT_GT(first.size(), 95u);
  EXPECT_GE(*first.begin(), UdpPortTable::kFirstEphemeral);

  // All but one taken: that one is found.
  std::uint16_t const left = 50'000;
  std::size_t added = 0;
  for (std::uint32_t port = UdpPortTable::kFirstEphemeral; port <= UdpPortTable::kLastEphemeral;
       ++port) {
    if (port == left) continue;
    if (!table.add({{{}, static_cast<std::uint16_t>(port)}, std::nullopt, endpoint(port)})) break;
    ++added;
  }
  EXPECT_EQ(added, UdpPortTable::kMaxBindings);
  EXPECT_GT(table.pick_ephemeral({}, random).value(),
            UdpPortTable::kFirstEphemeral + UdpPortTable::kMaxBindings - 1);
}

}  // namespace
}  // namespace ringside::stack
