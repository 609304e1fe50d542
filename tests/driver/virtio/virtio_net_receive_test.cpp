#include "tests/driver/virtio/virtio_net_fixture.hpp"

namespace ringside::driver {
namespace {

using test::FakeDevice;
using test::Frame;
using test::VirtioNetTest;

struct Receive : VirtioNetTest {};

TEST_F(Receive, HandsAFrameUpWithoutHeaderAndWithoutACopy) {
  start();
  device.deliver(frame(60));
  executor.run_ready();
  ASSERT_EQ(stack.frames.size(), 1U);
  EXPECT_EQ(stack.frames[0], frame(60));
  EXPECT_EQ(stack.polls_done, 1U);
  EXPECT_GE(stack.headrooms[0], kTransmitHeadroom) << "to be sent on without a copy";
  auto const statistics = net->statistics();
  EXPECT_EQ(statistics.rx_packets, 1U);
  EXPECT_EQ(statistics.rx_bytes, 60U);
  EXPECT_EQ(statistics.interrupts, 1U);
  EXPECT_EQ(statistics.polls, 1U);
  EXPECT_EQ(net->driver_statistics().copies, 0U);
}

TEST_F(Receive, GoesOnForManyLapsOfTheRing) {
  start();
  for (unsigned i = 0; i < 200; ++i) {
    device.deliver(frame(60 + i, static_cast<std::uint8_t>(i)));
    if (i % 3 == 0) executor.run_ready();
  }
  executor.run_ready();
  ASSERT_EQ(stack.frames.size(), 200U);
  for (unsigned i = 0; i < 200; ++i) {
    ASSERT_EQ(stack.frames[i], frame(60 + i, static_cast<std::uint8_t>(i)));
  }
}

TEST_F(Receive, TheInterruptHandlerOnlyMasksAndSchedules) {
  start();
  device.deliver(frame(60));
  auto const before = memory.mappings();
  executor.post(Context::Softirq, [&] {  // before the poll, after the interrupt
    EXPECT_TRUE(stack.frames.empty());
    EXPECT_EQ(memory.mappings(), before);
    EXPECT_EQ(device.ring(FakeDevice::kReceive).driver_events().flags, 1) << "masked";
  });
  executor.run_ready();
  EXPECT_EQ(stack.frames.size(), 1U);
}

TEST_F(Receive, SpendsCpuTimeWhereACpuWould) {
  start();
  for (int i = 0; i < 5; ++i) device.deliver(frame(60));
  executor.run_ready();
  EXPECT_EQ(executor.spent(Work::InterruptEntry), 1U);
  EXPECT_EQ(executor.spent(Work::SoftirqEntry), 1U);
  EXPECT_EQ(executor.spent(Work::ReceivePacket), 5U);
  EXPECT_EQ(executor.spent(Work::CopyByte), 0U);
}

TEST_F(Receive, PollsWithoutFurtherInterruptsWhileItIsBusy) {
  config.budget = 4;
  config.receive_queue_size = 32;
  start();
  for (int i = 0; i < 10; ++i) device.deliver(frame(60));
  unsigned others = 0;
  executor.post(Context::Softirq, [&] { ++others; });
  executor.run_ready();
  EXPECT_EQ(stack.frames.size(), 10U);
  EXPECT_EQ(net->statistics().polls, 3U) << "4, 4 and 2 packets";
  EXPECT_EQ(net->statistics().interrupts, 1U);
  EXPECT_EQ(others, 1U);
}

TEST_F(Receive, AFullBudgetGoesToTheEndOfTheSoftirqLine) {
  config.budget = 2;
  start();
  for (int i = 0; i < 4; ++i) device.deliver(frame(60));
  std::size_t seen = 0;
  stack.on_receive = [&](PacketBuffer&) {
    if (stack.frames.size() == 1) {
      executor.post(Context::Softirq, [&] { seen = stack.frames.size(); });
    }
  };
  executor.run_ready();
  EXPECT_EQ(seen, 2U);
  EXPECT_EQ(stack.frames.size(), 4U);
}

TEST_F(Receive, InterruptsAreEnabledAgainWhenTheRingIsDrained) {
  start();
  for (int i = 0; i < 3; ++i) {
    device.deliver(frame(60));
    executor.run_ready();
  }
  EXPECT_EQ(stack.frames.size(), 3U);
  EXPECT_EQ(net->statistics().interrupts, 3U);
}

// The wake-up that gets lost without the second look: the packet comes after the ring was found
// empty and before interrupts are enabled, so the device sees them disabled.
TEST_F(Receive, LooksAgainAfterEnablingInterrupts) {
  for (bool const event_idx : {false, true}) {
    if (!event_idx) device.offered &= ~layout::kFeatureEventIdx;
    if (event_idx) device.offered |= layout::kFeatureEventIdx;
    stack.frames.clear();
    start();
    device.deliver(frame(60, 1));
    bool injected = false;
    stack.on_receive = [&](PacketBuffer&) {
      if (injected) return;
      injected = true;
      memory.on_write_barrier = [&] {
        // The first write of the driver's event flags after the poll: just before they count.
        if (stack.polls_done == 0) return;
        memory.on_write_barrier = nullptr;
        device.swallow_interrupts = true;  // masked as far as the device knows
        device.deliver(frame(61, 2));
        device.swallow_interrupts = false;
      };
    };
    stack.polls_done = 0;
    executor.run_ready();
    EXPECT_EQ(stack.frames.size(), 2U) << "event_idx " << event_idx;
    memory.on_write_barrier = nullptr;
    stack.on_receive = nullptr;
    net.reset();
  }
}

TEST_F(Receive, MarksBroadcastAndMulticast) {
  start();
  Frame broadcast = frame(60);
  std::fill_n(broadcast.begin(), 6, std::uint8_t{0xFF});
  Frame multicast = frame(60);
  multicast[0] = 0x01;
  device.deliver(broadcast);
  device.deliver(multicast);
  device.deliver(frame(60));
  executor.run_ready();
  ASSERT_EQ(stack.infos.size(), 3U);
  EXPECT_TRUE(stack.infos[0].link_broadcast && !stack.infos[0].link_multicast);
  EXPECT_TRUE(!stack.infos[1].link_broadcast && stack.infos[1].link_multicast);
  EXPECT_TRUE(!stack.infos[2].link_broadcast && !stack.infos[2].link_multicast);
}

TEST_F(Receive, BelievesTheDevicesChecksumOnlyWhenNegotiated) {
  device.offered &= ~layout::kFeatureGuestCsum;
  start();
  device.deliver(frame(60), 2);
  executor.run_ready();
  EXPECT_FALSE(stack.infos.at(0).checksum_verified);
  net.reset();

  device.offered |= layout::kFeatureGuestCsum;
  start();
  device.deliver(frame(60), 2);
  device.deliver(frame(60), 0);
  executor.run_ready();
  EXPECT_TRUE(stack.infos.at(1).checksum_verified);
  EXPECT_FALSE(stack.infos.at(2).checksum_verified);
}

// V57: 1514 bytes in buffers of 600 are 600, 600 and 326 bytes.
TEST_F(Receive, GathersAMergedPacketIntoOneBlockAndCountsTheCopy) {
  config.receive_buffer_bytes = 600;
  start();
  device.deliver(frame(1514));
  executor.run_ready();
  ASSERT_EQ(stack.frames.size(), 1U);
  EXPECT_EQ(stack.frames[0], frame(1514));
  auto const statistics = net->driver_statistics();
  EXPECT_EQ(statistics.gathered, 1U);
  EXPECT_EQ(statistics.copies, 1U);
  EXPECT_EQ(statistics.copied_bytes, 926U);
  EXPECT_EQ(executor.spent(Work::CopyByte), 926U);
}

TEST_F(Receive, DropsAMergedPacketThatFitsNoBlock) {
  config.receive_buffer_bytes = 600;
  config.receive_queue_size = 16;
  start();
  device.deliver(frame(2500));
  device.deliver(frame(100));
  executor.run_ready();
  ASSERT_EQ(stack.frames.size(), 1U) << "the packet behind it is whole";
  EXPECT_EQ(stack.frames[0], frame(100));
  EXPECT_EQ(net->statistics().rx_dropped, 1U);
}

TEST_F(Receive, KeepsEnoughBuffersAvailableForTheLargestFrame) {
  config.receive_buffer_bytes = 600;
  config.receive_queue_size = 4;
  start();
  for (int i = 0; i < 20; ++i) {
    device.deliver(frame(1514));
    executor.run_ready();
  }
  EXPECT_EQ(stack.frames.size(), 20U);
}

// Three of eight buffers gone are too few for a batch, but the five left hold no full frame.
TEST_F(Receive, RefillsEarlyWhenWhatIsLeftHoldsNoFullFrame) {
  config.receive_buffer_bytes = 256;
  start();
  for (int i = 0; i < 3; ++i) {
    device.deliver(frame(60));
    executor.run_ready();
  }
  device.deliver(frame(1514));
  executor.run_ready();
  EXPECT_EQ(stack.frames.size(), 4U);
}

TEST_F(Receive, TakesRingsOfEverySizeDownToOne) {
  for (std::uint16_t size = 1; size <= 8; ++size) {
    stack.frames.clear();
    config.receive_queue_size = size;
    start();
    for (int i = 0; i < 30; ++i) {
      device.deliver(frame(64));
      executor.run_ready();
    }
    EXPECT_EQ(stack.frames.size(), 30U) << "size " << size;
    net.reset();
  }
}

TEST_F(Receive, GoesOnAsSoonAsBlocksComeFreeAfterThePoolRanOut) {
  config.buffer_count = 16;
  start();
  stack.keep = true;
  for (int i = 0; i < 16; ++i) {
    device.deliver(frame(60));
    executor.run_ready();
  }
  EXPECT_EQ(stack.frames.size(), 16U);
  EXPECT_FALSE(device.ring(FakeDevice::kReceive).next()) << "nothing left to receive into";
  EXPECT_GT(net->driver_statistics().pool_exhausted, 0U);
  stack.keep = false;
  stack.kept.clear();
  executor.run_ready();
  for (int i = 0; i < 8; ++i) device.deliver(frame(60));
  executor.run_ready();
  EXPECT_EQ(stack.frames.size(), 24U);
}

TEST_F(Receive, TheRingIsRefilledHoweverMuchIsKeptThatMayBe) {
  start();
  stack.on_receive = [this](PacketBuffer& packet) {
    stack.keep = may_keep(packet.supply(), !stack.kept.empty());
  };
  for (unsigned i = 0; i < 200; ++i) {
    device.deliver(frame(60, static_cast<std::uint8_t>(i)));
    if (i % 5 == 0) executor.run_ready();
  }
  executor.run_ready();
  EXPECT_EQ(stack.frames.size(), 200U);
  EXPECT_GT(stack.kept.size(), 30U);
  EXPECT_NE(net->pool().supply(), Supply::Ample);
  EXPECT_EQ(net->driver_statistics().pool_exhausted, 0U);
}

TEST_F(Receive, BatchesTheNotificationsOfRefills) {
  config.receive_queue_size = 256;
  config.buffer_count = 600;
  start();
  unsigned const after_start = device.notified[FakeDevice::kReceive];
  EXPECT_EQ(after_start, 1U);
  for (int i = 0; i < 320; ++i) {
    device.deliver(frame(60));
    executor.run_ready();
  }
  EXPECT_EQ(device.notified[FakeDevice::kReceive] - after_start, 10U) << "32 buffers each";
}

TEST_F(Receive, CountsPacketsThatNobodyWants) {
  start();
  net->set_receiver(nullptr);
  device.deliver(frame(60));
  executor.run_ready();
  EXPECT_EQ(net->statistics().rx_dropped, 1U);
}

TEST_F(Receive, AReceiverMayStopTheDeviceInTheMiddleOfAPoll) {
  start();
  for (int i = 0; i < 4; ++i) device.deliver(frame(60));
  stack.on_receive = [this](PacketBuffer&) { net->stop(); };
  executor.run_ready();
  EXPECT_EQ(stack.frames.size(), 1U);
  EXPECT_EQ(net->state(), VirtioNet::State::Stopped);
  EXPECT_EQ(memory.mappings(), 0U);
}

}  // namespace
}  // namespace ringside::driver
