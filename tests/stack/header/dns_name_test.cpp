#include "stack/header/dns_name.hpp"

#include <gtest/gtest.h>

namespace ringside::stack {
namespace {

DnsName name(std::string_view text) { return DnsName::parse(text).value(); }

TEST(DnsName, ParsesTextAndWritesItBack) {
  for (char const* const text :
       {".", "com", "www.Example.com", "_dns._udp.example", R"(a\.b.c)", R"(sp\032ace.\\x)"}) {
    ASSERT_TRUE(DnsName::parse(text).has_value()) << text;
    EXPECT_EQ(name(text).to_string(), text);
  }
  EXPECT_EQ(name("example.com."), name("example.com"));
  EXPECT_EQ(name(R"(\065bc)").to_string(), "Abc");
}

TEST(DnsName, D01_RefusesEmptyAndLongLabelsAndLongNames) {
  std::string const longest(63, 'x');
  EXPECT_TRUE(DnsName::parse(longest).has_value());
  EXPECT_FALSE(DnsName::parse(longest + 'x').has_value());
  std::string const full = longest + '.' + longest + '.' + longest + '.' + std::string(61, 'y');
  ASSERT_TRUE(DnsName::parse(full).has_value());
  EXPECT_EQ(name(full).wire_size(), 255u);
  EXPECT_FALSE(DnsName::parse(full + 'y').has_value());
  for (char const* const text : {"", "..", "a..b", ".a", R"(a\)", R"(a\25)", R"(a\256)"}) {
    EXPECT_FALSE(DnsName::parse(text).has_value()) << text;
  }
}

TEST(DnsName, D01_ComparesWithoutCaseAndKeepsIt) {
  EXPECT_EQ(name("WWW.example.COM"), name("www.EXAMPLE.com"));
  EXPECT_EQ(name("WWW.example.COM").hash(), name("www.EXAMPLE.com").hash());
  EXPECT_EQ(name("WWW.example.COM").to_string(), "WWW.example.COM");
  EXPECT_NE(name("a.b"), name("ab"));
  EXPECT_NE(name("a.b"), name(R"(a\.b)"));
  EXPECT_LT(name("a"), name("B"));
}

TEST(DnsName, KnowsWhatLiesBelowIt) {
  DnsName const zone = name("example.com");
  EXPECT_TRUE(name("Example.com").is_within(zone));
  EXPECT_TRUE(name("a.b.example.com").is_within(zone));
  EXPECT_TRUE(zone.is_within(DnsName{}));
  EXPECT_FALSE(name("badexample.com").is_within(zone));
  EXPECT_FALSE(name("com").is_within(zone));
  // The end of a label that looks like a label.
  EXPECT_FALSE(name(R"(x\007example.com)").is_within(name("example.com")));
}

TEST(DnsName, LosesItsFirstLabelToItsParent) {
  EXPECT_EQ(name("a.b.c").parent(), name("b.c"));
  EXPECT_EQ(name("c").parent(), DnsName{});
  EXPECT_TRUE(DnsName{}.parent().is_root());
  EXPECT_EQ(name("a.b.c").label_count(), 3u);
  EXPECT_EQ(DnsName{}.label_count(), 0u);
}

}  // namespace
}  // namespace ringside::stack
