#include <gtest/gtest.h>

#include <vector>

#include "tests/frame/transport_frame.hpp"
#include "tests/rtl/datapath/parser_bench.hpp"

namespace ringside::test {
namespace {

constexpr std::uint64_t kSeed = 0xC5C5;

class ReceiveChecksum : public testing::Test, protected ParserBench {
 protected:
  ReceiveChecksum() : ParserBench(kSeed) {}

  void expect_verdicts(std::vector<ChecksumCase> const& cases) {
    for (int i = 0; i < 3; ++i) idle();
    ASSERT_EQ(records.size(), cases.size());
    for (std::size_t i = 0; i < cases.size(); ++i) {
      EXPECT_EQ(records[i].verified, cases[i].verified) << cases[i].what;
      EXPECT_EQ(records[i].last, cases[i].frame.size() - 1);
    }
  }
};

TEST_F(ReceiveChecksum, IsRightOnlyWhereAllOfItHasBeenChecked) {
  auto const cases = checksum_cases(kSeed);
  for (auto const& each : cases) put(each.frame, true, 0.0);
  expect_verdicts(cases);
  EXPECT_GT(cases.size(), 700U);
}

TEST_F(ReceiveChecksum, TakesGapsWithinAndBetweenFrames) {
  auto const cases = checksum_cases(kSeed + 1);
  for (auto const& each : cases) put(each.frame, true, 0.3);
  expect_verdicts(cases);
}

TEST_F(ReceiveChecksum, IsNotMovedByFramesThatAreNotKept) {
  auto cases = checksum_cases(kSeed + 2);
  for (auto const& each : cases) {
    // The wire may hold anything, of any length, at once before a good frame.
    Frame noise = cases[random_.below(cases.size())].frame;
    if (random_.chance(0.7)) noise.resize(1 + random_.below(100), 0x45);
    put(noise, false, 0.0);
    put(each.frame, true, 0.0);
  }
  expect_verdicts(cases);
}

TEST_F(ReceiveChecksum, RestsBetweenFrames) {
  auto const cases = checksum_cases(kSeed);
  put(cases[0].frame, true, 0.0);
  for (int i = 0; i < 3; ++i) idle();
  block_->eval();
  EXPECT_TRUE(block_->quiescent_o);
}

}  // namespace
}  // namespace ringside::test
