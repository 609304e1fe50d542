// Several queue pairs on every NIC: packets of all transmit queues leave, each in the order of its
// queue, and go back to the queue that they came from.
#include "interface/base/random.hpp"
#include "tests/system/ring_driver.hpp"

namespace ringside::testbench {
namespace {

using namespace layout;

constexpr std::uint64_t kSeed = 0x9A125;
constexpr std::uint16_t kSlots = 16;

class EveryNicWithQueuePairs : public EveryNic {
 protected:
  void start_all() {
    nic.start({.size = kSlots});
    for (std::uint16_t queue = 2; queue < kDataQueues; ++queue) nic.enable_queue(queue, kSlots);
  }

  // A frame that says which queue it is from, and the how manieth of it.
  Frame numbered_frame(std::uint16_t queue, std::uint8_t number) {
    Frame frame(60 + random.below(400), 0);
    for (auto& byte : frame) byte = static_cast<std::uint8_t>(random.next());
    frame[12] = 0x08;
    frame[13] = 0x00;
    frame[14] = static_cast<std::uint8_t>(queue);
    frame[15] = number;
    return frame;
  }

  Random random{kSeed};
};

TEST_P(EveryNicWithQueuePairs, SendsFromEachTransmitQueueInItsOrder) {
  start_all();
  std::vector<Frame> offered[kMaxQueuePairs];
  std::size_t total = 0;
  for (int round = 0; round < 40; ++round) {
    auto const pair = static_cast<std::uint16_t>(random.below(kMaxQueuePairs));
    std::uint16_t const queue = transmit_queue(pair);
    std::uint64_t const burst = 1 + random.below(4);
    for (std::uint64_t i = 0; i < burst; ++i) {
      auto& frames = offered[pair];
      frames.push_back(numbered_frame(queue, static_cast<std::uint8_t>(frames.size())));
      auto const block = nic.packet(frames.back());
      nic.rings[queue]->offer({{block.address, static_cast<std::uint32_t>(block.bytes.size())}},
                              static_cast<std::uint16_t>(frames.size()));
      ++total;
    }
    nic.notify(queue);
    for (std::uint64_t i = 0; i < burst; ++i) {
      // Only the queue that was given the packets gives them back.
      auto const used = nic.wait_used(*nic.rings[queue]);
      ASSERT_TRUE(used) << "queue " << queue;
      EXPECT_EQ(used->id, offered[pair].size() - burst + 1 + i);
    }
    for (std::uint16_t other = 0; other < kNumQueues; ++other) {
      EXPECT_FALSE(nic.rings[other]->take()) << "queue " << other;
    }
  }
  ASSERT_TRUE(nic.run_until([&] { return nic.wire.frames.size() == total; }));
  std::size_t next[kMaxQueuePairs] = {};
  for (std::size_t i = 0; i < total; ++i) {
    Frame const frame = nic.sent(i);
    std::uint16_t const pair = pair_of_queue(frame.at(14));
    ASSERT_LT(pair, kMaxQueuePairs);
    ASSERT_LT(next[pair], offered[pair].size());
    EXPECT_EQ(frame, offered[pair][next[pair]++]) << "frame " << i;
  }
}

// No queue waits for another's long backlog.
TEST_P(EveryNicWithQueuePairs, LetsNoQueueStarveAnother) {
  start_all();
  constexpr std::uint16_t kBusy = transmit_queue(0);
  constexpr std::uint16_t kQuiet = transmit_queue(kMaxQueuePairs - 1);
  for (std::uint8_t i = 0; i < kSlots; ++i) {
    auto const block = nic.packet(numbered_frame(kBusy, i));
    nic.rings[kBusy]->offer({{block.address, static_cast<std::uint32_t>(block.bytes.size())}}, i);
  }
  auto const block = nic.packet(numbered_frame(kQuiet, 0));
  nic.rings[kQuiet]->offer({{block.address, static_cast<std::uint32_t>(block.bytes.size())}}, 0);
  nic.notify(kBusy);
  nic.notify(kQuiet);
  ASSERT_TRUE(nic.run_until([&] { return nic.wire.frames.size() == kSlots + 1U; }));
  std::size_t position = 0;
  while (nic.sent(position).at(14) != kQuiet) ++position;
  // The model takes a queue's packets several at a time.
  if (GetParam() != "model") {
    EXPECT_LT(position, kSlots - 2U) << "packet by packet in turn";
  }
}

TEST_P(EveryNicWithQueuePairs, ReceivesInTheFirstQueueUntilItIsToldOtherwise) {
  start_all();
  for (std::uint16_t pair = 0; pair < kMaxQueuePairs; ++pair) {
    auto const block = nic.allocate(2048);
    nic.rings[receive_queue(pair)]->offer({{block.address, 2048, kDescriptorWrite}}, pair);
    nic.notify(receive_queue(pair));
  }
  nic.run(us(5));
  nic.arrive(numbered_frame(0, 0));
  EXPECT_TRUE(nic.wait_used(nic.rx()));
  for (std::uint16_t pair = 1; pair < kMaxQueuePairs; ++pair) {
    EXPECT_FALSE(nic.rings[receive_queue(pair)]->take());
  }
}

// A vector of its own for each queue.
TEST_P(EveryNicWithQueuePairs, InterruptsByTheVectorOfTheQueue) {
  start_all();
  for (std::uint16_t pair = 0; pair < kMaxQueuePairs; ++pair) {
    std::uint16_t const queue = transmit_queue(pair);
    auto const block = nic.packet(numbered_frame(queue, 0));
    nic.rings[queue]->offer({{block.address, static_cast<std::uint32_t>(block.bytes.size())}}, 7);
    nic.notify(queue);
    ASSERT_TRUE(nic.run_until([&] { return nic.interrupts(queue + 1U) == 1; })) << queue;
  }
  EXPECT_EQ(nic.messages.size(), kMaxQueuePairs);
}

INSTANTIATE_TEST_SUITE_P(Device, EveryNicWithQueuePairs, testing::ValuesIn(nic_kinds()),
                         [](auto const& tested) { return tested.param; });

}  // namespace
}  // namespace ringside::testbench
