#include "testbench/tool/numbers.hpp"

#include <gtest/gtest.h>

namespace ringside::testbench {
namespace {

TEST(Numbers, AreAllOfTheTextOrNone) {
  EXPECT_EQ(parse_number("12.5"), 12.5);
  EXPECT_EQ(parse_number("0"), 0.0);
  for (char const* text : {"", " 1", "1 ", "1x", "x", "1,5", "+1"}) {
    EXPECT_FALSE(parse_number(text)) << text;
  }
}

TEST(Numbers, WholeOnesKeepToTheirBoundsAndSayThem) {
  CLI::Validator const check = whole_number(0, 100);
  for (std::string text : {"0", "7", "100"}) EXPECT_EQ(check(text), "") << text;
  for (std::string text : {"-1", "101", "1.5", "", "0x10", "ten", "99999999999999999999999999"}) {
    EXPECT_NE(check(text).find("no whole number from 0 to 100"), std::string::npos) << text;
  }
}

TEST(Numbers, SecondsArePositive) {
  CLI::Validator const check = positive_seconds();
  for (std::string text : {"0.5", "100"}) EXPECT_EQ(check(text), "") << text;
  for (std::string text : {"0", "-1", "nan", "inf", "", "1s"}) {
    EXPECT_NE(check(text), "") << text;
  }
}

}  // namespace
}  // namespace ringside::testbench
