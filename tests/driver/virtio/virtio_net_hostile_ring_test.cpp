// Broken rings: the lines D1 to D3, D17 and D18 of docs/verification.md.
#include "tests/driver/virtio/hostile_device.hpp"

namespace ringside::driver {
namespace {

using test::header;
using test::HostileDevice;

TEST_F(HostileDevice, D1_AUsedIdBeyondTheRingBreaksItAndIsRecoveredFrom) {
  for (std::uint16_t const id : {8, 9, 0x7FFF, 0xFFFF}) {
    start();
    device.ring(kReceive).write_used(id, 64, true);
    poll();
    EXPECT_TRUE(stack.frames.empty());
    expect_recovered();
    net.reset();
    stack.frames.clear();
  }
}

TEST_F(HostileDevice, D1_TheSameOnTheTransmitRing) {
  start();
  device.completes_at_once = false;
  ASSERT_TRUE(send(frame(60)));
  device.ring(kTransmit).write_used(8, 0, false);
  device.interrupt(kTransmit);
  expect_recovered();
  EXPECT_EQ(net->statistics().tx_dropped, 1U) << "nobody knows whether it was sent";
}

TEST_F(HostileDevice, D2_AnIdThatIsNotOutstandingBreaksTheRing) {
  config.transmit_queue_size = 4;
  start();
  device.completes_at_once = false;
  ASSERT_TRUE(send(frame(60)));
  auto const buffer = device.ring(kTransmit).next();
  device.ring(kTransmit).write_used(static_cast<std::uint16_t>(buffer->id + 1), 0, false);
  device.interrupt(kTransmit);
  expect_recovered();
}

TEST_F(HostileDevice, D2_ABufferUsedTwiceBreaksTheRingAndIsDeliveredOnce) {
  start();
  auto const buffer = device.ring(kReceive).next();
  auto const into = device.writable(*buffer);
  auto const h = header(1);
  std::copy(h.begin(), h.end(), into.begin());
  device.ring(kReceive).use(*buffer, 76);
  device.ring(kReceive).write_used(buffer->id, 76, true);
  poll();
  EXPECT_EQ(stack.frames.size(), 1U);
  expect_recovered();
}

TEST_F(HostileDevice, D3_ARingThatIsUsedAllOverDeliversNoMoreThanWasOutstanding) {
  config.buffer_count = 8;  // no refill while the packets are kept
  start();
  stack.keep = true;
  for (std::uint16_t id = 0; id < 8; ++id) {
    device.ring(kReceive).write_used(id, 76, true);
    device.ring(kReceive).skip(1);
  }
  // And a second lap of the same, before anything was made available.
  for (std::uint16_t id = 0; id < 3; ++id) {
    device.ring(kReceive).write_used(id, 76, true);
    device.ring(kReceive).skip(1);
  }
  poll();
  EXPECT_LE(net->statistics().rx_packets + net->statistics().rx_errors, 8U);
  stack.keep = false;
  stack.kept.clear();
}

TEST_F(HostileDevice, D17_DescriptorsRewrittenByTheDeviceMisleadNobody) {
  start();
  device.completes_at_once = false;
  auto const mappings = memory.mappings();
  ASSERT_TRUE(send(frame(60)));
  auto& ring = device.ring(kTransmit);
  auto const buffer = *ring.next();
  std::vector<std::uint8_t> garbage(16, 0xA5);
  garbage[14] = 0;  // not used yet
  garbage[15] = 0;
  ring.overwrite(0, garbage);
  ring.use(buffer, 0);
  device.interrupt(kTransmit);
  executor.run_ready();
  EXPECT_EQ(net->statistics().tx_packets, 1U);
  EXPECT_EQ(memory.mappings(), mappings) << "exactly what was mapped is unmapped";
}

TEST_F(HostileDevice, D18_BuffersOfABrokenDeviceAreKeptUntilItHasBeenReset) {
  start();
  auto const mappings = memory.mappings();
  auto const free_blocks = net->pool().available();
  device.failing_resets = 2;
  device.ring(kReceive).write_used(0xFFFF, 64, true);
  poll();
  EXPECT_EQ(net->state(), VirtioNet::State::Recovering);
  EXPECT_EQ(memory.mappings(), mappings);
  EXPECT_EQ(net->pool().available(), free_blocks);
  expect_recovered(3);
}

TEST_F(HostileDevice, D18_AUsedBufferIsOutOfTheDevicesReachBeforeTheStackSeesIt) {
  start();
  auto const address = device.ring(kReceive).next()->elements[0].address;
  net.reset();
  start();
  std::uint64_t used_address = 0;
  stack.on_receive = [&](PacketBuffer&) {
    EXPECT_TRUE(memory.reach(used_address, 1, true).empty());
  };
  auto const buffer = *device.ring(kReceive).next();
  used_address = buffer.elements[0].address;
  EXPECT_NE(used_address, address);
  auto const h = header(1);
  std::copy(h.begin(), h.end(), device.writable(buffer).begin());
  device.ring(kReceive).use(buffer, 76);
  poll();
  EXPECT_EQ(stack.frames.size(), 1U);
}

}  // namespace
}  // namespace ringside::driver
