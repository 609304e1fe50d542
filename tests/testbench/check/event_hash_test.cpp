#include "testbench/check/event_hash.hpp"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace ringside::testbench {
namespace {

TEST(EventHash, IsTheSameForTheSameEvents) {
  EventHash a;
  EventHash b;
  for (EventHash* hash : {&a, &b}) {
    hash->add(TimePoint{Duration{6'400}});
    hash->add(std::uint64_t{7});
  }
  EXPECT_EQ(a.value(), b.value());
}

TEST(EventHash, DependsOnTheOrderOfEvents) {
  EventHash a;
  EventHash b;
  a.add(std::uint64_t{1});
  a.add(std::uint64_t{2});
  b.add(std::uint64_t{2});
  b.add(std::uint64_t{1});
  EXPECT_NE(a.value(), b.value());
}

TEST(EventHash, SeesEveryBitOfEveryByte) {
  std::vector<std::uint8_t> bytes(19, 0);
  std::set<std::uint64_t> seen;
  auto const remember = [&] {
    EventHash hash;
    hash.add(Bytes(bytes));
    seen.insert(hash.value());
  };
  remember();
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    remember();
    bytes[bit / 8] = 0;
  }
  EXPECT_EQ(seen.size(), bytes.size() * 8 + 1);
}

TEST(EventHash, TellsAShorterFrameFromOneWithZerosBehind) {
  std::vector<std::uint8_t> const zeros(24, 0);
  std::set<std::uint64_t> seen;
  for (std::size_t size = 0; size <= zeros.size(); ++size) {
    EventHash hash;
    hash.add(Bytes(zeros).first(size));
    seen.insert(hash.value());
  }
  EXPECT_EQ(seen.size(), zeros.size() + 1);
}

}  // namespace
}  // namespace ringside::testbench
