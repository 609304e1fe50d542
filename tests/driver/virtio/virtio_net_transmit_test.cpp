#include "tests/driver/virtio/virtio_net_fixture.hpp"

namespace ringside::driver {
namespace {

using test::FakeDevice;
using test::FakeDmaMemory;
using test::Frame;
using test::VirtioNetTest;

struct Transmit : VirtioNetTest {
  static constexpr auto kQueue = FakeDevice::kTransmit;
};

TEST_F(Transmit, SendsHeaderAndFrameInOneDescriptorWithoutACopy) {
  start();
  ASSERT_TRUE(send(frame(60)));
  executor.run_ready();
  ASSERT_EQ(device.sent.size(), 1U);
  EXPECT_EQ(device.sent[0], frame(60));
  EXPECT_EQ(device.elements_per_packet, 1U);
  EXPECT_EQ(net->statistics().tx_packets, 1U);
  EXPECT_EQ(net->statistics().tx_bytes, 60U);
  EXPECT_EQ(net->driver_statistics().copies, 0U);
}

TEST_F(Transmit, ReturnsTheBlockAndItsMappingOnCompletion) {
  start();
  device.completes_at_once = false;
  auto const blocks = net->pool().available();
  auto const mappings = memory.mappings();
  ASSERT_TRUE(send(frame(60)));
  EXPECT_EQ(net->pool().available(), blocks - 1);
  EXPECT_EQ(memory.mappings(), mappings + 1);
  device.complete();
  executor.run_ready();
  EXPECT_EQ(net->pool().available(), blocks);
  EXPECT_EQ(memory.mappings(), mappings);
}

TEST_F(Transmit, TakesAPacketWithoutHeadroomInTwoElements) {
  for (bool const indirect : {false, true}) {
    device.sent.clear();
    device.offered = layout::kFeaturesOffered & ~layout::kFeatureIndirectDesc;
    if (indirect) device.offered = layout::kFeaturesOffered;
    start();
    PacketBuffer p = packet(frame(100), 0);
    ASSERT_TRUE(net->transmit(p, false));
    executor.run_ready();
    ASSERT_EQ(device.sent.size(), 1U);
    EXPECT_EQ(device.sent[0], frame(100));
    EXPECT_EQ(device.elements_per_packet, 2U);
    net.reset();
  }
}

TEST_F(Transmit, CopiesWhatATinyRingCouldNeverHold) {
  device.offered &= ~layout::kFeatureIndirectDesc;
  config.transmit_queue_size = 1;
  start();
  PacketBuffer p = packet(frame(100), 0);
  ASSERT_TRUE(net->transmit(p, false));
  executor.run_ready();
  ASSERT_EQ(device.sent.size(), 1U);
  EXPECT_EQ(device.sent[0], frame(100));
  EXPECT_EQ(net->driver_statistics().copies, 1U);
}

TEST_F(Transmit, CopiesAPacketOutOfAnotherDevicesMemory) {
  start();
  FakeDmaMemory elsewhere;
  DmaPacketPool foreign(elsewhere, 1, 2048);
  PacketBuffer p = foreign.allocate(kTransmitHeadroom);
  auto const payload = frame(80);
  std::copy(payload.begin(), payload.end(), p.append(80).begin());
  ASSERT_TRUE(net->transmit(p, false));
  EXPECT_EQ(foreign.available(), 1U) << "the original is not needed any more";
  executor.run_ready();
  ASSERT_EQ(device.sent.size(), 1U);
  EXPECT_EQ(device.sent[0], payload);
  EXPECT_EQ(net->driver_statistics().copied_bytes, 80U + 12U);
}

TEST_F(Transmit, NotifiesOnceForABatch) {
  start();
  unsigned const before = device.notified[kQueue];
  ASSERT_TRUE(send(frame(60), true));
  ASSERT_TRUE(send(frame(61), true));
  EXPECT_EQ(device.notified[kQueue], before);
  ASSERT_TRUE(send(frame(62), false));
  EXPECT_EQ(device.notified[kQueue], before + 1);
  EXPECT_EQ(device.sent.size(), 3U);
}

TEST_F(Transmit, ABatchThatFillsTheRingIsAnnounced) {
  start();
  device.completes_at_once = false;
  for (int i = 0; i < 8; ++i) ASSERT_TRUE(send(frame(60), true));
  EXPECT_EQ(device.notified[kQueue], 1U);
}

TEST_F(Transmit, ABatchThatEndsInARefusalIsAnnounced) {
  start();
  ASSERT_TRUE(send(frame(60), true));
  EXPECT_EQ(send(frame(1600)).error(), TransmitError::TooLong);
  EXPECT_EQ(device.sent.size(), 1U);
}

TEST_F(Transmit, ABatchThatEndsAtALinkThatWentDownIsAnnounced) {
  start();
  ASSERT_TRUE(send(frame(60), true));
  device.config[6] = 0;
  device.interrupt_config();
  executor.run_ready();
  EXPECT_TRUE(device.sent.empty());
  EXPECT_EQ(send(frame(60)).error(), TransmitError::LinkDown);
  EXPECT_EQ(device.sent.size(), 1U);
}

TEST_F(Transmit, ABatchThatNobodyEndsIsAnnouncedByTheCheck) {
  start();
  ASSERT_TRUE(send(frame(60), true));
  executor.run_for(VirtioNet::kCheckInterval / 2);
  EXPECT_TRUE(device.sent.empty());
  executor.run_for(2 * VirtioNet::kCheckInterval);
  EXPECT_EQ(device.sent.size(), 1U);
}

TEST_F(Transmit, LeavesThePacketAsItWasWhenTheRingIsFull) {
  start();
  device.completes_at_once = false;
  for (int i = 0; i < 8; ++i) ASSERT_TRUE(send(frame(60)));
  PacketBuffer p = packet(frame(77));
  auto const result = net->transmit(p, false);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error(), TransmitError::QueueFull);
  ASSERT_TRUE(p.valid());
  EXPECT_EQ(Frame(p.bytes().begin(), p.bytes().end()), frame(77));
  EXPECT_EQ(p.headroom(), kTransmitHeadroom);
}

TEST_F(Transmit, SaysWhenThereIsRoomAgainAndNotFromWithinACall) {
  start();
  device.completes_at_once = false;
  bool inside = false;
  unsigned ready = 0;
  net->on_transmit_ready([&] {
    ++ready;
    EXPECT_FALSE(inside);
  });
  for (int i = 0; i < 8; ++i) ASSERT_TRUE(send(frame(60)));
  EXPECT_FALSE(send(frame(60)));
  executor.run_ready();
  EXPECT_EQ(ready, 0U);
  device.complete(4);
  inside = true;
  EXPECT_TRUE(send(frame(60))) << "room was found by cleaning";
  inside = false;
  executor.run_ready();
  EXPECT_EQ(ready, 1U) << "whoever was refused before is told all the same";
}

TEST_F(Transmit, CleaningInAnotherCallWakesWhoWasRefusedWithoutAnInterrupt) {
  start();
  device.completes_at_once = false;
  unsigned ready = 0;
  net->on_transmit_ready([&] { ++ready; });
  for (int i = 0; i < 8; ++i) ASSERT_TRUE(send(frame(60)));
  EXPECT_FALSE(send(frame(60)));
  device.swallow_interrupts = true;
  device.complete(4);
  EXPECT_TRUE(send(frame(60)));
  executor.run_ready();
  EXPECT_EQ(ready, 1U);
}

TEST_F(Transmit, EveryRefusalIsFollowedByACall) {
  for (std::uint16_t size = 1; size <= 8; ++size) {
    for (bool const event_idx : {false, true}) {
      device.offered = layout::kFeaturesOffered;
      if (!event_idx) device.offered &= ~layout::kFeatureEventIdx;
      device.completes_at_once = false;
      config.transmit_queue_size = size;
      start();
      unsigned to_send = 100;
      std::function<void()> const push = [&] {
        while (to_send > 0 && send(frame(60))) --to_send;
      };
      net->on_transmit_ready(push);
      push();
      while (to_send > 0) {
        unsigned const before = to_send;
        device.complete();
        executor.run_ready();
        ASSERT_LT(to_send, before) << "nobody was told, size " << size;
      }
      net.reset();
    }
  }
}

TEST_F(Transmit, AsksForAnInterruptAtThreeQuartersOfTheOutstanding) {
  config.transmit_queue_size = 32;
  start();
  device.completes_at_once = false;
  for (int i = 0; i < 16; ++i) ASSERT_TRUE(send(frame(60), i < 15));
  device.complete(12);
  EXPECT_EQ(device.interrupts[kQueue], 0U);
  device.complete(1);
  EXPECT_EQ(device.interrupts[kQueue], 1U);
  executor.run_ready();
  EXPECT_EQ(net->statistics().tx_packets, 13U);
  device.complete(3);
  EXPECT_EQ(device.interrupts[kQueue], 2U) << "the poll asks for the very next one";
  executor.run_ready();
  EXPECT_EQ(net->statistics().tx_packets, 16U);
}

// The device passes the position just before it is written: no interrupt will tell of it.
TEST_F(Transmit, APositionThatHasPassedAlreadyIsAskedForAnew) {
  start();
  device.completes_at_once = false;
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(send(frame(60)));
  unsigned barriers = 0;
  memory.on_write_barrier = [&] {
    if (++barriers != 2) return;  // the first publishes the packet, the second the position
    device.swallow_interrupts = true;
    device.complete(4);
    device.swallow_interrupts = false;
  };
  ASSERT_TRUE(send(frame(60)));
  memory.on_write_barrier = nullptr;
  EXPECT_EQ(net->statistics().tx_packets, 4U);
  device.complete();
  EXPECT_EQ(device.interrupts[kQueue], 1U);
}

TEST_F(Transmit, ThePollLooksAgainAfterEnablingInterrupts) {
  start();
  device.completes_at_once = false;
  ASSERT_TRUE(send(frame(60)));
  ASSERT_TRUE(send(frame(60)));
  device.complete(1);
  device.interrupt(kQueue);
  memory.on_write_barrier = [&] {
    if (net->statistics().tx_packets == 0) return;  // not yet in the poll
    memory.on_write_barrier = nullptr;
    device.swallow_interrupts = true;  // masked as far as the device knows
    device.complete(1);
  };
  executor.run_ready();
  EXPECT_EQ(net->statistics().tx_packets, 2U);
}

TEST_F(Transmit, AReceivePollTakesCompletionsBackToo) {
  start();
  device.completes_at_once = false;
  ASSERT_TRUE(send(frame(60)));
  device.swallow_interrupts = true;
  device.complete();
  device.swallow_interrupts = false;
  device.deliver(frame(60));
  executor.run_ready();
  EXPECT_EQ(net->statistics().tx_packets, 1U);
}

TEST_F(Transmit, RefusesFramesThatAreTooLongOrNoneAtAll) {
  start();
  EXPECT_EQ(send(frame(13)).error(), TransmitError::TooLong);
  EXPECT_EQ(send(frame(1515)).error(), TransmitError::TooLong);
  EXPECT_TRUE(send(frame(14)));
  EXPECT_TRUE(send(frame(1514)));
  Frame tagged = frame(1518);
  tagged[12] = 0x81;
  tagged[13] = 0x00;
  EXPECT_TRUE(send(tagged)) << "a VLAN tag is not part of the MTU";
}

TEST_F(Transmit, RefusesEverythingBeforeStartAndAfterStop) {
  make();
  EXPECT_EQ(send(frame(60)).error(), TransmitError::LinkDown);
  ASSERT_TRUE(net->start());
  EXPECT_TRUE(send(frame(60)));
  net->stop();
  EXPECT_EQ(send(frame(60)).error(), TransmitError::LinkDown);
}

TEST_F(Transmit, WaitsForDeviceAddressesWhenTheyRunOut) {
  start();
  device.completes_at_once = false;
  memory.max_mappings = memory.mappings() + 1;
  unsigned ready = 0;
  net->on_transmit_ready([&] { ++ready; });
  ASSERT_TRUE(send(frame(60)));
  PacketBuffer p = packet(frame(61));
  ASSERT_EQ(net->transmit(p, false).error(), TransmitError::QueueFull);
  EXPECT_EQ(p.size(), 61U);
  device.complete();
  executor.run_ready();
  EXPECT_EQ(ready, 1U);
  ASSERT_TRUE(net->transmit(p, false));
}

TEST_F(Transmit, SpendsCpuTimeOncePerPacket) {
  start();
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(send(frame(60)));
  EXPECT_EQ(executor.spent(Work::TransmitPacket), 3U);
}

}  // namespace
}  // namespace ringside::driver
