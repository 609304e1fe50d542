#include "Vrx_frame_buffer.h"

#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <vector>

#include "interface/base/random.hpp"
#include "tests/rtl/datapath/beats.hpp"

namespace ringside::test {
namespace {

constexpr std::uint64_t kSeed = 0x4F8;

struct Arrival {
  Frame frame;
  bool good = true;
};

class RxFrameBuffer : public testing::Test {
 protected:
  RxFrameBuffer() {
    buffer_->rst_i = 1;
    cycle(0, 0);
    buffer_->rst_i = 0;
  }

  // A frame whose last beat has come is expected to come out unless overrun_o says otherwise.
  void cycle(double arrive, double accept, double drop = 0.0) {
    bool last = false;
    buffer_->valid_i = !arrivals_.empty() && random_.chance(arrive);
    if (buffer_->valid_i) {
      last = set_mac_beat(buffer_->beat_i, arrivals_.front().frame, offset_);
      buffer_->good_i = last && arrivals_.front().good;
    }
    buffer_->drop_i = 0;
    buffer_->ready_i = random_.chance(accept);
    buffer_->clk_i = 0;
    buffer_->eval();
    if (buffer_->length_valid_o && partial_.empty() && random_.chance(drop)) {
      buffer_->drop_i = 1;
      buffer_->ready_i = 0;
      buffer_->eval();
    }
    quiescent_ = buffer_->quiescent_o;
    if (buffer_->drop_i) {
      received_.push_back({});
    } else if (buffer_->valid_o && buffer_->ready_i) {
      take();
    }
    buffer_->clk_i = 1;
    buffer_->eval();
    ++cycles_;
    if (buffer_->valid_i) arrived(last);
    overruns_ += buffer_->overrun_o;
  }

  void take() {
    if (partial_.empty()) length_ = buffer_->length_o;
    EXPECT_TRUE(buffer_->length_valid_o);
    EXPECT_EQ(buffer_->length_o, length_);
    if (!get_dma_beat(buffer_->beat_o, partial_)) return;
    EXPECT_EQ(partial_.size(), length_) << "seed " << kSeed;
    received_.push_back(partial_);
    partial_.clear();
  }

  void arrived(bool last) {
    offset_ += 8;
    if (!last) return;
    if (arrivals_.front().good && !buffer_->overrun_o) expected_.push_back(arrivals_.front().frame);
    arrivals_.pop_front();
    offset_ = 0;
  }

  void run(double arrive, double accept, double drop = 0.0) {
    for (int i = 0; i < 300'000; ++i) {
      cycle(arrive, accept, drop);
      if (arrivals_.empty() && received_.size() == expected_.size()) break;
    }
    ASSERT_EQ(received_.size(), expected_.size()) << "seed " << kSeed;
    for (std::size_t i = 0; i < expected_.size(); ++i) {
      if (drop > 0 && received_[i].empty()) continue;
      EXPECT_EQ(received_[i], expected_[i]) << "seed " << kSeed << " frame " << i;
    }
    EXPECT_TRUE(partial_.empty());
  }

  Frame random_frame() {
    Frame frame(60 + (random_.chance(0.7) ? random_.below(120) : random_.below(1459)));
    for (auto& byte : frame) byte = static_cast<std::uint8_t>(random_.next());
    return frame;
  }

