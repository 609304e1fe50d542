#include "model/device/nic.hpp"

#include <gtest/gtest.h>

#include "tests/model/device/nic_fixture.hpp"

namespace ringside::model {
namespace {

TEST_F(TheNic, InterruptsForEachQueueOnItsVector) {
  host.start();
  transmit(0);
  EXPECT_TRUE(host.interrupted(2));
  EXPECT_FALSE(host.interrupted(1));
  host.rx.put(0, 0x20000, 1536, 1, kAvail | kWrite);
  host.notify_and_run(0);
  host.receive(counting_frame(60));
  EXPECT_TRUE(host.interrupted(1));
  EXPECT_FALSE(host.interrupted(0));
  EXPECT_EQ(host.counter("interrupts"), 2U);
  EXPECT_EQ(host.read8(kIsr), 0U);
}

TEST_F(TheNic, SendsTheInterruptBehindTheUsedDescriptor) {
  host.start();
  bool used_before_message = false;
  host.memory.meanwhile = [&](TestMemory::Access const& access) {
    if (access.write && access.address == TestHost::kMessage + 8) {
      used_before_message = host.tx.flags(0) == kUsed;
    }
  };
  transmit(0);
  EXPECT_TRUE(used_before_message);
}

TEST_F(TheNic, RespectsTheDriversEventSuppression) {
  host.start(4);
  host.tx.want_events(layout::kEventDisable);
  transmit(0);
  EXPECT_FALSE(host.interrupted(2));
  host.tx.want_events(layout::kEventDesc, 0x8002);
  transmit(1);
  EXPECT_FALSE(host.interrupted(2));
  transmit(2);
  EXPECT_TRUE(host.interrupted(2));
  transmit(3);
  EXPECT_FALSE(host.interrupted(2));
  host.tx.want_events(layout::kEventEnable);
}

TEST_F(TheNic, SetsTheIsrBitWhenMsixIsOff) {
  host.start();
  host.nic.set_msix(false, false);
  transmit(0);
  EXPECT_EQ(host.read8(kIsr), 1U);
  EXPECT_EQ(host.read8(kIsr), 0U);
  EXPECT_EQ(host.counter("interrupts"), 0U);
}

TEST_F(TheNic, ModeratesInterrupts) {  // V90
  host.start(16);
  set_moderation(1, 15, 10);
  for (unsigned i = 0; i < 4; ++i) {
    transmit(i);
    host.clock.advance_us(1);
  }
  EXPECT_FALSE(host.interrupted(2));
  EXPECT_EQ(host.nic.deadline(), TimePoint{Duration{10'000'000}});
  host.clock.advance_us(6);
  host.nic.run();
  EXPECT_TRUE(host.interrupted(2));
  EXPECT_EQ(host.nic.deadline(), kNever);
}

TEST_F(TheNic, DropsAModeratedEventThatTheDriverSuppresses) {  // V99
  host.start(16);
  set_moderation(1, 15, 10);
  for (unsigned i = 0; i < 4; ++i) {
    transmit(i);
    host.clock.advance_us(1);
  }
  host.tx.want_events(layout::kEventDisable);
  host.clock.advance_us(6);
  host.nic.run();
  EXPECT_FALSE(host.interrupted(2));
  host.tx.want_events(layout::kEventEnable);
  host.clock.advance_us(50);
  host.nic.run();
  EXPECT_FALSE(host.interrupted(2));
  transmit(4);
  host.clock.advance_us(10);
  host.nic.run();
  EXPECT_TRUE(host.interrupted(2));
}

TEST_F(TheNic, HoldsModerationRegistersByteByByte) {
  constexpr std::uint32_t kBase = layout::kModerationBlock.offset;
  for (std::uint32_t i = 0; i < 16; ++i) host.write8(kBase + i, i + 1);
  EXPECT_EQ(host.read32(kBase), 0x04030201U);
  EXPECT_EQ(host.read32(kBase + 4), 0x08070605U);
  EXPECT_EQ(host.read32(kBase + 8), 0x0C0B0A09U);
  EXPECT_EQ(host.read32(kBase + 12), 0x100F0E0DU);
}

TEST_F(TheNic, ScansQueuesAtDriverOkWithoutANotification) {
  host.set_up_pci();
  host.negotiate();
  host.enable_queue(1, 4);
  host.tx.put(0, kPacket, host.put_packet(kPacket, counting_frame(60)), 1, kAvail);
  host.nic.run();
  EXPECT_EQ(host.wire.frames.size(), 0U);
  host.set_status(0x0F);
  host.nic.run();
  EXPECT_EQ(host.wire.frames.size(), 1U);
}

TEST_F(TheNic, IgnoresNotificationsThatDoNotFitTogether) {
  host.start();
  host.tx.put(0, kPacket, host.put_packet(kPacket, counting_frame(60)), 1, kAvail);
  host.memory.accesses.clear();
  constexpr std::uint32_t kSlot = layout::kNotifyBlock.offset + 4;
  host.write8(kSlot, 1);
  host.write16(kSlot, 0);
  host.write16(kSlot, 2);
  host.write32(kSlot, 1);
  host.write16(kSlot + 2, 1);
  host.write16(kSlot - 4, 1);
  host.nic.run();
  EXPECT_EQ(host.wire.frames.size(), 0U);
  EXPECT_TRUE(host.memory.accesses.empty());
  host.write16(kSlot, 1);
  host.nic.run();
  EXPECT_EQ(host.wire.frames.size(), 1U);
}

TEST_F(TheNic, IgnoresNotificationsBeforeDriverOkAndOfDisabledQueues) {
  host.set_up_pci();
  host.negotiate();
  host.enable_queue(1, 4);
  host.notify_and_run(1);
  host.set_status(0x0F);
  host.nic.run();
  host.memory.accesses.clear();
  host.notify_and_run(0);
  EXPECT_TRUE(host.memory.accesses.empty());
}

TEST_F(TheNic, TouchesNoMemoryWithoutBusMaster) {
  host.start();
  host.nic.set_bus_master(false);
  host.memory.accesses.clear();
  transmit(0);
  host.receive(counting_frame(60));
  EXPECT_TRUE(host.memory.accesses.empty());
  EXPECT_EQ(host.counter("rx_dropped_no_buffer"), 1U);
  host.nic.set_bus_master(true);
  host.nic.run();
  EXPECT_EQ(host.wire.frames.size(), 1U);
}

TEST_F(TheNic, TellsTheDriverOfALinkChange) {
  host.start();
  host.nic.set_link(false);
  host.nic.run();
  EXPECT_TRUE(host.interrupted(0));
  EXPECT_EQ(host.read8(kIsr), 2U);
  host.nic.set_link(false);
  host.nic.run();
  EXPECT_FALSE(host.interrupted(0));
}

TEST_F(TheNic, StaysSilentBeforeDriverOk) {
  host.set_up_pci();
  host.negotiate();
  host.write16(common("config_msix_vector"), 0);
  host.nic.set_link(false);
  host.nic.run();
  EXPECT_FALSE(host.interrupted(0));
}

TEST_F(TheNic, AcceptsARingAtAddressZero) {
  host.rings[1].descriptors = 0;
  host.start();
  transmit(0);
  EXPECT_EQ(host.wire.frames.size(), 1U);
  EXPECT_FALSE(host.needs_reset());
}

TEST_F(TheNic, TurnsAFloodOfNotificationsIntoOneLook) {
  host.start();
  host.memory.accesses.clear();
  for (int i = 0; i < 1000; ++i) host.notify(1);
  host.nic.run();
  EXPECT_EQ(host.memory.accesses.size(), 1U);
}

TEST_F(TheNic, TransmitsWhileTheReceiveQueueStarves) {
  host.start(16);
  for (unsigned i = 0; i < 10; ++i) {
    host.receive(counting_frame(60));
    transmit(i);
  }
  EXPECT_EQ(host.wire.frames.size(), 10U);
  EXPECT_EQ(host.counter("rx_dropped_no_buffer"), 10U);
}

}  // namespace
}  // namespace ringside::model
