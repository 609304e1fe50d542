#include "stack/header/ipv4_address.hpp"

#include <gtest/gtest.h>

namespace ringside::stack {
namespace {

TEST(Ipv4Address, ParsesADottedQuadAndWritesItBack) {
  for (char const* const text : {"0.0.0.0", "10.9.0.2", "192.168.1.254", "255.255.255.255"}) {
    auto const address = Ipv4Address::parse(text);
    ASSERT_TRUE(address.has_value()) << text;
    EXPECT_EQ(address->to_string(), text);
  }
  EXPECT_EQ(Ipv4Address::parse("1.2.3.4")->value, 0x0102'0304u);
}

TEST(Ipv4Address, ParsesNothingElse) {
  for (char const* const text :
       {"", "1", "1.2.3", "1.2.3.4.5", "1.2.3.", ".1.2.3", "256.1.1.1", "1.2.3.4 ", " 1.2.3.4",
        "01.2.3.4", "1.2.3.0x4", "1..2.3", "-1.2.3.4", "1.2.3.4444", "1,2,3,4"}) {
    EXPECT_FALSE(Ipv4Address::parse(text).has_value()) << text;
  }
}

TEST(Ipv4Address, KnowsItsKind) {
  EXPECT_TRUE(Ipv4Address::of(127, 1, 2, 3).is_loopback());
  EXPECT_TRUE(Ipv4Address::of(224, 0, 0, 1).is_multicast());
  EXPECT_FALSE(Ipv4Address::of(240, 0, 0, 1).is_multicast());
  EXPECT_TRUE(Ipv4Address::of(240, 0, 0, 1).is_class_e());
  EXPECT_FALSE(Ipv4Address::of(255, 255, 255, 255).is_class_e());
  EXPECT_TRUE(Ipv4Address::of(255, 255, 255, 255).is_limited_broadcast());
}

TEST(Ipv4Prefix, ParsesAddressAndLength) {
  auto const prefix = Ipv4Prefix::parse("10.9.0.0/24");
  ASSERT_TRUE(prefix.has_value());
  EXPECT_TRUE(prefix->contains(Ipv4Address::of(10, 9, 0, 255)));
  EXPECT_FALSE(prefix->contains(Ipv4Address::of(10, 9, 1, 0)));
  EXPECT_EQ(prefix->broadcast(), Ipv4Address::of(10, 9, 0, 255));
  EXPECT_TRUE(Ipv4Prefix::parse("0.0.0.0/0")->contains(Ipv4Address::of(1, 2, 3, 4)));
  for (char const* const text : {"10.9.0.0", "10.9.0.0/", "10.9.0.0/33", "10.9.0.0/024", "/24"}) {
    EXPECT_FALSE(Ipv4Prefix::parse(text).has_value()) << text;
  }
}

TEST(Ipv4Prefix, R09_OfLength31Or32HasNoBroadcastAddress) {
  EXPECT_FALSE(Ipv4Prefix::parse("10.0.0.0/31")->broadcast().has_value());
  EXPECT_FALSE(Ipv4Prefix::parse("10.0.0.1/32")->broadcast().has_value());
  EXPECT_TRUE(Ipv4Prefix::parse("10.0.0.0/30")->broadcast().has_value());
}

}  // namespace
}  // namespace ringside::stack
