// Several pairs of queues, and what goes with them: hashes of received packets, and who hears of
// them.
#include "interface/layout/control.hpp"
#include "interface/layout/receive_scaling.hpp"
#include "tests/driver/virtio/control_fixture.hpp"

namespace ringside::test {
namespace {

using layout::control_command;
using layout::receive_queue;
using layout::transmit_queue;

constexpr std::uint16_t kPairs = 4;
constexpr std::size_t kMaxPairsAt = 8;  // in the device configuration

struct VirtioNetPairs : ControlTest {
  VirtioNetPairs() {
    config.queue_pairs = kPairs;
    config.buffer_count = 256;
    offer(kPairs);
  }
  // A device with so many pairs.
  void offer(std::uint16_t pairs) {
    device.queues = static_cast<std::uint16_t>(2 * pairs + 1);
    device.control = static_cast<std::uint16_t>(2 * pairs);
    store_le<std::uint16_t>(&device.config[kMaxPairsAt], pairs);
  }
  void expect_one_pair() {
    device.sent.clear();
    stack.frames.clear();
    start();
    settle();
    EXPECT_EQ(net->queue_pairs(), 1U);
    EXPECT_EQ(device.accepted & layout::kFeaturesOfPairs, 0U);
    EXPECT_FALSE(device.enabled(3));
    EXPECT_TRUE(send(frame(60)));
    device.deliver(frame(80));
    settle();
    EXPECT_EQ(device.sent.size(), 1U);
    EXPECT_EQ(stack.frames.size(), 1U);
    net->stop();
  }
  Result<Done, TransmitError> send_by(std::uint16_t pair, Frame const& frame) {
    PacketBuffer p = packet(frame);
    p.info().queue_pair = pair;
    return net->transmit(p, false);
  }

  // As the device is told: over two entries for each pair, or as many as there are.
  static Frame scaling(std::vector<std::uint16_t> const& table, driver::ReceiveHashing const& by,
                       std::uint16_t unclassified, std::uint16_t pairs) {
    Frame data(8 + 2 * table.size() + 3);
    store_le<std::uint32_t>(data.data(), by.types);
    store_le<std::uint16_t>(&data[4], static_cast<std::uint16_t>(table.size() - 1));
    store_le<std::uint16_t>(&data[6], unclassified);
    for (std::size_t i = 0; i < table.size(); ++i) store_le(&data[8 + 2 * i], table[i]);
    store_le<std::uint16_t>(&data[8 + 2 * table.size()], pairs);
    data.back() = 40;
    data.insert(data.end(), by.key.begin(), by.key.end());
    return command(control_command("mq_rss_config"), data);
  }
  static std::vector<std::uint16_t> even_table(std::uint16_t pairs) {
    std::vector<std::uint16_t> table;
    for (std::size_t i = 0; i < 128; ++i) table.push_back(static_cast<std::uint16_t>(i % pairs));
    return table;
  }
  static Frame hashing(driver::ReceiveHashing const& by) {
    Frame data(13, 0);
    store_le<std::uint32_t>(data.data(), by.types);
    data[12] = 40;
    data.insert(data.end(), by.key.begin(), by.key.end());
    return command(control_command("mq_hash_config"), data);
  }
};

TEST_F(VirtioNetPairs, AreAllStartedAndTheDeviceIsToldOfThem) {
  start();
  settle();
  EXPECT_EQ(net->queue_pairs(), kPairs);
  for (std::uint16_t queue = 0; queue <= 2 * kPairs; ++queue) EXPECT_TRUE(device.enabled(queue));
  for (std::uint16_t pair = 0; pair < kPairs; ++pair) {
    EXPECT_EQ(device.notified[receive_queue(pair)], 1U) << "buffers, from the beginning";
  }
  EXPECT_TRUE(was_told(command(control_command("mq_pairs_set"), {kPairs, 0})));
  EXPECT_TRUE(story.told("4 queue pairs"));
}

TEST_F(VirtioNetPairs, AreNoMoreThanTheDeviceHasOrThanAreWanted) {
  offer(2);
  start();
  settle();
  EXPECT_EQ(net->queue_pairs(), 2U);
  EXPECT_TRUE(was_told(command(control_command("mq_pairs_set"), {2, 0})));
  net->stop();
  offer(4);
  config.queue_pairs = 3;
  start();
  settle();
  EXPECT_EQ(net->queue_pairs(), 3U);
  EXPECT_FALSE(device.enabled(6));
  EXPECT_TRUE(device.enabled(8)) << "the control queue stands behind all that there are";
}

TEST_F(VirtioNetPairs, AreOneWithADeviceThatHasNoMore) {
  device.queues = 3;
  device.control = 2;
  device.offered &= ~layout::kFeaturesOfPairs;
  expect_one_pair();
  device.offered &= ~layout::kFeatureCtrlVq & ~layout::kFeaturesOfControl;
  device.queues = 2;
  expect_one_pair();
}

TEST_F(VirtioNetPairs, AreOneWithADeviceThatContradictsItself) {
  device.control = 2;
  for (auto const& [pairs, queues] : {std::pair{0, 9}, {1, 3}, {0x8001, 9}, {0xFFFF, 9}, {4, 8}}) {
    store_le<std::uint16_t>(&device.config[kMaxPairsAt], static_cast<std::uint16_t>(pairs));
    device.queues = static_cast<std::uint16_t>(queues);
    expect_one_pair();
  }
}

TEST_F(VirtioNetPairs, SendByTheOneThatAPacketNames) {
  start();
  for (std::uint16_t pair = 0; pair < kPairs; ++pair) {
    EXPECT_TRUE(send_by(pair, frame(60 + pair)));
    EXPECT_EQ(device.sent.back(), frame(60 + pair));
    EXPECT_EQ(device.sent_by.back(), transmit_queue(pair));
  }
  EXPECT_TRUE(send_by(kPairs, frame(90)));
  EXPECT_EQ(device.sent_by.back(), transmit_queue(0)) << "it does not exist";
}

TEST_F(VirtioNetPairs, AreFullEachForItself) {
  device.completes_at_once = false;
  start();
  unsigned ready = 0;
  net->on_transmit_ready([&ready] { ++ready; });
  for (int i = 0; i < 8; ++i) EXPECT_TRUE(send_by(2, frame(60)));
  auto const refused = send_by(2, frame(60));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), TransmitError::QueueFull);
  EXPECT_TRUE(send_by(1, frame(60)));
  settle();
  EXPECT_EQ(ready, 0U);
  device.complete(~0U, transmit_queue(2));
  settle();
  EXPECT_EQ(ready, 1U);
  EXPECT_TRUE(send_by(2, frame(60)));
}

