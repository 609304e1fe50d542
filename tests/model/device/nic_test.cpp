#include "model/device/nic.hpp"

#include <gtest/gtest.h>

#include "tests/model/device/test_host.hpp"

namespace ringside::model {
namespace {

constexpr std::uint64_t kPacket = 0x10000;
constexpr std::uint32_t kIsr = layout::kIsrBlock.offset;

class TheNic : public testing::Test {
 protected:
  void transmit(unsigned slot) {
    auto const length = host.put_packet(kPacket, counting_frame(60));
    host.tx.put(slot, kPacket, length, static_cast<std::uint16_t>(slot), kAvail);
    host.notify_and_run(1);
  }
  void set_moderation(std::uint32_t queue, std::uint32_t packets, std::uint32_t usecs) {
    host.write32(layout::kModerationBlock.offset + 8 * queue, packets);
    host.write32(layout::kModerationBlock.offset + 8 * queue + 4, usecs);
  }
  void reset_and_expect_a_fresh_device() {
    host.set_status(0);
    EXPECT_EQ(host.status(), 0);
    EXPECT_EQ(host.read16(common("config_msix_vector")), layout::kNoVector);
    EXPECT_EQ(host.read16(common("queue_size")), layout::kMaxQueueSize);
    EXPECT_EQ(host.read16(common("queue_enable")), 0U);
    EXPECT_EQ(host.read32(common("queue_desc")), 0U);
    EXPECT_EQ(host.read32(layout::kModerationBlock.offset), 0U);
    EXPECT_EQ(host.read32(kIsr), 0U);
    EXPECT_FALSE(host.nic.error());
    std::fill(host.memory.bytes.begin(), host.memory.bytes.end(), std::uint8_t{0});
    host.memory.refuse = nullptr;
    host.wire.frames.clear();
    host.start(8);
    transmit(0);
    EXPECT_EQ(host.wire.frames.size(), 1U);
  }

