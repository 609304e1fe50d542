#include "testbench/tool/seed_range.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "testbench/check/user_error.hpp"

namespace ringside::testbench {
namespace {

std::vector<std::uint64_t> all_of(SeedRange const& range) {
  std::vector<std::uint64_t> seeds;
  for (std::size_t i = 0; i < range.count(); ++i) seeds.push_back(range.at(i));
  return seeds;
}

TEST(SeedRange, HoldsBothEnds) {
  EXPECT_EQ(all_of(parse_seeds("3..6", "")), (std::vector<std::uint64_t>{3, 4, 5, 6}));
  EXPECT_EQ(all_of(parse_seeds("0..0", "")), std::vector<std::uint64_t>{0});
}

TEST(SeedRange, ShardsHaveEachSeedOnce) {
  for (std::uint64_t shards : {1U, 2U, 3U, 7U, 20U}) {
    std::vector<std::uint64_t> together;
    for (std::uint64_t shard = 1; shard <= shards; ++shard) {
      auto const part =
          all_of(parse_seeds("5..14", std::to_string(shard) + "/" + std::to_string(shards)));
      together.insert(together.end(), part.begin(), part.end());
    }
    std::sort(together.begin(), together.end());
    EXPECT_EQ(together, all_of(parse_seeds("5..14", ""))) << shards << " shards";
  }
}

TEST(SeedRange, RefusesWhatIsNone) {
  for (char const* text : {"", "5", "5..", "..5", "5..1", "a..b", "1..2..3", "-1..3", "1 ..2",
                           "1..9223372036854775808", "0..9223372036854775807", "1-5"}) {
    EXPECT_THROW(parse_seeds(text, ""), UserError) << text;
  }
  for (char const* text : {"0/2", "3/2", "1/0", "1", "/", "1/2/3", "x/2", "-1/2"}) {
    EXPECT_THROW(parse_seeds("1..9", text), UserError) << text;
  }
}

TEST(SeedRange, GoesUpToTheLargestThatAFileCanHold) {
  auto const seeds = all_of(parse_seeds("9223372036854775806..9223372036854775807", ""));
  EXPECT_EQ(seeds.size(), 2U);
  EXPECT_EQ(seeds.back(), 9223372036854775807U);
}

}  // namespace
}  // namespace ringside::testbench