TEST_F(VirtioNetPairs, HandWhatTheyReceiveToTheirReceivers) {
  make();
  RecordingStack third;
  net->set_receiver(2, &third);
  ASSERT_TRUE(net->start());
  settle();
  for (std::uint16_t pair = 0; pair < kPairs; ++pair) {
    device.deliver(frame(60, static_cast<std::uint8_t>(pair)), 0, receive_queue(pair));
    settle();
  }
  ASSERT_EQ(stack.infos.size(), 3U);
  EXPECT_EQ(stack.infos[0].queue_pair, 0);
  EXPECT_EQ(stack.infos[1].queue_pair, 1);
  EXPECT_EQ(stack.infos[2].queue_pair, 3);
  ASSERT_EQ(third.frames.size(), 1U);
  EXPECT_EQ(third.infos[0].queue_pair, 2);
  EXPECT_EQ(third.frames[0], frame(60, 2));
}

TEST_F(VirtioNetPairs, ArePolledTogetherOrOneAlone) {
  device.swallow_interrupts = true;
  start();
  for (std::uint16_t pair = 0; pair < kPairs; ++pair) {
    for (int i = 0; i < 2; ++i) device.deliver(frame(60), 0, receive_queue(pair));
  }
  EXPECT_EQ(net->poll(3, 64), 2U);
  ASSERT_EQ(stack.infos.size(), 2U);
  EXPECT_EQ(stack.infos[0].queue_pair, 3);
  EXPECT_EQ(net->poll(3), 3U) << "a budget for all of them";
  EXPECT_EQ(net->poll(64), 3U);
  EXPECT_EQ(stack.frames.size(), 2U * kPairs);
}

TEST_F(VirtioNetPairs, ComeBackAfterAResetThatOneOfThemAskedFor) {
  start_and_forget();
  device.ring(receive_queue(3)).write_used(77, 60, true);
  device.interrupt(receive_queue(3));
  settle();
  EXPECT_EQ(net->statistics().resets, 1U);
  ASSERT_EQ(net->state(), driver::VirtioNet::State::Live);
  EXPECT_TRUE(was_told(command(control_command("mq_pairs_set"), {kPairs, 0})));
  EXPECT_TRUE(send_by(3, frame(61)));
  EXPECT_EQ(device.sent_by.back(), transmit_queue(3));
}

