// How received packets are spread over queue pairs (virtio 1.3, 5.1.6.5.5 and 5.1.6.5.6): by number
// of pairs, by hash and table, and never by a command that is refused.
#include "tests/system/spreading_nic.hpp"

namespace ringside::testbench {
namespace {

using layout::control_command;
using layout::kMaxQueuePairs;

class NicScaling : public SpreadingNic {};

TEST_P(NicScaling, GivesAllToTheFirstPairUntilItIsTold) {
  start();
  expect_spread({});
}

TEST_P(NicScaling, SpreadsFlowsOverAsManyPairsAsItIsTold) {
  start();
  for (std::uint16_t pairs = 1; pairs <= kMaxQueuePairs; ++pairs) {
    ASSERT_TRUE(ask(pairs_set(pairs)).ok());
    expect_spread(model::spread_evenly({}, pairs));
  }
}

TEST_P(NicScaling, SpreadsFlowsByKeyAndTable) {
  start();
  for (int i = 0; i < 6; ++i) {
    Scaling const scaling = some_scaling();
    ASSERT_TRUE(ask(scaling.bytes()).ok());
    expect_spread(scaling.steering());
  }
}

TEST_P(NicScaling, GivesWhatHasNoHashToTheUnclassifiedQueue) {
  start();
  Scaling scaling;
  scaling.types = 0;
  scaling.unclassified = kMaxQueuePairs - 1;
  ASSERT_TRUE(ask(scaling.bytes()).ok());
  for (int i = 0; i < 5; ++i) EXPECT_EQ(pair_of(some_frame()), kMaxQueuePairs - 1);
}

TEST_P(NicScaling, TheLaterOfBothWaysToSpreadWins) {
  start();
  Scaling const scaling = some_scaling();
  ASSERT_TRUE(ask(scaling.bytes()).ok());
  ASSERT_TRUE(ask(pairs_set(kMaxQueuePairs)).ok());
  expect_spread(model::spread_evenly(scaling.steering(), kMaxQueuePairs));
  ASSERT_TRUE(ask(scaling.bytes()).ok());
  expect_spread(scaling.steering());
}

TEST_P(NicScaling, ReadsACommandInAnyPieces) {
  start();
  Scaling const scaling = some_scaling();
  auto const bytes = scaling.bytes();
  ASSERT_TRUE(ask(bytes, std::vector<std::size_t>(50, 1)).ok());
  expect_spread(scaling.steering(), 8);
  ASSERT_TRUE(ask(bytes, {1, 3, 7, 64, 5}).ok());
  expect_spread(scaling.steering(), 8);
}

TEST_P(NicScaling, ForgetsItWhenItIsReset) {
  start();
  ASSERT_TRUE(ask(some_scaling().bytes()).ok());
  nic.reset();
  start();
  expect_spread({}, 8);
  ASSERT_TRUE(ask(pairs_set(kMaxQueuePairs)).ok());
  expect_spread(model::spread_evenly({}, kMaxQueuePairs), 8);
}

// C6, C7, C8.
TEST_P(NicScaling, RefusesWhatCanNotBeAndKeepsWhatItHas) {
  start();
  Scaling const before = some_scaling();
  ASSERT_TRUE(ask(before.bytes()).ok());
  std::vector<Scaling> wrong(10);
  wrong[0].mask = 5;
  wrong[0].table.resize(6);
  wrong[1].mask = 255;
  wrong[1].table.resize(256);
  wrong[2].types = layout::kSupportedHashTypes + 1;
  wrong[3].types = 0x8000'0000;
  wrong[4].unclassified = kMaxQueuePairs;
  wrong[5].table.back() = kMaxQueuePairs;
  wrong[6].table.front() = 0x100;
  wrong[7].transmit_queues = 0;
  wrong[8].transmit_queues = kMaxQueuePairs + 1;
  wrong[9].key.pop_back();
  for (std::size_t i = 0; i < wrong.size(); ++i) {
    EXPECT_TRUE(ask(wrong[i].bytes()).refused()) << i;
  }
  auto bytes = Scaling{}.bytes();
  EXPECT_TRUE(ask(bytes + std::vector<std::uint8_t>{0}).refused());
  for (std::size_t const size : {2U, 5U, 10U, 11U, 20U, 27U, 30U, 68U}) {
    EXPECT_TRUE(ask({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)}).refused())
        << size;
  }
  for (std::uint16_t const pairs :
       {std::uint16_t{0}, static_cast<std::uint16_t>(kMaxQueuePairs + 1), std::uint16_t{0x101},
        std::uint16_t{0xFFFF}}) {
    EXPECT_TRUE(ask(pairs_set(pairs)).refused()) << pairs;
  }
  EXPECT_TRUE(ask(command(control_command("mq_pairs_set"), {1})).refused());
  EXPECT_TRUE(ask(command(control_command("mq_pairs_set"), {1, 0, 0})).refused());
  expect_spread(before.steering(), 10);
  EXPECT_TRUE(ask(Scaling{}.bytes()).ok()) << "and then takes a good one";
}

TEST_P(NicScaling, RefusesWhatWasNotNegotiated) {
  nic.start({.features = layout::kFeaturesOffered & ~layout::kFeatureMq});
  EXPECT_TRUE(ask(pairs_set(1)).refused());
  EXPECT_TRUE(ask(Scaling{}.bytes()).ok());
  nic.reset();
  nic.start({.features = layout::kFeaturesOffered & ~layout::kFeatureRss});
  EXPECT_TRUE(ask(pairs_set(1)).ok());
  EXPECT_TRUE(ask(Scaling{}.bytes()).refused());
}

// 5.1.2: the control queue is the next behind the pairs that there are.
TEST_P(NicScaling, HasItsControlQueueBehindTheFirstPairIfThereIsNoOther) {
  constexpr std::uint16_t kThird = layout::kControlQueueOfOnePair;
  nic.start({.features = layout::kFeaturesOffered & ~layout::kFeaturesOfPairs});
  nic.select(kThird);
  EXPECT_EQ(nic.read(common("queue_enable"), 2), 1U);
  EXPECT_EQ(nic.read(common("queue_notify_off"), 2), kThird);
  EXPECT_EQ(nic.read(common("queue_size"), 2), RingDriver::kControlQueueSize);
  nic.select(kThird + 1);
  EXPECT_EQ(nic.read(common("queue_size"), 2), 0U);
  EXPECT_TRUE(ask(command(control_command("rx_promisc"), {1})).ok());
}

TEST_P(NicScaling, HasItsControlQueueThereAlsoIfItIsEnabledLate) {
  nic.enable_pci();
  nic.negotiate(layout::kFeaturesOffered & ~layout::kFeaturesOfPairs);
  nic.enable_queue(layout::kReceiveQueue, kBuffers);
  nic.set_status(kReady);
  nic.enable_queue(layout::kControlQueue, kBuffers);
  EXPECT_TRUE(ask(command(control_command("rx_promisc"), {1})).ok());
}

// Frames on their way meet the setting before or the one after, and nothing in between.
TEST_P(NicScaling, ChangesUnderTraffic) {
  start();
  std::size_t delivered = 0;
  std::size_t arrived = 0;
  for (int round = 0; round < 12; ++round) {
    for (int i = 0; i < 6; ++i, ++arrived) nic.arrive(some_frame());
    auto const bytes =
        random.chance(0.5)
            ? some_scaling().bytes()
            : pairs_set(static_cast<std::uint16_t>(1 + random.below(kMaxQueuePairs)));
    EXPECT_TRUE(ask(bytes).ok());
    nic.run(us(8));
    for (std::uint16_t pair = 0; pair < kMaxQueuePairs; ++pair) {
      std::uint16_t const queue = layout::receive_queue(pair);
      while (auto const used = nic.rings[queue]->take()) {
        offer_buffer(queue, used->id);
        ++delivered;
      }
      nic.notify(queue);
    }
    nic.run(us(4));
  }
  EXPECT_EQ(delivered, arrived) << "seed " << kSeed;
}

INSTANTIATE_TEST_SUITE_P(EveryNic, NicScaling, testing::ValuesIn(nic_kinds()),
                         [](auto const& tested) { return tested.param; });

}  // namespace
}  // namespace ringside::testbench
