#include "stack/network/route_table.hpp"

#include <gtest/gtest.h>

#include "interface/base/random.hpp"

namespace ringside::stack {
namespace {

constexpr std::uint64_t kSeed = 0x5EED'0006;
constexpr auto kAll = [](Route const&) { return true; };
constexpr Ipv4Address kGatewayA = Ipv4Address::of(10, 0, 0, 254);
constexpr Ipv4Address kGatewayB = Ipv4Address::of(10, 0, 0, 253);

Route route(char const* prefix, std::optional<Ipv4Address> gateway = {}, std::uint32_t metric = 0,
            std::size_t interface = 0) {
  return {Ipv4Prefix::parse(prefix).value(), gateway, interface, metric};
}

TEST(RouteTable, R02_ChoosesTheLongestPrefixWhateverTheOrder) {
  RouteTable table;
  for (char const* const prefix : {"0.0.0.0/0", "10.1.0.0/16", "10.0.0.0/8", "10.1.2.3/32"}) {
    EXPECT_TRUE(table.add(route(prefix)).has_value());
  }
  EXPECT_EQ(table.find(Ipv4Address::of(10, 1, 2, 3), kAll)->prefix.length, 32);
  EXPECT_EQ(table.find(Ipv4Address::of(10, 1, 2, 4), kAll)->prefix.length, 16);
  EXPECT_EQ(table.find(Ipv4Address::of(10, 2, 0, 0), kAll)->prefix.length, 8);
  EXPECT_EQ(table.find(Ipv4Address::of(11, 0, 0, 0), kAll)->prefix.length, 0);
}

TEST(RouteTable, R02_BreaksTiesByMetricThenByAge) {
  RouteTable table;
  EXPECT_TRUE(table.add(route("0.0.0.0/0", kGatewayA, 5)).has_value());
  EXPECT_TRUE(table.add(route("0.0.0.0/0", kGatewayB, 1)).has_value());
  EXPECT_TRUE(table.add(route("0.0.0.0/0", kGatewayA, 1)).has_value());
  EXPECT_EQ(table.find({}, kAll)->gateway, kGatewayB);
  EXPECT_EQ(table.routes()[1].gateway, kGatewayA);
}

TEST(RouteTable, R04_FindsNothingWhereNothingMatches) {
  RouteTable table;
  EXPECT_TRUE(table.add(route("10.0.0.0/8")).has_value());
  EXPECT_EQ(table.find(Ipv4Address::of(11, 0, 0, 1), kAll), nullptr);
}

TEST(RouteTable, R05_AvoidsADeadGatewayIfAnotherIsAsSpecific) {
  RouteTable table;
  EXPECT_TRUE(table.add(route("0.0.0.0/0", kGatewayA, 1)).has_value());
  EXPECT_TRUE(table.add(route("0.0.0.0/0", kGatewayB, 2)).has_value());
  auto const without_a = [](Route const& r) { return r.gateway != kGatewayA; };
  EXPECT_EQ(table.find({}, without_a)->gateway, kGatewayB);
  // With none alive the best is tried all the same; a shorter prefix is no substitute.
  EXPECT_EQ(table.find({}, [](Route const&) { return false; })->gateway, kGatewayA);
  EXPECT_TRUE(table.add(route("10.0.0.0/8", kGatewayA)).has_value());
  EXPECT_EQ(table.find(Ipv4Address::of(10, 1, 1, 1), without_a)->prefix.length, 8);
}

TEST(RouteTable, IgnoresHostBitsOfAPrefix) {
  RouteTable table;
  EXPECT_TRUE(table.add(route("10.1.2.3/8")).has_value());
  EXPECT_EQ(table.add(route("10.9.9.9/8")).error(), RouteError::Exists);
  EXPECT_TRUE(table.remove(route("10.0.0.0/8")).has_value());
  EXPECT_EQ(table.remove(route("10.0.0.0/8")).error(), RouteError::Missing);
}

TEST(RouteTable, IsBounded) {
  RouteTable table;
  for (std::uint32_t i = 0; i < RouteTable::kMaxRoutes; ++i) {
    EXPECT_TRUE(table.add({{{i}, 32}, std::nullopt, 0, 0}).has_value());
  }
  EXPECT_EQ(table.add(route("10.0.0.0/8")).error(), RouteError::TableFull);
}

TEST(RouteTable, AgreesWithASearchOfAllRoutes) {
  Random random(kSeed);
  for (int round = 0; round < 50; ++round) {
    RouteTable table;
    std::vector<Route> routes;
    for (std::size_t i = 0; i < 40; ++i) {
      Route made{{{static_cast<std::uint32_t>(random.next()) & 0xF00F'0000},
                  static_cast<std::uint8_t>(random.below(33))},
                 std::nullopt,
                 i,
                 static_cast<std::uint32_t>(random.below(3))};
      if (table.add(made)) routes.push_back(made);
    }
    for (int probe = 0; probe < 100; ++probe) {
      Ipv4Address const to{static_cast<std::uint32_t>(random.next()) & 0xF00F'0000};
      Route const* best = nullptr;
      for (Route const& r : routes) {
        if (!r.prefix.contains(to)) continue;
        bool const better = best == nullptr || r.prefix.length > best->prefix.length ||
                            (r.prefix.length == best->prefix.length && r.metric < best->metric);
        if (better) best = &r;
      }
      Route const* const found = table.find(to, kAll);
      ASSERT_EQ(found == nullptr, best == nullptr) << "seed " << kSeed << " round " << round;
      if (best != nullptr) {
        ASSERT_EQ(found->interface, best->interface) << "seed " << kSeed << " round " << round;
      }
    }
  }
}

}  // namespace
}  // namespace ringside::stack