TEST_F(VirtioNetPairs, LoseNoInterruptForLong) {
  start();
  device.swallow_interrupts = true;
  EXPECT_TRUE(send_by(0, frame(60)));
  device.deliver(frame(70), 0, receive_queue(2));
  executor.run_for(2 * driver::VirtioNet::kCheckInterval);
  ASSERT_EQ(stack.frames.size(), 1U);
  EXPECT_EQ(net->driver_statistics().lost_interrupts, 1U);
}

TEST_F(VirtioNetPairs, AreSpreadOverByATableOfTheDriversOwn) {
  start_and_forget();
  driver::ReceiveScaling wish{{0x15, {}}, {3, 2, 1, 0}, 1};
  wish.hashing.key.fill(0x77);
  EXPECT_TRUE(control().set_receive_scaling(wish, hear()));
  settle();
  EXPECT_TRUE(heard_ok());
  Frame const told = scaling({3, 2, 1, 0}, wish.hashing, 1, kPairs);
  EXPECT_TRUE(was_told(told));
  device.commands.clear();
  device.break_down();
  settle();
  ASSERT_EQ(device.commands.size(), 3U);
  EXPECT_EQ(device.commands[1], command(control_command("mq_pairs_set"), {kPairs, 0}));
  EXPECT_EQ(device.commands[2], told) << "the last word counts";
  EXPECT_TRUE(control().set_queue_pairs(2));
  settle();
  EXPECT_EQ(device.commands.back(), command(control_command("mq_pairs_set"), {2, 0}));
  wish.table.assign(256, 0);
  EXPECT_EQ(control().set_receive_scaling(wish).error(), driver::ControlError::TooLong);
}

TEST_F(VirtioNetPairs, AreSpreadOverByATableIfThatIsAllTheDeviceKnows) {
  device.offered &= ~layout::kFeatureMq;
  start();
  settle();
  EXPECT_EQ(net->queue_pairs(), kPairs);
  EXPECT_TRUE(was_told(scaling(even_table(kPairs), {}, 0, kPairs)));
}

TEST_F(VirtioNetPairs, TellTheHashesOfWhatTheyReceive) {
  config.hash_report = true;
  device.offered &= ~layout::kFeatureRss;
  start();
  settle();
  EXPECT_TRUE(was_told(hashing({})));
  device.hash = {0x12345678, 5, 0};
  device.deliver(frame(60), 0, receive_queue(1));
  device.hash = {0x12345678, 0, 0};
  device.deliver(frame(61), 0, receive_queue(1));
  device.hash = {0x12345678, 0x105, 0};
  device.deliver(frame(62), 0, receive_queue(1));
  settle();
  ASSERT_EQ(stack.infos.size(), 3U);
  EXPECT_EQ(stack.infos[0].hash, 0x12345678U);
  EXPECT_EQ(stack.infos[0].hash_report, 5);
  for (int i : {1, 2}) {
    EXPECT_EQ(stack.infos[static_cast<std::size_t>(i)].hash, 0U) << i;
    EXPECT_EQ(stack.infos[static_cast<std::size_t>(i)].hash_report, 0) << i;
  }
  EXPECT_EQ(stack.frames[2], frame(62));
  EXPECT_TRUE(send_by(1, frame(100)));
  EXPECT_EQ(device.sent.back(), frame(100));
  PacketBuffer cramped = packet(frame(99), 4);  // its header stands in an element of its own
  EXPECT_TRUE(net->transmit(cramped, false));
  EXPECT_EQ(device.sent.back(), frame(99));
}

TEST_F(VirtioNetPairs, TellTheHashesThatTheyAreSpreadBy) {
  config.hash_report = true;
  start();
  settle();
  EXPECT_TRUE(was_told(scaling(even_table(kPairs), {}, 0, kPairs)));
  driver::ReceiveHashing const wish{.types = 3};
  EXPECT_TRUE(control().set_receive_hashing(wish));
  settle();
  EXPECT_EQ(device.commands.back(), scaling(even_table(kPairs), wish, 0, kPairs));
}

TEST_F(VirtioNetPairs, DoWithoutHashesOfADeviceThatHasNone) {
  config.hash_report = true;
  device.offered &= ~(layout::kFeatureHashReport | layout::kFeatureRss);
  start();
  settle();
  device.hash = {1, 1, 0};
  device.deliver(frame(60));
  settle();
  ASSERT_EQ(stack.infos.size(), 1U);
  EXPECT_EQ(stack.infos[0].hash_report, 0);
  EXPECT_EQ(control().set_receive_hashing({}).error(), driver::ControlError::Unavailable);
  EXPECT_EQ(control().set_receive_scaling({{}, {0}, 0}).error(), driver::ControlError::Unavailable);
}

}  // namespace
}  // namespace ringside::test
