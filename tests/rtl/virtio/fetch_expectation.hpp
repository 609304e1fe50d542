// What every test of descriptor_fetch wants to know in the end.
#pragma once

#include <gtest/gtest.h>

#include "tests/rtl/virtio/fetch_bench.hpp"

namespace ringside::testbench {

// Sees the elements that the driver posted, all of them, and nothing behind.
inline void expect_posted(FetchBench& bench, int queue) {
  auto& expected = bench.driver(queue).expected();
  while (!expected.empty()) {
    auto const found = bench.pull(queue);
    ASSERT_TRUE(found.has_value()) << "an element is missing";
    EXPECT_EQ(found->addr, expected.front().addr);
    EXPECT_EQ(found->len, expected.front().len);
    EXPECT_EQ(found->write, expected.front().write);
    EXPECT_EQ(found->last, expected.front().last);
    if (found->last) {
      EXPECT_EQ(found->id, expected.front().id);
      EXPECT_EQ(found->slots, expected.front().slots);
    }
    expected.pop_front();
  }
  EXPECT_TRUE(bench.wait([&] { return bench.empty(queue); }));
  EXPECT_FALSE(bench.valid(queue));
  EXPECT_FALSE(bench.errored(queue));
}

}  // namespace ringside::testbench
