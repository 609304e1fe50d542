// What a hostile or broken device can do to a driver: the lines D1 to D10, D17 to D20 of the list.
// (D11 to D13 are in negotiation_test.cpp, D14 to D16 in tests/driver/transport.)
#include "interface/base/random.hpp"
#include "tests/driver/virtio/virtio_net_fixture.hpp"

namespace ringside::driver {
namespace {

using test::FakeDevice;
using test::Frame;
using test::VirtioNetTest;
using Header = std::array<std::uint8_t, 12>;

constexpr Header header(std::uint16_t num_buffers, std::uint8_t flags = 0,
                        std::uint16_t csum_start = 0, std::uint16_t csum_offset = 0) {
  return {flags,
          0,
          0,
          0,
          0,
          0,
          static_cast<std::uint8_t>(csum_start),
          static_cast<std::uint8_t>(csum_start >> 8),
          static_cast<std::uint8_t>(csum_offset),
          static_cast<std::uint8_t>(csum_offset >> 8),
          static_cast<std::uint8_t>(num_buffers),
          static_cast<std::uint8_t>(num_buffers >> 8)};
}

struct HostileDevice : VirtioNetTest {
  static constexpr auto kReceive = FakeDevice::kReceive;
  static constexpr auto kTransmit = FakeDevice::kTransmit;