  Random random_{kSeed};
  std::unique_ptr<Vrx_frame_buffer> buffer_ = std::make_unique<Vrx_frame_buffer>();
  std::deque<Arrival> arrivals_;
  std::vector<Frame> expected_;
  std::vector<Frame> received_;  // empty: dropped by drop_i
  Frame partial_;
  std::size_t offset_ = 0;
  std::size_t length_ = 0;
  std::size_t cycles_ = 0;
  int overruns_ = 0;
  bool quiescent_ = false;
};

TEST_F(RxFrameBuffer, KeepsFramesOverGapsAndBackPressure) {
  for (double const arrive : {0.3, 1.0}) {
    for (double const accept : {0.6, 1.0}) {
      for (int i = 0; i < 300; ++i) arrivals_.push_back({random_frame()});
      run(arrive, accept);
    }
  }
  EXPECT_EQ(overruns_, 0);
}

TEST_F(RxFrameBuffer, KeepsEveryLength) {
  for (std::size_t size = 1; size <= 1518; ++size) {
    arrivals_.push_back({Frame(size, static_cast<std::uint8_t>(size))});
  }
  run(1.0, 1.0);
  EXPECT_EQ(overruns_, 0);
}

TEST_F(RxFrameBuffer, RollsBadFramesBack) {
  for (int i = 0; i < 2000; ++i) arrivals_.push_back({random_frame(), random_.chance(0.5)});
  run(0.9, 0.9);
  EXPECT_EQ(overruns_, 0);
  EXPECT_LT(expected_.size(), 1200U);
  EXPECT_GT(expected_.size(), 800U);
}

TEST_F(RxFrameBuffer, ReportsEachGoodFrameThatFindsNoRoomAndKeepsTheOthers) {
  for (int i = 0; i < 3000; ++i) arrivals_.push_back({random_frame(), random_.chance(0.8)});
  std::size_t good = 0;
  for (auto const& arrival : arrivals_) good += arrival.good;
  run(1.0, 0.3);
  EXPECT_GT(overruns_, 100);
  EXPECT_GT(expected_.size(), 1000U);
  EXPECT_EQ(expected_.size() + static_cast<std::size_t>(overruns_), good);
}

TEST_F(RxFrameBuffer, FillsUpToTheLastWordWhenNobodyReads) {
  for (int i = 0; i < 600; ++i) arrivals_.push_back({Frame(64, static_cast<std::uint8_t>(i))});
  while (!arrivals_.empty()) cycle(1.0, 0.0);
  cycle(0.0, 0.0);
  // 32 KiB and the word that waits at the output hold 512 frames of 64 bytes.
  EXPECT_EQ(expected_.size(), 512U);
  EXPECT_EQ(overruns_, 88);
  run(1.0, 1.0);
}

TEST_F(RxFrameBuffer, UsesRoomThatAppearsBetweenTheHalvesOfAWord) {
  for (int i = 0; i < 128; ++i) arrivals_.push_back({Frame(256, static_cast<std::uint8_t>(i))});
  arrivals_.push_back({Frame(16, 0x44)});  // fills the word that went to the output
  while (!arrivals_.empty()) cycle(1.0, 0.0);
  arrivals_.push_back({Frame(16, 0x55)});
  cycle(1.0, 0.0);  // its lower half: full
  cycle(0.0, 1.0);  // one word leaves
  cycle(0.0, 0.0);
  cycle(1.0, 0.0);  // its upper half
  EXPECT_EQ(overruns_, 0);
  run(1.0, 1.0);
  EXPECT_EQ(received_.size(), 130U);
}

TEST_F(RxFrameBuffer, SwallowsAFrameLongerThanItself) {
  arrivals_.push_back({Frame(40'000, 0x55), false});
  arrivals_.push_back({Frame(100, 0x66)});
  run(1.0, 1.0);
  EXPECT_EQ(received_.size(), 1U);
  EXPECT_EQ(overruns_, 0);  // a bad frame is none of its business
}

TEST_F(RxFrameBuffer, DropsTheOldestFrameOnRequest) {
  for (int i = 0; i < 2000; ++i) arrivals_.push_back({random_frame(), random_.chance(0.9)});
  run(0.9, 0.9, 0.3);
  std::size_t dropped = 0;
  for (auto const& frame : received_) dropped += frame.empty();
  EXPECT_GT(dropped, 300U);
  EXPECT_LT(dropped, 1500U);
}

TEST_F(RxFrameBuffer, DropsFramesOneACycle) {
  for (int i = 0; i < 100; ++i) arrivals_.push_back({Frame(60, 0x77)});
  while (!arrivals_.empty()) cycle(1.0, 0.0);
  for (int i = 0; i < 3; ++i) cycle(0.0, 0.0);
  std::size_t const from = cycles_;
  run(0.0, 0.0, 1.0);
  EXPECT_EQ(cycles_ - from, 100U);
}

TEST_F(RxFrameBuffer, GivesABeatEveryCycle) {
  for (int i = 0; i < 100; ++i) arrivals_.push_back({Frame(60, 0x22)});
  while (!arrivals_.empty()) cycle(1.0, 0.0);
  for (int i = 0; i < 3; ++i) cycle(0.0, 0.0);
  std::size_t const from = cycles_;
  run(0.0, 1.0);
  EXPECT_EQ(cycles_ - from, 400U);  // 60 bytes are 4 beats
}

TEST_F(RxFrameBuffer, IsQuiescentWhileAFrameWaitsToBeTaken) {
  arrivals_.push_back({Frame(100, 0x33)});
  while (!arrivals_.empty()) {
    cycle(1.0, 0.0);
    EXPECT_FALSE(quiescent_);
  }
  for (int i = 0; i < 4; ++i) cycle(0.0, 0.0);
  EXPECT_TRUE(quiescent_);
  EXPECT_TRUE(buffer_->length_valid_o);
  cycle(0.0, 1.0);
  EXPECT_FALSE(quiescent_);
}

}  // namespace
}  // namespace ringside::test
