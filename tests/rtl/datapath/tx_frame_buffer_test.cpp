#include "Vtx_frame_buffer.h"

#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <vector>

#include "interface/base/random.hpp"
#include "tests/rtl/datapath/beats.hpp"

namespace ringside::test {
namespace {

constexpr std::uint64_t kSeed = 0x7F8;

// What the write side is told to do with a frame.
struct Order {
  Frame frame;
  bool drop = false;
  std::size_t abort_after = SIZE_MAX;  // beats, then abort_i
};

class TxFrameBuffer : public testing::Test {
 protected:
  TxFrameBuffer() {
    buffer_->rst_i = 1;
    cycle(0, 0);
    buffer_->rst_i = 0;
  }

  void cycle(double offer, double accept) {
    drive_write(offer);
    buffer_->ready_i = random_.chance(accept);
    buffer_->clk_i = 0;
    buffer_->eval();
    quiescent_ = buffer_->quiescent_o;
    drained_ = buffer_->drained_o;
    if (buffer_->valid_o && buffer_->ready_i) {
      if (get_mac_beat(buffer_->beat_o, partial_)) {
        received_.push_back(partial_);
        partial_.clear();
      }
    }
    bool const taken = buffer_->valid_i && buffer_->ready_o;
    refused_ += buffer_->valid_i && !buffer_->ready_o;
    bool const aborted = buffer_->abort_i;
    buffer_->clk_i = 1;
    buffer_->eval();
    ++cycles_;
    if (aborted) {
      next_order();
    } else if (taken) {
      ++beat_;
      offering_ = false;
      if (16 * beat_ >= orders_.front().frame.size()) next_order();
    }
  }

  void drive_write(double offer) {
    if (!offering_ && !orders_.empty()) offering_ = random_.chance(offer);
    buffer_->abort_i = 0;
    buffer_->valid_i = offering_;
    if (!offering_) return;
    Order const& order = orders_.front();
    buffer_->abort_i = beat_ == order.abort_after;
    bool const last = set_dma_beat(buffer_->beat_i, order.frame, 16 * beat_);
    buffer_->drop_i = last && order.drop;
  }

  void next_order() {
    Order const& order = orders_.front();
    if (!order.drop && 16 * beat_ >= order.frame.size() && order.abort_after == SIZE_MAX) {
      expected_.push_back(order.frame);
    }
    orders_.pop_front();
    beat_ = 0;
    offering_ = false;
  }

  void run(double offer, double accept) {
    for (int i = 0; i < 200'000; ++i) {
      cycle(offer, accept);
      if (orders_.empty() && received_.size() == expected_.size()) break;
    }
    EXPECT_EQ(received_, expected_) << "seed " << kSeed;
    EXPECT_TRUE(partial_.empty());
  }

  Frame random_frame() {
    Frame frame(14 + (random_.chance(0.7) ? random_.below(120) : random_.below(1505)));
    for (auto& byte : frame) byte = static_cast<std::uint8_t>(random_.next());
    return frame;
  }

  Random random_{kSeed};
  std::unique_ptr<Vtx_frame_buffer> buffer_ = std::make_unique<Vtx_frame_buffer>();
  std::deque<Order> orders_;
  std::vector<Frame> expected_;
  std::vector<Frame> received_;
  Frame partial_;
  std::size_t beat_ = 0;
  bool offering_ = false;
  bool quiescent_ = false;
  bool drained_ = false;
  std::size_t cycles_ = 0;
  int refused_ = 0;
};

TEST_F(TxFrameBuffer, KeepsFramesOverGapsAndBackPressure) {
  for (double const offer : {0.2, 1.0}) {
    for (double const accept : {0.1, 0.5, 1.0}) {
      for (int i = 0; i < 200; ++i) orders_.push_back({random_frame()});
      run(offer, accept);
    }
  }
  EXPECT_GT(refused_, 0);  // it was full at times
}

TEST_F(TxFrameBuffer, KeepsEveryLength) {
  for (std::size_t size = 14; size <= 1518; ++size) {
    orders_.push_back({Frame(size, static_cast<std::uint8_t>(size))});
  }
  run(1.0, 1.0);
}

TEST_F(TxFrameBuffer, ForgetsDroppedAndAbortedFrames) {
  for (int i = 0; i < 1500; ++i) {
    Order order{random_frame()};
    order.drop = random_.chance(0.3);
    if (random_.chance(0.3)) order.abort_after = random_.below((order.frame.size() + 15) / 16);
    orders_.push_back(order);
  }
  run(0.8, 0.7);
  EXPECT_GT(expected_.size(), 300U);
  EXPECT_LT(expected_.size(), 1200U);
}

TEST_F(TxFrameBuffer, OffersAFrameOnlyWhenItIsWhole) {
  orders_.push_back({Frame(1000, 0x11)});
  for (int i = 0; i < 62; ++i) {
    cycle(1.0, 1.0);
    EXPECT_FALSE(buffer_->valid_o);
  }
  EXPECT_FALSE(drained_);
  run(1.0, 1.0);
  EXPECT_EQ(received_.size(), 1U);
  EXPECT_TRUE(drained_);
}

TEST_F(TxFrameBuffer, NeverPausesWithinAFrameNorBetweenFrames) {
  for (int i = 0; i < 100; ++i) orders_.push_back({Frame(60, 0x22)});
  while (!orders_.empty()) cycle(1.0, 0.0);
  std::size_t const from = cycles_;
  run(1.0, 1.0);
  EXPECT_EQ(cycles_ - from, 800U);  // 60 bytes are 8 beats
}

TEST_F(TxFrameBuffer, IsQuiescentWhileAFrameWaitsForItsRest) {
  orders_.push_back({Frame(100, 0x33)});
  cycle(1.0, 1.0);
  cycle(1.0, 1.0);
  EXPECT_FALSE(quiescent_);
  cycle(0.0, 1.0);
  EXPECT_TRUE(quiescent_);
  EXPECT_FALSE(drained_);
  run(1.0, 1.0);
  cycle(0.0, 1.0);
  EXPECT_TRUE(quiescent_);
}

TEST_F(TxFrameBuffer, TakesMoreFramesThanItHasLengthsFor) {
  for (int i = 0; i < 2000; ++i) orders_.push_back({Frame(14, static_cast<std::uint8_t>(i))});
  for (int i = 0; i < 1000; ++i) cycle(1.0, 0.0);
  EXPECT_GT(refused_, 0);
  run(1.0, 1.0);
}

}  // namespace
}  // namespace ringside::test
