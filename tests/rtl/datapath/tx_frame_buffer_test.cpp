#include "Vtx_frame_buffer.h"

#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "interface/base/random.hpp"
#include "tests/frame/plain_checksum.hpp"
#include "tests/rtl/datapath/beats.hpp"

namespace ringside::test {
namespace {

constexpr std::uint64_t kSeed = 0x7F8;

// Where a frame's sum begins, and where it goes.
struct Checksum {
  std::size_t start = 0;
  std::size_t field = 0;
};

// What the write side is told to do with a frame.
struct Order {
  Frame frame;
  bool drop = false;
  std::size_t abort_after = SIZE_MAX;  // beats, then abort_i
  std::optional<Checksum> checksum = std::nullopt;
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
    Checksum const noise{random_.below(0x10000), random_.below(0x10000)};
    Checksum const checksum = order.checksum.value_or(noise);
    buffer_->checksum_i = std::uint64_t{order.checksum.has_value()} << 32 |
                          std::uint64_t{checksum.start} << 16 | checksum.field;
    buffer_->abort_i = beat_ == order.abort_after;
    bool const last = set_dma_beat(buffer_->beat_i, order.frame, 16 * beat_);
    buffer_->drop_i = last && order.drop;
  }

  void next_order() {
    Order const& order = orders_.front();
    if (!order.drop && 16 * beat_ >= order.frame.size() && order.abort_after == SIZE_MAX) {
      expected_.push_back(order.frame);
      if (order.checksum) complete(expected_.back(), *order.checksum);
    }
    orders_.pop_front();
    beat_ = 0;
    offering_ = false;
  }

  static void complete(Frame& frame, Checksum const& checksum) {
    std::uint16_t const value = plain_checksum(frame, checksum.start);
    frame[checksum.field] = static_cast<std::uint8_t>(value >> 8);
    frame[checksum.field + 1] = static_cast<std::uint8_t>(value);
  }

  Checksum random_checksum(std::size_t size) {
    Checksum checksum;
    checksum.field = random_.below(size - 1);
    checksum.start = random_.below(checksum.field + 1);
    return checksum;
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
    if (random_.chance(0.5)) order.checksum = random_checksum(order.frame.size());
    orders_.push_back(order);
  }
  run(0.8, 0.7);
  EXPECT_GT(expected_.size(), 300U);
  EXPECT_LT(expected_.size(), 1200U);
}

TEST_F(TxFrameBuffer, CompletesAChecksumFromAnyStartToAnyPlace) {
  for (std::size_t size = 14; size < 70; ++size) {
    for (std::size_t field = 0; field + 2 <= size; ++field) {
      orders_.push_back({.frame = random_frame()});
      Order& order = orders_.back();
      order.frame.resize(size, static_cast<std::uint8_t>(field));
      order.checksum = Checksum{(size * field) % (field + 1), field};
      if (field % 3 == 0) order.checksum->start = field;
    }
  }
  for (int i = 0; i < 200; ++i) {
    Frame const frame = random_frame();
    orders_.push_back({.frame = frame, .checksum = random_checksum(frame.size())});
  }
  run(0.9, 0.9);
  EXPECT_GT(received_.size(), 2000U);
}

TEST_F(TxFrameBuffer, SumsTheLongestFrameOfAllOnes) {
  for (std::size_t start : {0U, 1U, 2U, 15U, 16U, 17U, 1515U}) {
    orders_.push_back({.frame = Frame(1518, 0xFF), .checksum = Checksum{start, 1516}});
  }
  run(1.0, 1.0);
}

TEST_F(TxFrameBuffer, PutsAllOnesWhereTheChecksumWouldBeZero) {
  for (std::size_t start : {14U, 33U, 34U, 47U}) {
    Frame frame = random_frame();
    frame.resize(80);
    frame[start] = frame[start + 1] = 0;
    auto const missing = static_cast<std::uint16_t>(~plain_sum(std::span(frame).subspan(start)));
    frame[start] = static_cast<std::uint8_t>(missing >> 8);
    frame[start + 1] = static_cast<std::uint8_t>(missing);
    orders_.push_back({.frame = frame, .checksum = Checksum{start, start + 20}});
  }
  orders_.push_back({.frame = Frame(60, 0), .checksum = Checksum{34, 40}});
  run(1.0, 1.0);
  for (std::size_t i = 0; i < 4; ++i) {
    std::size_t const field = (std::array{14U, 33U, 34U, 47U})[i] + 20;
    EXPECT_EQ(received_[i][field], 0xFF) << i;
    EXPECT_EQ(received_[i][field + 1], 0xFF) << i;
  }
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
