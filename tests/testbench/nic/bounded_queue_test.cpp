#include "testbench/nic/bounded_queue.hpp"

#include <gtest/gtest.h>

#include <deque>

#include "interface/base/random.hpp"

namespace ringside::testbench {
namespace {

constexpr std::uint64_t kSeed = 11;

TEST(BoundedQueue, DoesAsADequeUpToItsCapacity) {
  Random random(kSeed);
  BoundedQueue<int, 8> queue;
  std::deque<int> reference;
  for (int i = 0; i < 10'000; ++i) {
    if (reference.size() < 8 && random.unit() < 0.6) {
      queue.push_back(i);
      reference.push_back(i);
    } else if (!reference.empty()) {
      queue.pop_front();
      reference.pop_front();
    }
    ASSERT_EQ(queue.size(), reference.size()) << "seed " << kSeed << ", step " << i;
    ASSERT_EQ(queue.empty(), reference.empty());
    if (!reference.empty()) {
      ASSERT_EQ(queue.front(), reference.front()) << "seed " << kSeed << ", step " << i;
    }
  }
}

TEST(BoundedQueueDeathTest, RefusesWhatItHasNoRoomForAndToGiveWhatItHasNot) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  BoundedQueue<int, 2> queue;
  EXPECT_DEATH(queue.pop_front(), "empty");
  queue.push_back(1);
  queue.push_back(2);
  EXPECT_DEATH(queue.push_back(3), "size");
}

}  // namespace
}  // namespace ringside::testbench
