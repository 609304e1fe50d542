#include "model/device/link_fault.hpp"

#include <gtest/gtest.h>

namespace ringside::model {
namespace {

constexpr TimePoint column(std::int64_t number) { return TimePoint{number * LinkFault::kColumn}; }

// All changes of the fault up to a column, in a line that changes as listed.
std::vector<LineChange> faults(std::vector<LineChange> const& line, std::int64_t until) {
  LinkFault link;
  std::vector<LineChange> seen;
  auto const follow = [&](TimePoint at) {
    while (auto const change = link.step(at)) seen.push_back(*change);
  };
  for (LineChange const& change : line) {
    follow(change.start - Duration{1});
    link.change(change);
  }
  follow(column(until));
  return seen;
}

LineChange is(std::int64_t at, LineSignal signal) { return {column(at), signal}; }

using enum LineSignal;

TEST(LinkFault, IsFoundWithTheFourthSet) {
  EXPECT_TRUE(faults({is(10, LocalFault), is(13, Idle)}, 500).empty());
  auto const found = faults({is(10, LocalFault)}, 5000);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].start, column(13));
  EXPECT_EQ(found[0].signal, LocalFault);
}

TEST(LinkFault, EndsBehind128ColumnsOfSilence) {
  auto const found = faults({is(10, RemoteFault), is(20, Idle)}, 147);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[1].start, column(147));
  EXPECT_EQ(found[1].signal, Idle);
  EXPECT_EQ(faults({is(10, RemoteFault), is(20, Idle)}, 146).size(), 1U);
  // A set in the last of these columns goes on.
  EXPECT_EQ(
      faults({is(10, RemoteFault), is(20, Idle), is(147, RemoteFault), is(148, Idle)}, 274).size(),
      1U);
}

TEST(LinkFault, CountsSetsOfOneKindThatAreNotFarApart) {
  std::vector<LineChange> near;
  std::vector<LineChange> far;
  for (int i = 0; i < 4; ++i) {
    near.push_back(is(10 + 128 * i, LocalFault));
    near.push_back(is(11 + 128 * i, Idle));
    far.push_back(is(10 + 129 * i, LocalFault));
    far.push_back(is(11 + 129 * i, Idle));
  }
  EXPECT_EQ(faults(near, 395).size(), 1U);
  EXPECT_TRUE(faults(far, 2000).empty());
}

TEST(LinkFault, BeginsAnewWithAnotherKindAndKeepsWhatItSaidUntilThen) {
  auto const found = faults(
      {is(10, LocalFault), is(20, RemoteFault), is(22, LocalFault), is(30, RemoteFault)}, 99);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].start, column(13));
  EXPECT_EQ(found[1].start, column(33));
  EXPECT_EQ(found[1].signal, RemoteFault);
}

}  // namespace
}  // namespace ringside::model