  void poll() {
    device.interrupt(kReceive);
    executor.run_ready();
  }
  // The device is reset, works again, and a packet goes each way.
  void expect_recovered(std::uint64_t resets = 1) {
    executor.run_for(std::chrono::seconds(1));
    EXPECT_EQ(net->state(), VirtioNet::State::Live);
    EXPECT_EQ(net->statistics().resets, resets);
    expect_works();
  }
  void expect_works() {
    stack.frames.clear();
    device.sent.clear();
    device.completes_at_once = true;
    device.deliver(frame(64, 9));
    EXPECT_TRUE(send(frame(65)));
    executor.run_ready();
    ASSERT_EQ(stack.frames.size(), 1U);
    EXPECT_EQ(stack.frames[0], frame(64, 9));
    EXPECT_EQ(device.sent.size(), 1U);
  }
};

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

TEST_F(HostileDevice, D4_AUsedLengthBeyondTheBufferIsDroppedAndCounted) {
  start();
  std::uint32_t const posted = device.ring(kReceive).next()->elements[0].length;
  net.reset();
  start();
  unsigned expected = 0;
  for (std::uint32_t const length : {posted + 1, 65536U, 0x7FFFFFFFU, 0xFFFFFFFFU}) {
    device.deliver_raw(header(1), length);
    executor.run_ready();
    EXPECT_EQ(net->statistics().rx_length_errors, ++expected) << length;
  }
  EXPECT_TRUE(stack.frames.empty());
  device.deliver_raw(header(1), posted);
  executor.run_ready();
  EXPECT_EQ(stack.frames.size(), 1U) << "the whole buffer is possible";
}

TEST_F(HostileDevice, D5_AUsedLengthShorterThanItsHeadersIsDroppedAndCounted) {
  start();
  unsigned expected = 0;
  for (std::uint32_t const length : {0U, 1U, 11U, 12U, 13U, 25U}) {
    device.deliver_raw(header(1), length);
    executor.run_ready();
    EXPECT_EQ(net->statistics().rx_length_errors, ++expected) << length;
  }
  EXPECT_TRUE(stack.frames.empty());
  device.deliver_raw(header(1), 26);
  executor.run_ready();
  EXPECT_EQ(stack.frames.size(), 1U);
  expect_works();
}

TEST_F(HostileDevice, D6_AnImpossibleNumberOfBuffersIsDroppedAndCounted) {
  start();
  unsigned expected = 0;
  for (std::uint16_t const buffers : {0, 2, 8, 9, 100, 0xFFFF}) {
    device.deliver_raw(header(buffers), 100);
    executor.run_ready();
    EXPECT_EQ(net->statistics().rx_errors, ++expected) << buffers;
  }
  EXPECT_TRUE(stack.frames.empty());
  EXPECT_EQ(net->statistics().resets, 0U);
  expect_works();
}

TEST_F(HostileDevice, D6_OneBadLengthAmongMergedBuffersCostsOnlyThatPacket) {
  config.receive_buffer_bytes = 600;
  start();
  auto& ring = device.ring(kReceive);
  auto const first = *ring.next();
  auto const second = *ring.next();
  auto const third = *ring.next();
  auto const h = header(3);
  std::copy(h.begin(), h.end(), device.writable(first).begin());
  ring.use_together({{first, 600}, {second, 601}, {third, 10}});
  device.deliver(frame(64));
  poll();
  ASSERT_EQ(stack.frames.size(), 1U);
  EXPECT_EQ(stack.frames[0], frame(64));
  EXPECT_EQ(net->statistics().rx_length_errors, 1U);
}

TEST_F(HostileDevice, D6_WithoutMergeableBuffersTheNumberIsNotLookedAt) {
  device.offered &= ~layout::kFeatureMrgRxbuf;
  start();
  device.deliver_raw(header(0xFFFF), 100);
  executor.run_ready();
  EXPECT_EQ(stack.frames.size(), 1U);
}

TEST_F(HostileDevice, D7_OffloadFieldsWithoutNegotiationMeanNothing) {
  start();
  Header all_ones;
  all_ones.fill(0xFF);
  all_ones[10] = 1;
  all_ones[11] = 0;
  device.deliver_raw(all_ones, 100);
  executor.run_ready();
  ASSERT_EQ(stack.infos.size(), 1U);
  EXPECT_FALSE(stack.infos[0].checksum_verified);
  EXPECT_EQ(stack.frames[0], Frame(88, 0xEE)) << "not a byte was changed";
}

TEST_F(HostileDevice, D7_AChecksumFieldOutsideOfTheFrameIsDroppedAndCounted) {
  device.offered |= kFeatureGuestChecksum;
  config.features |= kFeatureGuestChecksum;
  start();
  unsigned expected = 0;
  for (auto const& [start_at, offset] : {std::pair(87, 0), std::pair(34, 53), std::pair(0, 0xFFFF),
                                         std::pair(0xFFFF, 0xFFFF), std::pair(88, 0)}) {
    device.deliver_raw(
        header(1, 1, static_cast<std::uint16_t>(start_at), static_cast<std::uint16_t>(offset)),
        100);
    executor.run_ready();
    EXPECT_EQ(net->statistics().rx_errors, ++expected) << start_at << "+" << offset;
  }
  EXPECT_TRUE(stack.frames.empty());
  device.deliver_raw(header(1, 1, 34, 52), 100);
  executor.run_ready();
  ASSERT_EQ(stack.frames.size(), 1U) << "the last two bytes of the frame are possible";
  EXPECT_TRUE(stack.infos[0].checksum_verified);
}

// D8 (hash_report) cannot be met: the header that carries it is not negotiated.

TEST_F(HostileDevice, D9_InterruptsOutsideOfALiveSessionAreIgnored) {
  start();
  device.deliver(frame(60));  // its interrupt comes when the device is stopped already
  net->stop();
  device.interrupt(kReceive);
  device.interrupt(kTransmit);
  device.interrupt_config();
  executor.run_ready();
  EXPECT_TRUE(stack.frames.empty());
  EXPECT_EQ(net->statistics().polls, 0U);
  EXPECT_EQ(net->driver_statistics().ignored_interrupts, 4U);
}

TEST_F(HostileDevice, D9_AnInterruptThatOutlivesTheDriverFindsNobody) {
  start();
  device.deliver(frame(60));
  net.reset();
  device.interrupt(kReceive);
  EXPECT_EQ(executor.run_ready(), 2U);
}

TEST_F(HostileDevice, D9_APollThatWasScheduledBeforeAResetDoesNothingAfterIt) {
  start();
  device.deliver(frame(60));
  executor.post(Context::Interrupt, [this] {  // after the receive interrupt, before its poll
    net->stop();
    ASSERT_TRUE(net->start());
  });
  executor.run_ready();
  EXPECT_TRUE(stack.frames.empty());
  expect_works();
}

TEST_F(HostileDevice, D10_SpuriousInterruptsCostAPollAndNothingElse) {
  start();
  for (int i = 0; i < 50; ++i) {
    device.interrupt(kReceive);
    device.interrupt(kTransmit);
    device.interrupt_config();
    executor.run_ready();
  }
  EXPECT_TRUE(stack.frames.empty());
  EXPECT_EQ(net->statistics().resets, 0U);
  expect_works();
}

TEST_F(HostileDevice, D10_ManyInterruptsScheduleOnePoll) {
  start();
  device.deliver(frame(60));
  for (int i = 0; i < 100; ++i) device.interrupt(kReceive);
  executor.run_ready();
  EXPECT_EQ(net->statistics().polls, 1U);
}

TEST_F(HostileDevice, D10_AStormIsEndedByAResetFromTheHandlerItself) {
  start();
  unsigned const resets_before = device.resets;
  bool softirq_ran = false;
  executor.post(Context::Softirq, [&] { softirq_ran = true; });
  // Interrupts without end: each one raises the next, until the device is reset.
  std::function<void()> const storm = [&] {
    if (device.resets > resets_before) return;
    device.interrupt(kReceive);
    executor.post(Context::Interrupt, storm);
  };
  storm();
  executor.run_ready();
  EXPECT_TRUE(softirq_ran);
  EXPECT_EQ(net->driver_statistics().interrupt_storms, 1U);
  expect_recovered();
}

TEST_F(HostileDevice, D10_WorkBetweenInterruptsIsNoStorm) {
  start();
  for (unsigned i = 0; i < VirtioNet::kInterruptStorm + 100; ++i) {
    device.deliver(frame(60));
    executor.run_ready();
  }
  EXPECT_EQ(net->driver_statistics().interrupt_storms, 0U);
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

TEST_F(HostileDevice, D19_NotificationsThatTheDeviceSuppressedForEverAreRepeated) {
  start();
  device.completes_at_once = false;
  // "At position 7 of the other lap": not what this packet fills.
  device.ring(kTransmit).want_notifications(7, 2);
  ASSERT_TRUE(send(frame(60)));
  EXPECT_EQ(device.notified[kTransmit], 0U);
  device.completes_at_once = true;
  executor.run_for(VirtioNet::kCheckInterval * 2);
  EXPECT_EQ(device.sent.size(), 1U);
  EXPECT_EQ(net->statistics().tx_packets, 1U);
  EXPECT_GE(net->driver_statistics().repeated_notifications, 1U);
}

TEST_F(HostileDevice, D19_LostInterruptsAreFoundByTheCheck) {
  start();
  device.swallow_interrupts = true;
  device.deliver(frame(60));
  ASSERT_TRUE(send(frame(60)));  // activity arms the check
  executor.run_for(VirtioNet::kCheckInterval * 2);
  EXPECT_EQ(stack.frames.size(), 1U);
  EXPECT_EQ(net->statistics().tx_packets, 1U);
  EXPECT_EQ(net->driver_statistics().lost_interrupts, 1U);
}

TEST_F(HostileDevice, D19_NoTimerRunsWhileNothingIsOutstanding) {
  start();
  EXPECT_EQ(executor.pending_timers(), 0U);
  device.deliver(frame(60));
  ASSERT_TRUE(send(frame(60)));
  executor.run_for(VirtioNet::kCheckInterval * 3);
  EXPECT_EQ(executor.pending_timers(), 0U);
  auto const before = executor.now();
  EXPECT_EQ(executor.run_ready(), 0U);
  EXPECT_EQ(executor.now(), before);
}

TEST_F(HostileDevice, D20_WithoutVectorsTheDeviceIsPolled) {
  device.no_vectors = true;
  start();
  for (int i = 0; i < 5; ++i) {
    device.deliver(frame(60));
    ASSERT_TRUE(send(frame(60)));
    executor.run_for(VirtioNet::kPollInterval * 2);
    EXPECT_EQ(stack.frames.size(), 1U + i);
    EXPECT_EQ(net->statistics().tx_packets, 1U + i);
  }
  EXPECT_EQ(net->statistics().interrupts, 0U);
  EXPECT_EQ(net->driver_statistics().lost_interrupts, 0U) << "none were to be expected";
}

// Anything at all in the used descriptors and headers: bounded work, no access out of
// bounds (the sanitizers see to that), and a working device after its reset.
TEST_F(HostileDevice, SurvivesRandomUsedDescriptorsAndHeaders) {
  constexpr std::uint64_t kSeed = 0x5EED0002;
  SCOPED_TRACE(testing::Message() << "seed " << kSeed);
  Random random(kSeed);
  constexpr std::array<std::uint32_t, 12> kLengths{0,    1,    11,    12,         13,         26,
                                                   1984, 1985, 65536, 0x7FFFFFFF, 0xFFFFFFFF, 100};
  config.receive_buffer_bytes = 600;
  device.offered |= kFeatureGuestChecksum;
  config.features |= kFeatureGuestChecksum;
  start();
  for (int i = 0; i < 3000; ++i) {
    if (random.chance(0.5)) poll();
    // Longer than Recovery::kStable, or a device that breaks so often would be given up.
    if (net->state() != VirtioNet::State::Live) executor.run_for(std::chrono::seconds(2));
    ASSERT_EQ(net->state(), VirtioNet::State::Live);
    auto buffer = device.ring(kReceive).next();
    if (!buffer) {
      poll();
      continue;
    }
    auto& ring = device.ring(kReceive);
    // A buffer that was claimed to be used earlier is out of reach by now, as it should be.
    auto const into = memory.reach(buffer->elements[0].address, 12, true);
    for (auto& byte : into) byte = static_cast<std::uint8_t>(random.next());
    if (!into.empty() && random.chance(0.7)) {
      store_le(&into[10], static_cast<std::uint16_t>(1 + random.below(3)));
    }
    auto const length = kLengths[random.below(kLengths.size())];
    bool const lie = random.chance(0.02);
    ring.write_used(lie ? static_cast<std::uint16_t>(random.below(12)) : buffer->id, length, true);
    ring.skip(1);
  }
  poll();
  executor.run_for(std::chrono::seconds(2));
  ASSERT_EQ(net->state(), VirtioNet::State::Live);
  auto const s = net->statistics();
  EXPECT_GT(s.rx_packets, 0U);
  EXPECT_GT(s.rx_length_errors, 0U);
  EXPECT_GT(s.rx_errors, 0U);
  EXPECT_GT(s.resets, 0U);
  expect_works();
}

}  // namespace
}  // namespace ringside::driver
