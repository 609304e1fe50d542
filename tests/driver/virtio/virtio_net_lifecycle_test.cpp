// Start, stop, link changes and recovery.
#include "tests/driver/virtio/virtio_net_fixture.hpp"

namespace ringside::driver {
namespace {

using test::FakeDevice;
using test::FakeDmaMemory;
using test::VirtioNetTest;

struct Lifecycle : VirtioNetTest {
  DriverError start_error() {
    make();
    auto const started = net->start();
    EXPECT_FALSE(started);
    EXPECT_EQ(net->state(), VirtioNet::State::Stopped);
    EXPECT_TRUE(device.failed);
    EXPECT_EQ(memory.mappings(), 0U) << "a failed start leaves nothing mapped";
    EXPECT_EQ(net->pool().available(), net->pool().capacity());
    return started ? DriverError{0xFF} : started.error();
  }
};

TEST_F(Lifecycle, StartMakesTheDeviceLiveWithReceiveBuffers) {
  config.receive_moderation = {16, 20};
  config.transmit_moderation = {32, 64};
  start();
  EXPECT_TRUE(device.live());
  EXPECT_EQ(net->state(), VirtioNet::State::Live);
  EXPECT_TRUE(net->link_up());
  EXPECT_EQ(net->mac(), (MacAddress{{2, 0, 0, 0, 0, 0x55}}));
  EXPECT_EQ(net->mtu(), 1500);
  EXPECT_EQ(device.ring(FakeDevice::kReceive).size(), 8);
  EXPECT_EQ(device.notified[FakeDevice::kReceive], 1U);
  EXPECT_EQ(device.moderation[0], (Moderation{16, 20}));
  EXPECT_EQ(device.moderation[1], (Moderation{32, 64}));
  unsigned buffers = 0;
  while (device.ring(FakeDevice::kReceive).next()) ++buffers;
  EXPECT_EQ(buffers, 8U);
  EXPECT_TRUE(story.told("negotiated packed rings"));
  EXPECT_TRUE(story.told("02:00:00:00:00:55"));
}

TEST_F(Lifecycle, RingsAreNoLargerThanTheDeviceAllows) {
  device.max_size = 3;
  start();
  EXPECT_EQ(device.ring(FakeDevice::kReceive).size(), 3);
  EXPECT_EQ(device.ring(FakeDevice::kTransmit).size(), 3);
  device.deliver(frame(60));
  executor.run_ready();
  EXPECT_EQ(stack.frames.size(), 1U);
}

TEST_F(Lifecycle, ADeviceWithoutModerationIsUsedAsItIs) {
  device.no_moderation = true;
  start();
  EXPECT_EQ(net->state(), VirtioNet::State::Live);
}

TEST_F(Lifecycle, StopReturnsAndUnmapsEverything) {
  start();
  device.completes_at_once = false;
  ASSERT_TRUE(send(frame(60)));
  device.deliver(frame(60));
  net->stop();
  EXPECT_EQ(memory.mappings(), 0U);
  EXPECT_EQ(net->pool().available(), net->pool().capacity());
  EXPECT_EQ(net->statistics().tx_dropped, 1U);
  EXPECT_FALSE(device.live());
  EXPECT_EQ(executor.pending_timers(), 0U);
  net->stop();  // again is harmless
}

TEST_F(Lifecycle, AStoppedDeviceCanBeStartedAgain) {
  start();
  for (int round = 0; round < 3; ++round) {
    net->stop();
    ASSERT_TRUE(net->start());
    device.deliver(frame(60));
    ASSERT_TRUE(send(frame(60)));
    executor.run_ready();
    EXPECT_EQ(stack.frames.size(), 1U + round);
  }
}

TEST_F(Lifecycle, StopUnmapsEvenWhenTheDeviceDoesNotComeOutOfReset) {
  start();
  device.failing_resets = 1;
  net->stop();
  EXPECT_TRUE(device.failed);
  EXPECT_EQ(memory.mappings(), 0U);
}

TEST_F(Lifecycle, DestructionTakesAllMemoryAwayWithoutTouchingTheDevice) {
  make().on_link_change([](bool up) { EXPECT_TRUE(up) << "whoever listened may be gone"; });
  ASSERT_TRUE(net->start());
  device.completes_at_once = false;
  ASSERT_TRUE(send(frame(60)));
  unsigned const resets = device.resets;
  net.reset();
  EXPECT_EQ(device.resets, resets);
  EXPECT_EQ(memory.mappings(), 0U);
  EXPECT_EQ(executor.pending_timers(), 0U);
}

TEST_F(Lifecycle, StartReportsWhyItFailed) {
  device.failing_resets = 1;
  EXPECT_EQ(start_error(), DriverError::ResetTimeout);
  device.offered &= ~layout::kFeatureVersion1;
  EXPECT_EQ(start_error(), DriverError::FeatureMissing);
  device.offered = layout::kFeaturesOffered;
  device.queues = 1;
  EXPECT_EQ(start_error(), DriverError::QueueMissing);
  device.queues = 2;
  device.max_size = 0;
  EXPECT_EQ(start_error(), DriverError::QueueMissing);
  device.max_size = 256;
  device.refuse_queues = true;
  EXPECT_EQ(start_error(), DriverError::QueueMissing);
  device.refuse_queues = false;
  memory.max_mappings = 5;
  EXPECT_EQ(start_error(), DriverError::OutOfMemory);
  memory.max_mappings = ~std::size_t{0};
  config.receive_buffer_bytes = 8;
  EXPECT_EQ(start_error(), DriverError::BufferTooSmall);
  config.receive_buffer_bytes = 1000;
  device.offered &= ~layout::kFeatureMrgRxbuf;
  EXPECT_EQ(start_error(), DriverError::BufferTooSmall);
  config.buffer_size = 128;
  EXPECT_EQ(start_error(), DriverError::BufferTooSmall);
  config.buffer_count = 1'000'000;
  EXPECT_EQ(start_error(), DriverError::OutOfMemory);
}

TEST_F(Lifecycle, LinkChangesAreToldOnce) {
  std::vector<bool> changes;
  make().on_link_change([&](bool up) { changes.push_back(up); });
  ASSERT_TRUE(net->start());
  device.interrupt_config();
  executor.run_ready();
  device.config[6] = 0;
  device.interrupt_config();
  executor.run_ready();
  EXPECT_FALSE(net->link_up());
  EXPECT_EQ(send(frame(60)).error(), TransmitError::LinkDown);
  device.config[6] = 1;
  device.interrupt_config();
  executor.run_ready();
  net->stop();
  EXPECT_EQ(changes, (std::vector{true, false, true, false}));
}

TEST_F(Lifecycle, RecoversWhenTheDeviceAsksForAReset) {
  std::vector<bool> changes;
  make().on_link_change([&](bool up) { changes.push_back(up); });
  ASSERT_TRUE(net->start());
  device.completes_at_once = false;
  ASSERT_TRUE(send(frame(60)));
  device.break_down();
  executor.run_ready();
  EXPECT_EQ(net->state(), VirtioNet::State::Live);
  EXPECT_EQ(net->statistics().resets, 1U);
  EXPECT_EQ(net->statistics().tx_dropped, 1U);
  EXPECT_EQ(changes, (std::vector{true, false, true}));
  EXPECT_TRUE(story.told("the device asks for it"));
  device.completes_at_once = true;
  device.deliver(frame(60));
  EXPECT_TRUE(send(frame(60)));
  executor.run_ready();
  EXPECT_EQ(stack.frames.size(), 1U);
}

TEST_F(Lifecycle, WhoWaitedForRoomIsToldAfterTheRecovery) {
  start();
  device.completes_at_once = false;
  unsigned ready = 0;
  net->on_transmit_ready([&] { ++ready; });
  for (int i = 0; i < 8; ++i) ASSERT_TRUE(send(frame(60)));
  EXPECT_EQ(send(frame(60)).error(), TransmitError::QueueFull);
  device.break_down();
  executor.run_ready();
  EXPECT_EQ(ready, 1U);
}

TEST_F(Lifecycle, TriesAgainWithGrowingDelays) {
  start();
  device.failing_resets = 3;
  device.break_down();
  executor.run_ready();
  EXPECT_EQ(net->state(), VirtioNet::State::Recovering);
  EXPECT_EQ(net->statistics().resets, 1U);
  executor.run_for(std::chrono::microseconds(1100));  // 1 ms after the first
  EXPECT_EQ(net->statistics().resets, 2U);
  executor.run_for(std::chrono::microseconds(1100));
  EXPECT_EQ(net->statistics().resets, 2U);
  executor.run_for(std::chrono::microseconds(1100));  // 2 ms after the second
  EXPECT_EQ(net->statistics().resets, 3U);
  executor.run_for(std::chrono::milliseconds(5));
  EXPECT_EQ(net->statistics().resets, 4U);
  EXPECT_EQ(net->state(), VirtioNet::State::Live);
}

TEST_F(Lifecycle, GivesUpADeviceThatNeverComesBack) {
  start();
  device.failing_resets = 1000;
  device.break_down();
  executor.run_for(std::chrono::seconds(10));
  EXPECT_EQ(net->state(), VirtioNet::State::Failed);
  EXPECT_EQ(net->statistics().resets, Recovery::kMaxAttempts);
  EXPECT_TRUE(device.failed);
  EXPECT_EQ(memory.mappings(), 0U);
  EXPECT_EQ(executor.pending_timers(), 0U);
  EXPECT_TRUE(story.told("gave up"));
  EXPECT_EQ(send(frame(60)).error(), TransmitError::LinkDown);

  device.failing_resets = 0;
  ASSERT_TRUE(net->start()) << "its owner may try again";
  EXPECT_TRUE(send(frame(60)));
}

TEST_F(Lifecycle, GivesUpADeviceThatBreaksAgainAfterEachRecovery) {
  start();
  for (int i = 0; i < 100 && net->state() == VirtioNet::State::Live; ++i) {
    device.break_down();
    executor.run_for(std::chrono::milliseconds(200));
  }
  EXPECT_EQ(net->state(), VirtioNet::State::Failed);
  EXPECT_EQ(net->statistics().resets, Recovery::kMaxAttempts);
}

TEST_F(Lifecycle, ALongHealthyTimeIsAFreshStart) {
  start();
  for (unsigned i = 0; i < 2 * Recovery::kMaxAttempts; ++i) {
    device.break_down();
    executor.run_for(std::chrono::seconds(2));
    ASSERT_EQ(net->state(), VirtioNet::State::Live);
  }
}

TEST_F(Lifecycle, StopEndsARecovery) {
  start();
  device.failing_resets = 1;
  device.break_down();
  executor.run_ready();
  ASSERT_EQ(net->state(), VirtioNet::State::Recovering);
  net->stop();
  executor.run_for(std::chrono::seconds(1));
  EXPECT_EQ(net->state(), VirtioNet::State::Stopped);
  EXPECT_EQ(net->statistics().resets, 1U);
}

TEST_F(Lifecycle, ATransmitterWithoutProgressIsResetAfterFiveSeconds) {
  start();
  device.completes_at_once = false;
  ASSERT_TRUE(send(frame(60)));
  executor.run_for(std::chrono::milliseconds(4900));
  EXPECT_EQ(net->statistics().resets, 0U);
  executor.run_for(std::chrono::milliseconds(200));
  EXPECT_EQ(net->statistics().resets, 1U);
  EXPECT_EQ(net->driver_statistics().transmit_timeouts, 1U);
  EXPECT_EQ(net->state(), VirtioNet::State::Live);
}

TEST_F(Lifecycle, APolledTransmitterIsGivenTheSameFiveSeconds) {
  device.no_vectors = true;
  start();
  device.completes_at_once = false;
  executor.run_for(std::chrono::seconds(10));
  ASSERT_TRUE(send(frame(60)));
  executor.run_for(std::chrono::milliseconds(4900));
  EXPECT_EQ(net->statistics().resets, 0U);
  executor.run_for(std::chrono::milliseconds(200));
  EXPECT_EQ(net->statistics().resets, 1U);
}

TEST_F(Lifecycle, AnIdleTransmitterIsNotTakenForAStuckOne) {
  start();
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(send(frame(60)));
    executor.run_for(std::chrono::seconds(20));
  }
  device.completes_at_once = false;
  ASSERT_TRUE(send(frame(60)));
  executor.run_for(std::chrono::milliseconds(100));
  EXPECT_EQ(net->statistics().resets, 0U);
}

TEST_F(Lifecycle, ALostConfigurationInterruptIsMadeUpForByTheCheck) {
  start();
  device.completes_at_once = false;
  device.needs_reset = true;  // and no interrupt says so
  ASSERT_TRUE(send(frame(60)));
  executor.run_for(VirtioNet::kCheckInterval * 3);
  EXPECT_EQ(net->statistics().resets, 1U);
  EXPECT_EQ(net->state(), VirtioNet::State::Live);
}

TEST_F(Lifecycle, ASmallerDeviceAfterARecoveryIsUsedAsItIs) {
  start();
  device.max_size = 2;
  device.break_down();
  executor.run_ready();
  EXPECT_EQ(device.ring(FakeDevice::kReceive).size(), 2);
  device.deliver(frame(60));
  executor.run_ready();
  EXPECT_EQ(stack.frames.size(), 1U);
}

}  // namespace
}  // namespace ringside::driver
