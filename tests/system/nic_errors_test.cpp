// Broken rings and memory that refuses: every NIC says DEVICE_NEEDS_RESET, tells the driver,
// touches nothing more, and is as good as new after a reset (hostile inputs P1 to P23).
#include "tests/system/ring_driver.hpp"

namespace ringside::testbench {
namespace {

using namespace layout;

constexpr std::uint16_t kAvail = kDescriptorAvail;  // of the first lap
constexpr std::uint64_t kNowhere = 0xBAD'0000;      // mapped for nobody

class EveryNicSurvives : public EveryNic {
 protected:
  void expect_broken() {
    EXPECT_TRUE(nic.run_until([this] { return nic.needs_reset(); })) << "the ring passes for good";
    nic.run(us(5));
    EXPECT_EQ(nic.status(), kReady | kStatusNeedsReset);
    EXPECT_EQ(nic.interrupts(0), 1U) << "configuration interrupts";
    EXPECT_EQ(nic.read(offset_of(kIsrBlock, "isr_status"), 1), 2U);
    EXPECT_EQ(nic.read(offset_of(kIsrBlock, "isr_status"), 1), 0U) << "cleared by the read before";
    auto const reads = nic.link.statistics().reads;
    auto const writes = nic.link.statistics().writes;
    for (std::uint16_t queue : {kReceiveQueue, kTransmitQueue}) nic.notify(queue);
    nic.arrive(counting_frame(100));
    nic.run(us(20));
    EXPECT_EQ(nic.link.statistics().reads, reads) << "it still reads";
    EXPECT_EQ(nic.link.statistics().writes, writes) << "it still writes";
    // Only a reset clears it (R10).
    nic.set_status(kReady);
    EXPECT_EQ(nic.status(), kReady | kStatusNeedsReset);
  }
  void expect_recovery() {
    nic.link.inject_fault({});
    ASSERT_NO_FATAL_FAILURE(nic.reset());
    ASSERT_NO_FATAL_FAILURE(nic.start());
    expect_round_trip();
    EXPECT_EQ(nic.interrupts(0), 0U);
  }
  // Writes slots of either ring from 0 on, on a fresh device, and expects it to break. What the
  // buffers of a receive queue are writable for, they are unless the test is about that.
  void expect_breaks(std::vector<Descriptor> slots, Session const& session = {}) {
    for (std::uint16_t queue : {kTransmitQueue, kReceiveQueue}) {
      SCOPED_TRACE(testing::Message() << "queue " << queue);
      bool const as_it_is = std::any_of(slots.begin(), slots.end(), [](Descriptor const& slot) {
        return (slot.flags & kDescriptorWrite) != 0;
      });
      ASSERT_NO_FATAL_FAILURE(nic.start(session));
      for (unsigned i = 0; i < slots.size(); ++i) {
        if (queue == kReceiveQueue && !as_it_is) slots[i].flags |= kDescriptorWrite;
        nic.rings[queue]->put(i, slots[i], 1);
      }
      nic.notify(queue);
      expect_broken();
      ASSERT_NO_FATAL_FAILURE(expect_recovery());
      EXPECT_EQ(nic.wire.frames.size(), 1U) << "something of the broken ring was sent";
      ASSERT_NO_FATAL_FAILURE(nic.reset());
    }
  }
  std::uint64_t some() { return some_.address; }

