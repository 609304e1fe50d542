// How a session of the NIC ends: errors that need a reset, and resets in the midst of work.
#include "model/device/nic.hpp"

#include <gtest/gtest.h>

#include "tests/model/device/nic_fixture.hpp"

namespace ringside::model {
namespace {

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
    EXPECT_EQ(host.read32(layout::kModerationBlock.offset + 8), 0U);
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
