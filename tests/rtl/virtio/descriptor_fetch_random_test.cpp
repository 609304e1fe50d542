// A driver that posts, notifies and takes back at random against memory that answers at random:
// what is delivered is what was posted, whatever the ring's size and whenever its lines are
// sampled.
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/rtl/virtio/fetch_bench.hpp"

namespace ringside::testbench {
namespace {

constexpr int kReceive = 0;

// One queue's driver and consumer.
class Player {
 public:
  Player(FetchBench& bench, int queue, Random random)
      : bench_(bench), queue_(queue), random_(random) {}

  // What happens in front of one cycle. `posting` ends when enough was posted.
  void step(bool posting) {
    if (posting && random_.chance(0.05)) post();
    if (owes_notification_ && random_.chance(posting ? 0.05 : 0.5)) {
      owes_notification_ = false;
      bench_.notify(queue_);
    }
    consume();
  }

  bool done() const { return !owes_notification_ && committed_ == posted_ && pending_.empty(); }
  std::uint64_t posted() const { return posted_; }

 private:
  void post() {
    auto& driver = bench_.driver(queue_);
    while (driver.free() > 0 && random_.chance(0.7)) {
      std::size_t const limit = std::min<std::size_t>(driver.free(), 20);
      bool const indirect = random_.chance(0.3);
      std::size_t const parts = 1 + random_.below(indirect ? 20 : limit);
      std::vector<RingDriver::Part> list;
      std::size_t const writable_from = random_.below(parts + 1);
      for (std::size_t i = 0; i < parts; ++i)
        list.push_back({random_.next() >> 8, static_cast<std::uint32_t>(random_.below(4096)),
                        i >= writable_from});
      auto const id = static_cast<std::uint16_t>(random_.next());
      if (indirect)
        driver.post_indirect(list, id, next_table(), static_cast<std::uint16_t>(random_.below(2)));
      else
        driver.post(list, id);
      if (indirect && queue_ != kReceive)
        for (std::size_t i = 0; i < parts; ++i)
          driver.expected()[driver.expected().size() - 1 - i].write = false;
      posted_ += parts;
      owes_notification_ = true;
    }
  }

  // Tables stay as they are until their buffer is used: one place for each slot, and room between.
  std::uint64_t next_table() {
    std::uint64_t const place =
        FetchBench::kTables + 0x40000 * static_cast<unsigned>(queue_) + 512 * (tables_++ % 256);
    return place + random_.below(64);
  }

  void consume() {
    if (bench_.valid(queue_) && random_.chance(0.5)) {
      check(bench_.element(queue_));
      bench_.take(queue_);
      pending_.push_back(bench_.element(queue_));
    }
    if (pending_.empty()) return;
    double const share = bench_.full(queue_) ? 0.5 : 0.05;
    if (random_.chance(share)) {
      bench_.commit(queue_);
      for (auto const& element : pending_) {
        ++committed_;
        bench_.driver(queue_).expected().pop_front();
        if (element.last) bench_.driver(queue_).use();
      }
      pending_.clear();
    } else if (random_.chance(0.02)) {
      bench_.rewind(queue_);
      pending_.clear();
    }
  }

  void check(Element const& found) {
    auto const& expected = bench_.driver(queue_).expected();
    ASSERT_LT(pending_.size(), expected.size()) << "more than was posted";
    Element const& wanted = expected[pending_.size()];
    ASSERT_EQ(found.addr, wanted.addr);
    ASSERT_EQ(found.len, wanted.len);
    ASSERT_EQ(found.write, wanted.write);
    ASSERT_EQ(found.last, wanted.last);
    if (!found.last) return;
    ASSERT_EQ(found.id, wanted.id);
    ASSERT_EQ(found.slots, wanted.slots);
  }

  FetchBench& bench_;
  int queue_;
  Random random_;
  bool owes_notification_ = false;
  std::uint64_t posted_ = 0;
  std::uint64_t committed_ = 0;
  std::uint64_t tables_ = 0;
  std::vector<Element> pending_;  // taken and not committed
};

struct Outcome {
  std::uint64_t posted = 0;
  std::uint64_t skipped = 0;
  std::uint64_t trace = 0;
};

Outcome play(std::uint64_t seed, std::uint16_t receive_size, std::uint16_t transmit_size,
             bool skip) {
  Random const random(seed);
  auto draw = random.stream("timing");
  auto const shortest = static_cast<unsigned>(1 + draw.below(40));
  Timing const timing{shortest, static_cast<unsigned>(shortest + draw.below(150)),
                      draw.unit() * 0.5, draw.unit() * 0.5};
  FetchBench bench(seed, timing);
  bench.configure(receive_size, transmit_size);
  bench.skip_quiescent(skip);
  Player receive(bench, 0, random.stream("receive"));
  Player transmit(bench, 1, random.stream("transmit"));
  bool done = false;
  for (int cycle = 0; cycle < 60000 && !done; ++cycle) {
    receive.step(receive.posted() < 600);
    transmit.step(transmit.posted() < 600);
    bench.cycle();
    done = receive.posted() >= 600 && transmit.posted() >= 600 && receive.done() && transmit.done();
    if (testing::Test::HasFatalFailure()) break;
  }
  EXPECT_TRUE(done) << "an element was lost";
  EXPECT_TRUE(bench.wait([&] { return bench.empty(0) && bench.empty(1); }));
  EXPECT_FALSE(bench.errored(0));
  EXPECT_FALSE(bench.errored(1));
  EXPECT_TRUE(bench.wait([&] { return bench.quiescent(); }));
  return {receive.posted() + transmit.posted(), bench.skipped(), bench.trace()};
}

class DescriptorFetchAtRandom : public testing::TestWithParam<std::uint16_t> {};

TEST_P(DescriptorFetchAtRandom, DeliversWhatWasPosted) {
  for (std::uint64_t round = 0; round < 6; ++round) {
    std::uint64_t const seed = 0xF00D0000 + 16 * GetParam() + round;
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    auto const other = static_cast<std::uint16_t>(1 + Random(seed).stream("size").below(256));
    play(seed, round % 2 != 0 ? other : GetParam(), round % 2 != 0 ? GetParam() : other, false);
    if (HasFatalFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(RingSize, DescriptorFetchAtRandom,
                         testing::Values(1, 2, 3, 4, 5, 6, 7, 8, 9, 17, 63, 100, 255, 256),
                         testing::PrintToStringParamName());

TEST(DescriptorFetchQuiescence, LeavesTheOutputsAsTheyAreWhenQuietCyclesAreSkipped) {
  for (std::uint64_t seed = 0xBEEF00; seed < 0xBEEF06; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    auto const all = play(seed, 16, 33, false);
    auto const some = play(seed, 16, 33, true);
    EXPECT_EQ(all.trace, some.trace);
    EXPECT_EQ(all.skipped, 0U);
    EXPECT_GT(some.skipped, 300U);
  }
}

}  // namespace
}  // namespace ringside::testbench
