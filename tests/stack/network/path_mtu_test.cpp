#include "stack/network/path_mtu.hpp"

#include <gtest/gtest.h>

namespace ringside::stack {
namespace {

constexpr Ipv4Address kTo = Ipv4Address::of(10, 0, 0, 1);
constexpr TimePoint kStart{};

TEST(PathMtuTable, P02_LowersAndNeverRaises) {
  PathMtuTable table;
  EXPECT_EQ(table.towards(kTo, 1500, kStart), 1500);
  table.learn(kTo, 1400, 1500, kStart);
  EXPECT_EQ(table.towards(kTo, 1500, kStart), 1400);
  table.learn(kTo, 1450, 1500, kStart);
  EXPECT_EQ(table.towards(kTo, 1500, kStart), 1400);
  EXPECT_EQ(table.towards({kTo.value + 1}, 1500, kStart), 1500);
}

TEST(PathMtuTable, P02_DoesNotBelieveTinyValues) {
  PathMtuTable table;
  table.learn(kTo, 68, 1500, kStart);
  EXPECT_EQ(table.towards(kTo, 1500, kStart), PathMtuTable::kFloor);
}

TEST(PathMtuTable, P03_ForgetsAfterTenMinutes) {
  PathMtuTable table;
  table.learn(kTo, 1400, 1500, kStart);
  EXPECT_EQ(table.towards(kTo, 1500, kStart + PathMtuTable::kLifetime - Duration{1}), 1400);
  EXPECT_EQ(table.towards(kTo, 1500, kStart + PathMtuTable::kLifetime), 1500);
}

TEST(PathMtuTable, IC16_WalksDownThePlateausWhenTheRouterDoesNotSay) {
  PathMtuTable table;
  for (std::uint16_t const expected : {1492, 1006, 552, 552}) {
    table.learn(kTo, 0, 1500, kStart);
    EXPECT_EQ(table.towards(kTo, 1500, kStart), expected);
  }
}

TEST(PathMtuTable, IsBoundedAndForgetsTheOldestFirst) {
  PathMtuTable table;
  for (std::uint32_t i = 0; i <= PathMtuTable::kMaxEntries; ++i) {
    table.learn({kTo.value + i}, 1400, 1500, kStart + Duration{i});
  }
  EXPECT_EQ(table.towards(kTo, 1500, kStart), 1500);
  EXPECT_EQ(table.towards({kTo.value + 1}, 1500, kStart), 1400);
}

}  // namespace
}  // namespace ringside::stack
