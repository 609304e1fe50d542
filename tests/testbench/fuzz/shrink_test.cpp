#include "testbench/fuzz/shrink.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "testbench/fuzz/draw.hpp"

namespace ringside::testbench::fuzz {
namespace {

std::size_t count(Case const& drawn, Kind kind) {
  return static_cast<std::size_t>(
      std::count_if(drawn.actions.begin(), drawn.actions.end(),
                    [kind](Action const& action) { return action.kind == kind; }));
}

// A drawn case with enough of everything.
Case large_case() {
  for (std::uint64_t seed = 1;; ++seed) {
    Case const drawn = draw(seed);
    if (drawn.actions.size() > 60 && count(drawn, Kind::Send) > 3 && count(drawn, Kind::Mask) > 1) {
      return drawn;
    }
  }
}

TEST(Shrink, LeavesOnlyTheActionsThatAreNeeded) {
  auto const fails = [](Case const& tried) {
    return count(tried, Kind::Send) >= 2 && count(tried, Kind::Mask) >= 1;
  };
  Shrunk const shrunk = shrink(large_case(), fails);
  EXPECT_EQ(shrunk.smallest.actions.size(), 3U);
  EXPECT_TRUE(fails(shrunk.smallest));
  for (Action const& action : shrunk.smallest.actions) EXPECT_EQ(action, simplest(action.kind));
  EXPECT_EQ(shrunk.smallest.link, simplest(Kind::Link));
}

TEST(Shrink, BringsAValueToWhereItStillFails) {
  Case drawn;
  drawn.actions = {simplest(Kind::Start), simplest(Kind::Send), simplest(Kind::Wait)};
  drawn.actions[1][offer::Bytes] = 1500;
  drawn.actions[1][offer::Pieces] = 9;
  auto const fails = [](Case const& tried) {
    return std::any_of(tried.actions.begin(), tried.actions.end(), [](Action const& action) {
      return action.kind == Kind::Send && action[offer::Bytes] >= 317;
    });
  };
  Shrunk const shrunk = shrink(drawn, fails);
  ASSERT_EQ(shrunk.smallest.actions.size(), 1U);
  Action expected = simplest(Kind::Send);
  expected[offer::Bytes] = 317;
  EXPECT_EQ(shrunk.smallest.actions[0], expected);
}

TEST(Shrink, StopsWhenItHasRunOften) {
  std::size_t runs = 0;
  auto const fails = [&runs](Case const&) {
    ++runs;
    return runs % 2 == 0;
  };
  Shrunk const shrunk = shrink(large_case(), fails, 25);
  EXPECT_EQ(runs, 25U);
  EXPECT_EQ(shrunk.runs, 25U);
}

TEST(Shrink, KeepsWhatCanNotBeSmaller) {
  Case const drawn = draw(3);
  auto const fails = [&](Case const& tried) { return tried == drawn; };
  EXPECT_EQ(shrink(drawn, fails).smallest, drawn);
}

}  // namespace
}  // namespace ringside::testbench::fuzz
