// Life of a session on every NIC when the driver does not keep to the handshake: status bits taken
// back, notifications that fit nothing, resets upon resets (hostile inputs R5, R10, R11, R14).
#include "tests/system/ring_driver.hpp"

namespace ringside::testbench {
namespace {

using namespace layout;

class EveryNicHandshake : public EveryNic {
 protected:
  std::uint64_t requests() { return nic.link.statistics().reads + nic.link.statistics().writes; }
  void write_notify(std::uint32_t offset, unsigned size, std::uint32_t value) {
    nic.write(kNotifyBlock.offset + offset, size, value);
  }
};

TEST_P(EveryNicHandshake, StoresBitsThatAreTakenBackAndStaysLive) {  // R10
  nic.start();
  for (std::uint8_t const status :
       {std::uint8_t(kReady & ~kStatusDriver), std::uint8_t(kReady | kStatusFailed),
        std::uint8_t(kReady & ~kStatusDriverOk), kReady}) {
    nic.set_status(status);
    EXPECT_EQ(nic.status(), status);
  }
  expect_round_trip();
}

TEST_P(EveryNicHandshake, DoesNotBeginAgainWhenItIsToldTwiceToBegin) {  // R10
  nic.start();
  expect_round_trip(3);
  nic.set_status(kNegotiated);
  nic.set_status(kReady);
  nic.set_status(kReady);
  // The rings go on where they were: a session begun anew would look at slot 0.
  expect_round_trip(4);
}

TEST_P(EveryNicHandshake, TakesNoErrorBackButByAReset) {  // R10
  nic.start();
  nic.tx().put(0, {0, 1, kDescriptorAvail | kDescriptorIndirect}, 1);
  nic.notify(kTransmitQueue);
  ASSERT_TRUE(nic.run_until([this] { return nic.needs_reset(); }));
  for (std::uint8_t const status : {kStatusAcknowledge, kNegotiated, kReady}) {
    nic.set_status(status);
    EXPECT_EQ(nic.status(), status | kStatusNeedsReset);
  }
  auto const before = requests();
  nic.notify(kReceiveQueue);
  nic.run(us(10));
  EXPECT_EQ(requests(), before) << "live in spite of its error";
  ASSERT_NO_FATAL_FAILURE(nic.reset());
  nic.set_status(kStatusAcknowledge | kStatusNeedsReset);
  EXPECT_EQ(nic.status(), kStatusAcknowledge) << "the bit is not the driver's";
}

TEST_P(EveryNicHandshake, HearsNoNotificationThatDoesNotFit) {  // R11
  nic.enable_pci();
  nic.negotiate(kUnfiltered);
  nic.enable_queue(kTransmitQueue, 8);
  nic.set_status(kReady);
  nic.run(us(10));
  Block const block = nic.packet(counting_frame(80));
  nic.tx().offer({{block.address, 92}}, 1);
  auto const before = requests();
  constexpr std::uint32_t kSlot = kTransmitQueue * kNotifyMultiplier;
  write_notify(0, 2, kReceiveQueue);           // a queue that is not enabled
  write_notify(0, 2, kTransmitQueue);          // another queue's slot
  write_notify(kSlot, 2, kReceiveQueue);       // another queue's index
  write_notify(kSlot, 2, 0xFFFF);              // a queue that is none
  write_notify(2 * kNotifyMultiplier, 2, 2);   // the slot of one
  write_notify(kSlot + 2, 2, kTransmitQueue);  // beside the slot
  write_notify(kSlot, 1, kTransmitQueue);      // half of an index
  write_notify(kSlot, 4, kTransmitQueue);      // NOTIFICATION_DATA was not negotiated
  write_notify(kSlot, 4, 0x8003'0000U | kTransmitQueue);
  nic.run(us(20));
  EXPECT_EQ(requests(), before);
  EXPECT_EQ(nic.status(), kReady);
  write_notify(kSlot, 2, kTransmitQueue);
  EXPECT_TRUE(nic.wait_used(nic.tx()));
}

TEST_P(EveryNicHandshake, LooksForARingAtAddressZero) {  // R5
  nic.enable_pci();
  nic.negotiate(kUnfiltered);
  nic.write(common("config_msix_vector"), 2, 0);
  nic.select(kTransmitQueue);
  nic.write(common("queue_size"), 2, 4);
  nic.write(common("queue_enable"), 2, 1);
  bool asked = false;
  nic.link.inject_fault([&](PcieLink::AccessKind, std::uint64_t address, std::uint32_t) {
    asked = asked || address == 0;
    return true;
  });
  EXPECT_EQ(nic.read(common("queue_enable"), 2), 1U);
  EXPECT_FALSE(asked);
  nic.set_status(kReady);
  EXPECT_TRUE(nic.run_until([&] { return asked; })) << "zero is an address as any other";
  nic.run(us(5));
  EXPECT_TRUE(nic.needs_reset()) << "but here nothing is mapped to it";
}

TEST_P(EveryNicHandshake, EndsAnyNumberOfResetsAsOne) {  // R14
  for (int times = 1; times < 8; ++times) {
    SCOPED_TRACE(times);
    ASSERT_NO_FATAL_FAILURE(nic.start({.size = 64}));
    for (std::uint16_t i = 0; i < 16; ++i) nic.send(counting_frame(1500), i);
    nic.run(us(1.7));
    for (int i = 0; i < times; ++i) {
      nic.set_status(0);
      nic.run(us(0.11 * i));
    }
    ASSERT_NO_FATAL_FAILURE(nic.reset());
    auto const before = requests();
    nic.run(us(20));
    EXPECT_EQ(requests(), before);
    ASSERT_NO_FATAL_FAILURE(nic.start());
    ASSERT_NO_FATAL_FAILURE(expect_round_trip());
    ASSERT_NO_FATAL_FAILURE(nic.reset());
  }
}

// Which session wins that is begun while the one before it drains: none, so the next is clean.
TEST_P(EveryNicHandshake, MixesNoSessionWithTheOneBefore) {  // R14
  nic.start({.size = 64});
  for (std::uint16_t i = 0; i < 32; ++i) nic.send(counting_frame(1500), i);
  nic.run(us(2));
  nic.set_status(0);
  nic.enable_pci();
  nic.negotiate(kFeaturesRequired);
  nic.enable_queue(kReceiveQueue, 4);
  nic.enable_queue(kTransmitQueue, 4);
  nic.set_status(kReady);
  nic.notify(kTransmitQueue);
  // As long as a reset lasts; what of this came behind its end may have been heard.
  ASSERT_NO_FATAL_FAILURE(nic.reset());
  nic.run(us(20));  // what the MAC holds still leaves
  ASSERT_NO_FATAL_FAILURE(nic.start());
  expect_round_trip();
}

TEST_P(EveryNicHandshake, ForgetsWhatASessionThatNeverWentLiveWasTold) {  // R14
  nic.enable_pci();
  nic.negotiate(kFeaturesRequired);
  nic.enable_queue(kTransmitQueue, 4);
  nic.notify(kTransmitQueue);
  ASSERT_NO_FATAL_FAILURE(nic.reset());
  nic.select(kTransmitQueue);
  EXPECT_EQ(nic.read(common("queue_enable"), 2), 0U);
  EXPECT_EQ(nic.read(common("queue_size"), 2), kMaxQueueSize);
  ASSERT_NO_FATAL_FAILURE(nic.start());
  expect_round_trip();
}

INSTANTIATE_TEST_SUITE_P(Device, EveryNicHandshake, testing::ValuesIn(nic_kinds()),
                         [](auto const& tested) { return tested.param; });

}  // namespace
}  // namespace ringside::testbench
