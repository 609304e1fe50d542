#include "Vreceive_checksum.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "tests/frame/transport_frame.hpp"
#include "tests/rtl/datapath/beats.hpp"

namespace ringside::test {
namespace {

constexpr std::uint64_t kSeed = 0xC5C5;

struct Verdict {
  std::size_t last = 0;
  bool verified = false;
};

class ReceiveChecksum : public testing::Test {
 protected:
  ReceiveChecksum() {
    block_->rst_i = 1;
    clock();
    block_->rst_i = 0;
  }

  void clock() {
    block_->clk_i = 0;
    block_->eval();
    if (block_->valid_o) verdicts_.push_back({block_->last_o, block_->verified_o != 0});
    block_->clk_i = 1;
    block_->eval();
  }

  // A frame beat by beat, with chance gaps; `keep` as the frame buffer decides.
  void put(Frame const& frame, bool keep, double gap) {
    for (std::size_t at = 0; at < frame.size(); at += 8) {
      while (random_.chance(gap)) idle();
      bool const last = set_mac_beat(block_->beat_i, frame, at);
      block_->valid_i = 1;
      block_->commit_i = last && keep;
      block_->last_i = static_cast<SData>((last ? frame.size() - 1 : at) & 0x7FF);
      clock();
    }
  }

  void idle() {
    block_->valid_i = 0;
    block_->commit_i = 0;
    clock();
  }

  void expect_verdicts(std::vector<ChecksumCase> const& cases) {
    for (int i = 0; i < 3; ++i) idle();
    ASSERT_EQ(verdicts_.size(), cases.size());
    for (std::size_t i = 0; i < cases.size(); ++i) {
      EXPECT_EQ(verdicts_[i].verified, cases[i].verified) << cases[i].what;
      EXPECT_EQ(verdicts_[i].last, cases[i].frame.size() - 1);
    }
  }

  Random random_{kSeed};
  std::unique_ptr<Vreceive_checksum> block_ = std::make_unique<Vreceive_checksum>();
  std::vector<Verdict> verdicts_;
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
