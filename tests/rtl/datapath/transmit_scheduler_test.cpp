#include "Vtransmit_scheduler.h"

#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <vector>

#include "interface/base/random.hpp"
#include "tests/rtl/datapath/queue_elements.hpp"

namespace ringside::test {
namespace {

constexpr std::uint64_t kSeed = 0x5C4ED;

// Queues that fill by chance, and an engine that takes elements and gives packets back, in order, a
// chance time later.
class TransmitScheduler : public testing::Test {
 protected:
  struct Taken {
    unsigned queue;
    std::uint64_t number;
    bool last;
    unsigned waiting;  // queues that had an element, when the packet began
  };

  TransmitScheduler() {
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

  void add_packet(unsigned queue) {
    std::uint64_t const elements = 1 + random_.below(4);
    for (std::uint64_t i = 1; i <= elements; ++i) {
      queues_[queue].push_back({std::uint64_t{queue} << 32 | made_[queue]++, i == elements});
    }
  }

  void cycle(double takes, double completes) {
    for (unsigned q = 0; q < kPairs; ++q) {
      bool const valid = !queues_[q].empty();
      block_->element_valid_i =
          static_cast<CData>((block_->element_valid_i & ~(1U << q)) | (valid ? 1U << q : 0));
      if (valid) set_element(block_->element_i, q, queues_[q].front());
    }
    unsigned const waiting = block_->element_valid_i;
    block_->element_commit_i = took_;
    block_->element_take_i = 0;
    block_->completion_valid_i = in_engine_ != 0 && random_.chance(completes);
    block_->completion_ready_i = static_cast<CData>(random_.below(1U << kPairs));
    block_->clk_i = 0;
    block_->eval();
    took_ = block_->element_valid_o != 0 && random_.chance(takes);
    block_->element_take_i = took_;
    block_->eval();
    if (took_) take(waiting);
    EXPECT_EQ(block_->element_take_o != 0, took_);
    if (block_->completion_ready_o != 0) {
      --in_engine_;
      EXPECT_NE(block_->completion_valid_o & block_->completion_ready_i, 0);
      for (unsigned q = 0; q < kPairs; ++q) {
        if (block_->completion_valid_o == 1U << q) completed_.push_back(q);
      }
    }
    clock();
  }

  void take(unsigned waiting) {
    auto const element = get_element(block_->element_o);
    auto const queue = static_cast<unsigned>(element.number >> 32);
    if (fresh_) waiting_ = waiting;
    fresh_ = element.last;
    ASSERT_EQ(block_->element_take_o, 1U << queue);
    ASSERT_EQ(element.number, queues_[queue].front().number) << "in the order of the queue";
    queues_[queue].pop_front();
    taken_.push_back({queue, element.number, element.last, waiting_});
    if (element.last) {
      ++in_engine_;
      packets_.push_back(queue);
    }
  }

  void drain() {
    for (int i = 0; i < 5000; ++i) cycle(0.9, 0.9);
  }

  Random random_{kSeed};
  std::unique_ptr<Vtransmit_scheduler> block_ = std::make_unique<Vtransmit_scheduler>();
  std::deque<QueueElement> queues_[kPairs];
  std::uint64_t made_[kPairs] = {};
  bool took_ = false;
  bool fresh_ = true;
  unsigned waiting_ = 0;
  unsigned in_engine_ = 0;
  std::vector<Taken> taken_;
  std::vector<unsigned> packets_;    // their queues, in the order of their ends
  std::vector<unsigned> completed_;  // where completions went
};

TEST_F(TransmitScheduler, TakesPacketsWholeAndGivesEachBackToItsQueue) {
  for (int i = 0; i < 4000; ++i) {
    if (random_.chance(0.3)) add_packet(static_cast<unsigned>(random_.below(kPairs)));
    cycle(0.8, 0.3);
  }
  drain();
  for (auto const& queue : queues_) EXPECT_TRUE(queue.empty());
  EXPECT_GT(packets_.size(), 700U);
  EXPECT_EQ(completed_, packets_);
  for (std::size_t i = 1; i < taken_.size(); ++i) {
    if (taken_[i - 1].last) continue;
    EXPECT_EQ(taken_[i].queue, taken_[i - 1].queue) << "element " << i;
  }
}

TEST_F(TransmitScheduler, ServesNobodyTwiceWhileAnotherWaits) {
  for (int i = 0; i < 400; ++i) {
    for (unsigned q = 0; q < kPairs; ++q) {
      if (q != 2 && queues_[q].size() < 20) add_packet(q);
    }
    if (random_.chance(0.1)) add_packet(2);
    cycle(1.0, 1.0);
  }
  drain();
  std::vector<Taken> ends;
  for (auto const& element : taken_) {
    if (element.last) ends.push_back(element);
  }
  ASSERT_GT(ends.size(), 60U);
  for (std::size_t i = 1; i < ends.size(); ++i) {
    unsigned const others = ends[i].waiting & ~(1U << ends[i].queue);
    if (others == 0) continue;
    EXPECT_NE(ends[i].queue, ends[i - 1].queue) << "packet " << i;
  }
}

TEST_F(TransmitScheduler, HoldsNoMorePacketsThanItCanTellApart) {
  for (int i = 0; i < 3000; ++i) {
    if (queues_[1].size() < 8) add_packet(1);
    cycle(1.0, 0.0);
  }
  EXPECT_LE(in_engine_, 130U) << "128, and one in the output";
  EXPECT_GE(in_engine_, 128U);
  drain();
  EXPECT_EQ(completed_, packets_);
}

TEST_F(TransmitScheduler, ForgetsAllInAFlush) {
  add_packet(3);
  queues_[3].front().last = false;
  cycle(1.0, 0.0);
  cycle(1.0, 0.0);
  for (auto& queue : queues_) queue.clear();
  block_->element_valid_i = 0;
  block_->element_take_i = 0;
  block_->element_commit_i = 0;
  block_->flush_i = 1;
  clock();
  block_->flush_i = 0;
  took_ = false;
  in_engine_ = 0;
  packets_.clear();
  add_packet(0);
  drain();
  EXPECT_EQ(packets_, std::vector<unsigned>{0});
  EXPECT_EQ(completed_, packets_);
  block_->eval();
  EXPECT_TRUE(block_->quiescent_o);
}

}  // namespace
}  // namespace ringside::test
