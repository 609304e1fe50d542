// How received packets are spread over queue pairs (virtio 1.3, 5.1.6.5.5 and 5.1.6.5.6): by number
// of pairs, by hash and table, and never by a command that is refused.
#include "interface/base/random.hpp"
#include "model/device/steering.hpp"
#include "tests/system/control_commands.hpp"

namespace ringside::testbench {
namespace {

using layout::control_command;
using layout::kMaxQueuePairs;

constexpr std::uint64_t kSeed = 0x5CA1E;
constexpr Session kEverything{.features = layout::kFeaturesOffered};
constexpr std::uint16_t kBuffers = 16;

struct Scaling {
  std::uint32_t types = layout::kSupportedHashTypes;
  std::uint16_t mask = 7;
  std::uint16_t unclassified = 0;
  std::vector<std::uint16_t> table = std::vector<std::uint16_t>(8, 0);
  std::uint16_t transmit_queues = 1;
  std::vector<std::uint8_t> key = std::vector<std::uint8_t>(layout::kHashKeyBytes, 0x5A);

  std::vector<std::uint8_t> bytes() const {
    auto data = le(types) + le(mask) + le(unclassified);
    for (std::uint16_t const entry : table) data = data + le(entry);
    data = data + le(transmit_queues) + le(static_cast<std::uint8_t>(key.size())) + key;
    return command(control_command("mq_rss_config"), data);
  }
  model::Steering steering() const {
    model::Steering steering{
        .chosen = true, .hash_types = types, .table = table, .unclassified = unclassified};
    std::copy_n(key.begin(), steering.key.size(), steering.key.begin());
    return steering;
  }
};

std::vector<std::uint8_t> pairs_set(std::uint16_t pairs) {
  return command(control_command("mq_pairs_set"), le(pairs));
}

class NicScaling : public EveryNicUnderControl {
 protected:
  void start() {
    nic.start(kEverything);
    for (std::uint16_t pair = 0; pair < kMaxQueuePairs; ++pair) {
      std::uint16_t const queue = layout::receive_queue(pair);
      if (pair != 0) nic.enable_queue(queue, kBuffers);
      for (std::uint16_t i = 0; i < kBuffers; ++i) offer_buffer(queue, i);
      nic.notify(queue);
    }
    nic.run(us(5));
  }
  void offer_buffer(std::uint16_t queue, std::uint16_t id) {
    auto const block = nic.allocate(2048);
    nic.rings[queue]->offer({{block.address, 2048, layout::kDescriptorWrite}}, id);
  }

  // A frame of one of many flows: UDP or TCP over IPv4, or nothing that has a flow.
  Frame some_frame() {
    Frame frame = frame_to(kStation);
    for (std::size_t i = 14; i < frame.size(); ++i) {
      frame[i] = static_cast<std::uint8_t>(random.next());
    }
    store_be<std::uint16_t>(&frame[12], random.chance(0.8) ? 0x0800 : 0x88B5);
    frame[14] = 0x45;
    store_be<std::uint16_t>(&frame[16], static_cast<std::uint16_t>(frame.size() - 14));
    store_be<std::uint16_t>(&frame[20], 0);
    frame[23] = random.chance(0.5) ? 6 : 17;
    return frame;
  }

  // The pair to whose queue the frame is delivered.
  std::optional<std::uint16_t> pair_of(Frame const& frame) {
    nic.arrive(frame);
    std::optional<std::uint16_t> pair;
    std::uint16_t id = 0;
    nic.run_until(
        [&] {
          for (std::uint16_t p = 0; p < kMaxQueuePairs && !pair; ++p) {
            auto const used = nic.rings[layout::receive_queue(p)]->take();
            if (!used) continue;
            pair = p;
            id = used->id;
          }
          return pair.has_value();
        },
        us(20));
    if (!pair) return pair;
    offer_buffer(layout::receive_queue(*pair), id);
    nic.notify(layout::receive_queue(*pair));
    nic.run(us(3));
    return pair;
  }

  void expect_spread(model::Steering const& steering, int frames = 20) {
    for (int i = 0; i < frames; ++i) {
      Frame const frame = some_frame();
      ASSERT_EQ(pair_of(frame), steering.pair_of(frame)) << "seed " << kSeed << ", frame " << i;
    }
  }

  Scaling some_scaling() {
    Scaling scaling;
    scaling.types = static_cast<std::uint32_t>(random.below(layout::kSupportedHashTypes + 1));
    scaling.mask = static_cast<std::uint16_t>((1U << random.below(8)) - 1);
    scaling.unclassified = static_cast<std::uint16_t>(random.below(kMaxQueuePairs));
    scaling.table.resize(scaling.mask + 1U);
    for (auto& entry : scaling.table) {
      entry = static_cast<std::uint16_t>(random.below(kMaxQueuePairs));
    }
    scaling.transmit_queues = static_cast<std::uint16_t>(1 + random.below(kMaxQueuePairs));
    for (auto& byte : scaling.key) byte = static_cast<std::uint8_t>(random.next());
    return scaling;
  }

  Random random{kSeed};
};

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