  TestHost host;
};

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

TEST_F(TheNic, NeedsAResetAfterABrokenRingAndSaysSo) {
  host.start();
  host.tx.put(0, 0x5000, 12, 1, kAvail | kNext);  // and no second element
  host.notify_and_run(1);
  EXPECT_TRUE(host.needs_reset());
  EXPECT_EQ(host.nic.error(), DeviceError::ChainTorn);
  EXPECT_TRUE(host.interrupted(0));
  EXPECT_EQ(host.read8(kIsr), 2U);

  // Nothing is taken, used or announced any more; the other queue's frames are counted.
  host.memory.accesses.clear();
  host.notify(0);
  host.notify_and_run(1);
  host.receive(counting_frame(60));
  EXPECT_TRUE(host.memory.accesses.empty());
  EXPECT_EQ(host.counter("rx_dropped_no_buffer"), 1U);

  host.set_status(0x0F);
  EXPECT_TRUE(host.needs_reset());
  reset_and_expect_a_fresh_device();
}

TEST_F(TheNic, NeedsAResetWhenRingEventAreaOrUsedWriteIsRefused) {
  struct Case {
    char const* what;
    std::uint64_t address;
    DeviceError error;
  };
  for (auto const& [what, address, error] :
       {Case{"ring", 0x2000, DeviceError::RingRefused},
        Case{"event area", 0x3020, DeviceError::EventAreaRefused},
        Case{"used descriptor", 0x2008, DeviceError::RingRefused}}) {
    TestHost other;
    other.start();
    other.memory.refuse = [address = address](TestMemory::Access const& access) {
      return access.address == address;
    };
    other.tx.put(0, kPacket, other.put_packet(kPacket, counting_frame(60)), 1, kAvail);
    other.notify_and_run(1);
    EXPECT_TRUE(other.needs_reset()) << what;
    EXPECT_EQ(other.nic.error(), error) << what;
    EXPECT_TRUE(other.interrupted(0)) << what;
    EXPECT_FALSE(other.interrupted(2)) << what;
  }
}

TEST_F(TheNic, NeedsAResetForARingInAnImpossiblePlace) {
  struct Case {
    char const* name;
    std::uint32_t low, high;
  };
  for (std::uint32_t reg : {common("queue_desc"), common("queue_driver"), common("queue_device")}) {
    TestHost other;
    other.set_up_pci();
    other.negotiate();
    other.write32(reg, 0x1002);
    other.write16(common("queue_enable"), 1);
    other.set_status(0x0F);
    EXPECT_TRUE(other.needs_reset());
    EXPECT_EQ(other.nic.error(), DeviceError::RingMisplaced);
  }
  TestHost wrapping;
  wrapping.set_up_pci();
  wrapping.negotiate();
  wrapping.write32(common("queue_desc"), 0xFFFFFFF0);
  wrapping.write32(common("queue_desc") + 4, 0xFFFFFFFF);
  wrapping.write16(common("queue_enable"), 1);
  wrapping.set_status(0x0F);
  EXPECT_EQ(wrapping.nic.error(), DeviceError::RingMisplaced);
}

TEST_F(TheNic, AcceptsARingAtAddressZero) {
  host.rings[1].descriptors = 0;
  host.start();
  transmit(0);
  EXPECT_EQ(host.wire.frames.size(), 1U);
  EXPECT_FALSE(host.needs_reset());
}

TEST_F(TheNic, IsFreshAfterAResetWithWorkAndSettingsOfAllKinds) {
  host.start();
  set_moderation(0, 5, 5);
  set_moderation(1, 5, 5);
  transmit(0);
  host.nic.set_link(false);
  reset_and_expect_a_fresh_device();
  // A reset keeps what belongs to PCI, the counters and the link.
  EXPECT_EQ(host.read32(layout::kMsixTableBlock.offset + 8), TestHost::kMessageData);
  EXPECT_EQ(host.counter("tx_frames"), 2U);
}

TEST_F(TheNic, EndsAResetOnlyWhenOldWorkHasEnded) {
  host.start();
  bool asked = false;
  std::size_t accesses_after = 0;
  host.memory.meanwhile = [&](TestMemory::Access const& access) {
    if (asked) ++accesses_after;
    if (access.address != kPacket) return;
    asked = true;
    host.set_status(0);
    EXPECT_EQ(host.status(), 0x0F);  // still as before
    host.set_status(1);              // ignored meanwhile, as is all of this
    EXPECT_EQ(host.status(), 0x0F);
    host.write16(common("queue_select"), 1);
    host.notify(1);
    set_moderation(1, 9, 9);
  };
  transmit(0);
  ASSERT_TRUE(asked);
  EXPECT_EQ(host.status(), 0);
  EXPECT_EQ(host.read16(common("queue_select")), 0U);
  EXPECT_EQ(host.read32(layout::kModerationBlock.offset + 8), 0U);
  EXPECT_EQ(accesses_after, 0U);
  EXPECT_EQ(host.tx.flags(0), kAvail);
  EXPECT_EQ(host.wire.frames.size(), 0U);
  host.memory.meanwhile = nullptr;
  reset_and_expect_a_fresh_device();
}

TEST_F(TheNic, LeavesNoFrameUncountedWhenAResetComesDuringDelivery) {
  host.start();
  host.rx.put(0, 0x20000, 1536, 1, kAvail | kWrite);
  host.notify_and_run(0);
  host.memory.meanwhile = [&](TestMemory::Access const& access) {
    if (access.address == 0x20000) host.set_status(0);
  };
  host.receive(counting_frame(60));
  EXPECT_EQ(host.status(), 0);
  EXPECT_EQ(host.counter("rx_dropped_no_buffer"), 1U);
  EXPECT_EQ(host.rx.flags(0), kAvail | kWrite);
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

TEST_F(TheNic, SendsNoInterruptOfAnOldSession) {
  host.start();
  host.nic.set_msix(true, true);
  transmit(0);
  host.set_status(0);
  host.nic.set_msix(true, false);
  host.nic.run();
  EXPECT_FALSE(host.interrupted(2));
}

}  // namespace
}  // namespace ringside::model
