#include "testbench/lockstep/judge.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringside::testbench::lockstep {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr TimePoint at(std::int64_t ns) { return TimePoint{Duration{ns * 1000}}; }

TEST(Judge, KeepsTheFirstDifference) {
  Judge judge;
  EXPECT_FALSE(judge.difference());
  judge.differ(at(5), Topic::Wire, "first");
  judge.differ(at(6), Topic::Transmit, "second");
  ASSERT_TRUE(judge.difference());
  EXPECT_EQ(judge.difference()->what, "first");
  EXPECT_EQ(judge.difference()->at, at(5));
}

TEST(Judge, TellsWhatBothSidesDidLastInThatMatter) {
  Judge judge;
  for (std::uint64_t i = 1; i <= 20; ++i) {
    judge.note(Side::Rtl, at(static_cast<std::int64_t>(i)), Topic::Transmit, "reads at", 0x1000, i);
  }
  judge.note(Side::Reference, at(21), Topic::Transmit, "waits");
  judge.note(Side::Rtl, at(22), Topic::Receive, "does something else");
  judge.differ(at(23), Topic::Transmit, "they differ");
  judge.note(Side::Rtl, at(24), Topic::Transmit, "goes on");
  std::string const account = judge.account();
  EXPECT_THAT(account, HasSubstr("0.023 us: they differ\n"));
  EXPECT_THAT(account, HasSubstr("reads at 0x1000, 20\n"));
  EXPECT_THAT(account, HasSubstr("0.021 us  waits\n"));
  EXPECT_THAT(account, Not(HasSubstr(", 1\n"))) << "too long ago";
  EXPECT_THAT(account, Not(HasSubstr("something else")));
  EXPECT_THAT(account, Not(HasSubstr("goes on"))) << "what follows is not the cause";
}

}  // namespace
}  // namespace ringside::testbench::lockstep