  Block some_ = nic.packet(counting_frame(100));
};

TEST_P(EveryNicSurvives, SlotsThatWereNeverMadeAvailable) {  // P1, P2
  nic.start();
  for (std::uint16_t flags :
       {std::uint16_t{0}, kDescriptorUsed, std::uint16_t(kDescriptorUsed | kAvail)}) {
    nic.tx().put(0, {some(), 112, flags}, 1);
    nic.notify(kTransmitQueue);
    nic.run(us(10));
    EXPECT_EQ(nic.status(), kReady);
    EXPECT_TRUE(nic.wire.frames.empty()) << flags;
  }
  expect_round_trip();
}

TEST_P(EveryNicSurvives, AChainWhoseNextElementIsStale) {  // P3
  expect_breaks({{some(), 50, kAvail | kDescriptorNext}, {some(), 62, 0}});
  expect_breaks({{some(), 50, kAvail | kDescriptorNext}, {some(), 62, kDescriptorUsed}});
}

TEST_P(EveryNicSurvives, AChainWithoutEnd) {  // P4
  std::vector<Descriptor> slots;
  for (int i = 0; i < 15; ++i) slots.push_back({some(), 1, kAvail | kDescriptorNext});
  slots.push_back({some(), 1, kAvail | kDescriptorNext});
  expect_breaks(slots);
}

TEST_P(EveryNicSurvives, AReadableElementBehindAWritableOne) {  // P6
  expect_breaks({{some(), 50, kAvail | kDescriptorNext | kDescriptorWrite}, {some(), 62, kAvail}});
}

TEST_P(EveryNicSurvives, AnElementThatWrapsAroundTheTop) {  // P11
  expect_breaks({{0xFFFF'FFFF'FFFF'FFF0, 112, kAvail}});
  expect_breaks({{0xFFFF'FFFF'FFFF'FFFF, 0xFFFF'FFFF, kAvail}});
}

TEST_P(EveryNicSurvives, AnIndirectTableThatWrapsAroundTheTop) {  // P11
  expect_breaks({{0xFFFF'FFFF'FFFF'FFE0, 48, kAvail | kDescriptorIndirect}});
  Block const table = nic.allocate(32);
  store_le<std::uint64_t>(&table.bytes[0], some());
  store_le<std::uint32_t>(&table.bytes[8], 50);
  store_le<std::uint64_t>(&table.bytes[16], 0xFFFF'FFFF'FFFF'FF00);
  store_le<std::uint32_t>(&table.bytes[24], 0x101);
  expect_breaks({{table.address, 32, kAvail | kDescriptorIndirect}});
}

TEST_P(EveryNicSurvives, AnIndirectTableWithoutTheFeature) {  // P13
  expect_breaks({{some(), 16, kAvail | kDescriptorIndirect}},
                {.features = kUnfiltered & ~kFeatureIndirectDesc});
}

TEST_P(EveryNicSurvives, AnIndirectTableOfNoLength) {  // P14
  for (std::uint32_t len : {0U, 15U, 17U, 16 * (kMaxIndirect + 1), 0xFFFF'FFF0U}) {
    SCOPED_TRACE(len);
    expect_breaks({{some(), len, kAvail | kDescriptorIndirect}});
  }
}

TEST_P(EveryNicSurvives, AnIndirectTableInAChain) {  // P16
  expect_breaks(
      {{some(), 16, kAvail | kDescriptorIndirect | kDescriptorNext}, {some(), 1, kAvail}});
  expect_breaks(
      {{some(), 16, kAvail | kDescriptorNext}, {some(), 16, kAvail | kDescriptorIndirect}});
}

TEST_P(EveryNicSurvives, AnIndirectTableThatIsNotThere) {  // P12
  expect_breaks({{kNowhere, 16, kAvail | kDescriptorIndirect}});
}

TEST_P(EveryNicSurvives, ARingThatIsNotThere) {  // P12
  for (std::uint16_t queue : {kReceiveQueue, kTransmitQueue}) {
    nic.start();
    nic.link.inject_fault([&](PcieLink::AccessKind kind, std::uint64_t address, std::uint32_t) {
      return kind == PcieLink::AccessKind::Read && address >= nic.rings[queue]->descriptors() &&
             address < nic.rings[queue]->driver_events();
    });
    nic.notify(queue);
    expect_broken();
    ASSERT_NO_FATAL_FAILURE(expect_recovery());
    ASSERT_NO_FATAL_FAILURE(nic.reset());
  }
}

TEST_P(EveryNicSurvives, AnEventAreaThatIsNotThere) {  // P23
  nic.start();
  nic.link.inject_fault([&](PcieLink::AccessKind, std::uint64_t address, std::uint32_t) {
    return address / 16 == nic.tx().driver_events() / 16;
  });
  nic.send(counting_frame(60), 1);
  expect_broken();
  expect_recovery();
}

TEST_P(EveryNicSurvives, DataThatIsRefusedTimeAndAgain) {  // P12
  nic.start();
  for (std::uint16_t i = 1; i < kDataErrorsUntilReset; ++i) {
    nic.tx().offer({{kNowhere, 100}}, i);
    nic.notify(kTransmitQueue);
    ASSERT_TRUE(nic.wait_used(nic.tx()));
  }
  EXPECT_EQ(nic.status(), kReady);
  nic.tx().offer({{kNowhere, 100}}, 50);
  nic.notify(kTransmitQueue);
  expect_broken();
  EXPECT_EQ(nic.counter("tx_dropped_error"), kDataErrorsUntilReset);
  expect_recovery();
}

TEST_P(EveryNicSurvives, AQueueWhereNoneMayLie) {  // R5
  struct Place {
    std::uint32_t area;
    std::uint64_t address;
  };
  for (Place const& place :
       {Place{common("queue_desc"), 0x1'0000'0008}, Place{common("queue_driver"), 0x1'0000'0002},
        Place{common("queue_device"), 0x1'0000'0001},
        Place{common("queue_desc"), 0xFFFF'FFFF'FFFF'FF10}}) {
    SCOPED_TRACE(testing::Message() << "register " << place.area << " is " << place.address);
    nic.enable_pci();
    nic.negotiate(kUnfiltered);
    nic.write(common("config_msix_vector"), 2, 0);
    nic.select(kTransmitQueue);
    nic.write(common("queue_size"), 2, 16);
    nic.write64(place.area, place.address);
    nic.write(common("queue_enable"), 2, 1);
    nic.set_status(kReady);
    expect_broken();
    ASSERT_NO_FATAL_FAILURE(expect_recovery());
    ASSERT_NO_FATAL_FAILURE(nic.reset());
  }
}

TEST_P(EveryNicSurvives, IdentifiersThatAreNone) {  // P20
  nic.start();
  for (std::uint16_t id : {std::uint16_t{0xFFFF}, std::uint16_t{16}, std::uint16_t{0xFFFF}}) {
    nic.send(some_, id);
    auto const used = nic.wait_used(nic.tx());
    ASSERT_TRUE(used);
    EXPECT_EQ(used->id, id);
  }
  EXPECT_EQ(nic.status(), kReady);
}

TEST_P(EveryNicSurvives, IdentifiersThatAreNotUnique) {  // P20
  nic.start();
  // The same for several buffers at once: each comes back under it.
  for (int i = 0; i < 5; ++i) nic.tx().offer({{some(), 112}}, 7);
  nic.notify(kTransmitQueue);
  for (int i = 0; i < 5; ++i) {
    auto const used = nic.wait_used(nic.tx());
    ASSERT_TRUE(used);
    EXPECT_EQ(used->id, 7U);
  }
  // Another in each element of a chain: the last one counts.
  nic.tx().put(5, {some(), 40, kAvail | kDescriptorNext}, 100);
  nic.tx().put(6, {some() + 40, 40, kAvail | kDescriptorNext}, 200);
  nic.tx().put(7, {some() + 80, 32, kAvail}, 300);
  nic.notify(kTransmitQueue);
  ASSERT_TRUE(nic.run_until([this] { return nic.wire.frames.size() == 6; }));
  nic.run(us(5));
  MutableBytes const used = nic.tx().slot(5);
  EXPECT_EQ(Frame(used.begin() + 8, used.end()),
            (Frame{0, 0, 0, 0, 300 % 256, 300 / 256, 0x80, 0x80}));
  EXPECT_EQ(nic.status(), kReady);
}

TEST_P(EveryNicSurvives, AChangeOfWhatIsAlreadyAvailable) {  // P21
  nic.start({.size = 64});
  for (std::uint16_t i = 0; i < 20; ++i) nic.send(counting_frame(1500), i);
  nic.run(us(2));  // fetched, not yet sent
  Random random(RingDriver::kSeed);
  for (int i = 0; i < 60; ++i) {
    nic.tx().put(static_cast<unsigned>(random.below(64)),
                 {random.next(), static_cast<std::uint32_t>(random.next()),
                  static_cast<std::uint16_t>(random.next())},
                 static_cast<std::uint16_t>(random.next()));
    nic.run(us(0.3));
    nic.notify(kTransmitQueue);
  }
  nic.run(us(50));
  SCOPED_TRACE(testing::Message() << "seed " << RingDriver::kSeed);
  expect_recovery();
}

INSTANTIATE_TEST_SUITE_P(Device, EveryNicSurvives, testing::ValuesIn(nic_kinds()),
                         [](auto const& tested) { return tested.param; });

}  // namespace
}  // namespace ringside::testbench
