#include "Vreceive_selector.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "interface/base/random.hpp"
#include "tests/rtl/datapath/queue_elements.hpp"

namespace ringside::test {
namespace {

constexpr std::uint64_t kSeed = 0x5E1E;

class ReceiveSelector : public testing::Test {
 protected:
  ReceiveSelector() {
    block_->rst_i = 1;
    clock();
    block_->rst_i = 0;
  }

  void clock() {
    block_->clk_i = 0;
    block_->eval();
    block_->clk_i = 1;
    block_->eval();
  }

  Random random_{kSeed};
  std::unique_ptr<Vreceive_selector> block_ = std::make_unique<Vreceive_selector>();
};

TEST_F(ReceiveSelector, ShowsTheQueueOfTheFrameAndActsOnNoOther) {
  for (int i = 0; i < 2000; ++i) {
    auto const pair = static_cast<unsigned>(random_.below(kPairs));
    block_->pair_i = static_cast<CData>(pair);
    block_->element_valid_i = static_cast<CData>(random_.below(1U << kPairs));
    block_->element_empty_i = static_cast<CData>(random_.below(1U << kPairs));
    block_->element_full_i = static_cast<CData>(random_.below(1U << kPairs));
    QueueElement elements[kPairs];
    for (unsigned q = 0; q < kPairs; ++q) {
      elements[q] = {random_.next(), random_.chance(0.5)};
      set_element(block_->element_i, q, elements[q]);
    }
    block_->element_take_i = random_.chance(0.5);
    block_->element_rewind_i = random_.chance(0.5);
    block_->clk_i = 0;
    block_->eval();
    EXPECT_EQ(block_->element_valid_o, block_->element_valid_i >> pair & 1);
    EXPECT_EQ(block_->element_empty_o, block_->element_empty_i >> pair & 1);
    EXPECT_EQ(block_->element_full_o, block_->element_full_i >> pair & 1);
    auto const shown = get_element(block_->element_o);
    EXPECT_EQ(shown.number, elements[pair].number);
    EXPECT_EQ(shown.last, elements[pair].last);
    EXPECT_EQ(block_->element_take_o, block_->element_take_i << pair);
    EXPECT_EQ(block_->element_rewind_o, block_->element_rewind_i << pair);
    EXPECT_EQ(block_->element_commit_o, 0);
  }
}

// Packets of one buffer to three, committed in chance order of queues, come back in that order.
TEST_F(ReceiveSelector, GivesAPacketsBuffersBackToTheQueueTheyCameFrom) {
  struct Packet {
    unsigned pair;
    unsigned buffers;
  };
  std::vector<Packet> committed;
  std::size_t oldest = 0;
  unsigned given = 0;  // buffers of the oldest
  for (int i = 0; i < 4000; ++i) {
    bool const commit = committed.size() - oldest < 100 && random_.chance(0.4);
    auto const pair = static_cast<unsigned>(random_.below(kPairs));
    block_->pair_i = static_cast<CData>(pair);
    block_->element_commit_i = commit;
    bool const complete = oldest < committed.size() && random_.chance(0.7);
    block_->completion_valid_i = complete;
    block_->completion_more_i = complete && given + 1 < committed[oldest].buffers;
    block_->completion_ready_i = static_cast<CData>(random_.below(1U << kPairs));
    block_->clk_i = 0;
    block_->eval();
    EXPECT_EQ(block_->element_commit_o, commit ? 1U << pair : 0);
    if (block_->completion_valid_o != 0) {
      ASSERT_TRUE(complete);
      EXPECT_EQ(block_->completion_valid_o, 1U << committed[oldest].pair);
      bool const ready = (block_->completion_ready_i >> committed[oldest].pair & 1) != 0;
      EXPECT_EQ(block_->completion_ready_o != 0, ready);
      if (ready && ++given == committed[oldest].buffers) {
        given = 0;
        ++oldest;
      }
    } else {
      EXPECT_FALSE(block_->completion_ready_o);
    }
    clock();
    if (commit) committed.push_back({pair, 1 + static_cast<unsigned>(random_.below(3))});
  }
  EXPECT_GT(oldest, 600U);
}

}  // namespace
}  // namespace ringside::test
