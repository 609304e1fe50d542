// When every NIC interrupts: the driver's event area, moderation with its times, masks and pending
// bits (virtio 1.3, 2.8.10 and 5.1.6.5.7; PCI 3.0, 6.8.3).
#include "tests/system/ring_driver.hpp"

namespace ringside::testbench {
namespace {

using namespace layout;

constexpr std::uint32_t kReceiveVector = 1;
constexpr std::uint32_t kTransmitVector = 2;
constexpr std::uint32_t kVectorControl =
    kMsixTableBlock.offset + find(kMsixTable, "vector_control").offset;

class EveryNicInterrupts : public EveryNic {
 protected:
  void SetUp() override { nic.start({.size = 64}); }

  void send() {
    nic.send(counting_frame(60), id_);
    auto const used = nic.wait_used(nic.tx());
    ASSERT_TRUE(used);
    EXPECT_EQ(used->id, id_++);
    nic.run(us(4));
  }
  void moderate(std::uint16_t queue, std::uint32_t packets, std::uint32_t usecs) {
    std::uint32_t const at = kModerationBlock.offset + queue * kModerationStride;
    nic.write(at, 4, packets);
    nic.write(at + 4, 4, usecs);
  }
  void mask(std::uint32_t vector, bool masked) {
    nic.write(kVectorControl + vector * kMsixStride, 4, masked ? 1 : 0);
  }
  std::uint32_t pending() { return nic.read(kMsixPendingBlock.offset, 4); }

  // Frames on the wire, `gap` apart; returns when the first has arrived.
  TimePoint arrive(int frames, Duration gap) {
    for (int i = 0; i < 32; ++i) nic.post(256, id_++);
    nic.run(us(10));
    TimePoint first{};
    for (int i = 0; i < frames; ++i) {
      TimePoint const at = nic.arrive(counting_frame(60)) + us(0.5);
      if (i == 0) first = at;
      nic.run(gap);
    }
    return first;
  }
  // From a frame's last byte to the message that tells of it, moderation apart.
  static constexpr Duration kLatency = us(4);

  std::uint16_t id_ = 0;
};

TEST_P(EveryNicInterrupts, TellsOfEachPacketWhenEventsAreEnabled) {
  for (std::size_t i = 1; i <= 3; ++i) {
    ASSERT_NO_FATAL_FAILURE(send());
    EXPECT_EQ(nic.interrupts(kTransmitVector), i);
  }
  EXPECT_EQ(nic.messages.size(), 3U);
  EXPECT_EQ(nic.counter("interrupts"), 3U);
}

TEST_P(EveryNicInterrupts, IsSilentWhileEventsAreDisabled) {
  nic.tx().want_events(kEventDisable);
  for (int i = 0; i < 3; ++i) ASSERT_NO_FATAL_FAILURE(send());
  EXPECT_TRUE(nic.messages.empty());
  nic.tx().want_events(kEventEnable);
  ASSERT_NO_FATAL_FAILURE(send());
  EXPECT_EQ(nic.interrupts(kTransmitVector), 1U);
}

TEST_P(EveryNicInterrupts, TellsOfTheDescriptorThatTheDriverNamed) {
  // A device that has not looked before can not know what it missed, so its first answer is yes.
  nic.tx().want_events(kEventDesc, 3 | 0x8000);
  ASSERT_NO_FATAL_FAILURE(send());
  EXPECT_EQ(nic.interrupts(kTransmitVector), 1U);
  for (unsigned slot = 1; slot < 6; ++slot) {
    ASSERT_NO_FATAL_FAILURE(send());
    EXPECT_EQ(nic.interrupts(kTransmitVector), slot < 3 ? 1U : 2U) << slot;
  }
  nic.tx().want_events(kEventDesc, 0);  // slot 0 of the next lap
  for (unsigned slot = 6; slot < 64; ++slot) ASSERT_NO_FATAL_FAILURE(send());
  EXPECT_EQ(nic.interrupts(kTransmitVector), 2U);
  ASSERT_NO_FATAL_FAILURE(send());
  EXPECT_EQ(nic.interrupts(kTransmitVector), 3U);
}

TEST_P(EveryNicInterrupts, StaysBoundedWhateverTheEventAreaSays) {  // P22
  struct Wish {
    std::uint16_t flags;
    std::uint16_t off_wrap;
  };
  for (Wish const wish : {Wish{3, 0}, Wish{0xFFFF, 0xFFFF}, Wish{kEventDesc, 64},
                          Wish{kEventDesc, 0x7FFF}, Wish{kEventDesc, 0xFFFF}, Wish{0xFFFC, 5}}) {
    nic.messages.clear();
    nic.tx().want_events(wish.flags, wish.off_wrap);
    ASSERT_NO_FATAL_FAILURE(send());
    EXPECT_LE(nic.messages.size(), 1U) << wish.flags << " " << wish.off_wrap;
    EXPECT_GE(nic.messages.size(), wish.flags == kEventDesc ? 0U : 1U) << wish.flags;
  }
  EXPECT_EQ(nic.status(), kReady);
}

TEST_P(EveryNicInterrupts, TakesDescForEnableWithoutTheFeature) {  // P22
  ASSERT_NO_FATAL_FAILURE(nic.reset());
  ASSERT_NO_FATAL_FAILURE(nic.start({.size = 64, .features = kUnfiltered & ~kFeatureEventIdx}));
  nic.tx().want_events(kEventDesc, 50);
  ASSERT_NO_FATAL_FAILURE(send());
  EXPECT_EQ(nic.interrupts(kTransmitVector), 1U);
}

TEST_P(EveryNicInterrupts, WaitsForTheTimeWhenFewPacketsCome) {  // V90
  moderate(kReceiveQueue, 15, 10);
  TimePoint const first = arrive(4, us(1));
  nic.run(us(40));
  ASSERT_EQ(nic.messages.size(), 1U);
  EXPECT_GE(nic.messages[0].at, first + us(10));
  EXPECT_LE(nic.messages[0].at, first + us(10) + kLatency);
}

TEST_P(EveryNicInterrupts, WaitsForTheCountWhenManyPacketsCome) {  // V91
  moderate(kReceiveQueue, 15, 10);
  TimePoint const first = arrive(20, us(0.5));
  nic.run(us(40));
  ASSERT_EQ(nic.messages.size(), 2U);
  // The fifteenth comes 7 us behind the first, the sixteenth half a microsecond later.
  EXPECT_GE(nic.messages[0].at, first + us(7));
  EXPECT_LE(nic.messages[0].at, first + us(7) + kLatency);
  EXPECT_GE(nic.messages[1].at, first + us(17.5));
  EXPECT_LE(nic.messages[1].at, first + us(17.5) + kLatency);
}

TEST_P(EveryNicInterrupts, CountsInWholeGroupsAtLineRate) {  // V95
  moderate(kReceiveQueue, 4, 100);
  for (int i = 0; i < 10; ++i) nic.post(2048, id_++);
  nic.run(us(10));
  std::vector<TimePoint> ends;
  for (int i = 0; i < 10; ++i) ends.push_back(nic.arrive(counting_frame(1514)) + us(0.5));
  nic.run(us(130));
  ASSERT_EQ(nic.messages.size(), 3U);
  for (auto const& [message, earliest] :
       {std::pair{0U, ends[3]}, std::pair{1U, ends[7]}, std::pair{2U, ends[8] + us(100)}}) {
    EXPECT_GE(nic.messages[message].at, earliest) << message;
    EXPECT_LE(nic.messages[message].at, earliest + kLatency) << message;
  }
}

TEST_P(EveryNicInterrupts, ModeratesNothingUnlessBothNumbersAreGiven) {  // V93, V94
  for (auto const& [packets, usecs] : {std::pair{0U, 10U}, std::pair{15U, 0U}}) {
    nic.messages.clear();
    moderate(kReceiveQueue, packets, usecs);
    TimePoint const first = arrive(3, us(5));
    nic.run(us(20));
    ASSERT_EQ(nic.messages.size(), 3U) << packets << " " << usecs;
    for (int i = 0; i < 3; ++i) {
      EXPECT_LE(nic.messages[static_cast<std::size_t>(i)].at, first + us(5) * i + kLatency);
    }
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(nic.wait_used(nic.rx()));
    ASSERT_NO_FATAL_FAILURE(nic.reset());
    ASSERT_NO_FATAL_FAILURE(nic.start({.size = 64}));
  }
}

TEST_P(EveryNicInterrupts, TellsAtOnceWhenTheCountIsLoweredBelowWhatWaits) {  // V97
  moderate(kReceiveQueue, 15, 1000);
  arrive(10, us(1));
  EXPECT_TRUE(nic.messages.empty());
  TimePoint const change = present();
  moderate(kReceiveQueue, 8, 1000);
  nic.run(us(10));
  ASSERT_EQ(nic.messages.size(), 1U);
  EXPECT_LE(nic.messages[0].at, change + kLatency);
}

TEST_P(EveryNicInterrupts, KeepsTheElapsedTimeWhenTheTimeIsChanged) {  // V98
  for (auto const& [usecs, expected] : {std::pair{30U, 40.0}, std::pair{60U, 60.0}}) {
    moderate(kReceiveQueue, 15, 100);
    nic.messages.clear();
    TimePoint const first = arrive(1, us(0));
    nic.run(first + us(40) - present());
    EXPECT_TRUE(nic.messages.empty());
    moderate(kReceiveQueue, 15, usecs);
    nic.run(us(100));
    ASSERT_EQ(nic.messages.size(), 1U) << usecs;
    EXPECT_GE(nic.messages[0].at, first + us(expected));
    EXPECT_LE(nic.messages[0].at, first + us(expected) + kLatency);
    ASSERT_NO_FATAL_FAILURE(nic.reset());
    ASSERT_NO_FATAL_FAILURE(nic.start({.size = 64}));
  }
}

TEST_P(EveryNicInterrupts, TellsAtOnceWhenEachPacketIsToBeTold) {  // V96
  moderate(kReceiveQueue, 1, 64);
  TimePoint const first = arrive(2, us(50));
  nic.run(us(100));
  ASSERT_EQ(nic.messages.size(), 2U);
  EXPECT_LE(nic.messages[0].at, first + kLatency);
  EXPECT_GE(nic.messages[1].at, first + us(50));
  EXPECT_LE(nic.messages[1].at, first + us(50) + kLatency);
}

TEST_P(EveryNicInterrupts, ForgetsWhatTheDriverDidNotWantToHear) {  // V99
  moderate(kReceiveQueue, 15, 10);
  TimePoint const first = arrive(4, us(1));
  nic.run(first + us(5) - present());
  nic.rx().want_events(kEventDisable);
  nic.run(us(45));
  EXPECT_TRUE(nic.messages.empty());
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(nic.rx().take()) << "the driver finds it by itself";
  nic.rx().want_events(kEventEnable);
  nic.run(us(10));
  TimePoint const late = nic.arrive(counting_frame(60)) + us(0.5);
  nic.run(us(40));
  ASSERT_EQ(nic.messages.size(), 1U);
  EXPECT_GE(nic.messages[0].at, late + us(10));
  EXPECT_LE(nic.messages[0].at, late + us(10) + kLatency);
}

TEST_P(EveryNicInterrupts, WritesAMessageWhereverItIsToldTo) {  // R18
  Block const block = nic.allocate(64);
  std::uint32_t const entry = kMsixTableBlock.offset + kTransmitVector * kMsixStride;
  nic.write64(entry, block.address + 16);
  nic.write(entry + 8, 4, 0xC0FF'EE11);
  ASSERT_NO_FATAL_FAILURE(send());
  EXPECT_EQ(load_le<std::uint32_t>(&block.bytes[16]), 0xC0FF'EE11U);
  EXPECT_EQ(std::count(block.bytes.begin(), block.bytes.end(), 0), 60);
  // Nowhere, among registers as a device sees them, at the top: lost, and nothing else is.
  for (std::uint64_t const address :
       {std::uint64_t{0}, std::uint64_t{0xBAD'0000}, std::uint64_t{kCommonBlock.offset + 0x14},
        ~std::uint64_t{3}, ~std::uint64_t{0}}) {
    nic.write64(entry, address);
    ASSERT_NO_FATAL_FAILURE(send());
    EXPECT_EQ(nic.status(), kReady);
  }
  EXPECT_TRUE(nic.messages.empty());
}

TEST_P(EveryNicInterrupts, KeepsAMessagePendingWhileItsVectorIsMasked) {  // R18
  mask(kTransmitVector, true);
  for (int i = 0; i < 3; ++i) ASSERT_NO_FATAL_FAILURE(send());
  EXPECT_TRUE(nic.messages.empty());
  EXPECT_EQ(pending(), 1U << kTransmitVector);
  mask(kReceiveVector, true);
  mask(kReceiveVector, false);
  EXPECT_EQ(pending(), 1U << kTransmitVector);
  mask(kTransmitVector, false);
  nic.run(us(5));
  EXPECT_EQ(nic.interrupts(kTransmitVector), 1U) << "one for all that came meanwhile";
  EXPECT_EQ(pending(), 0U);
}

TEST_P(EveryNicInterrupts, KeepsAllMessagesPendingWhileTheFunctionIsMasked) {
  nic.link.control({.msix_enable = true, .msix_mask = true, .bus_master = true});
  ASSERT_NO_FATAL_FAILURE(send());
  arrive(1, us(5));
  EXPECT_TRUE(nic.messages.empty());
  EXPECT_EQ(pending(), 1U << kTransmitVector | 1U << kReceiveVector);
  nic.link.control({.msix_enable = true, .msix_mask = false, .bus_master = true});
  nic.run(us(5));
  EXPECT_EQ(nic.interrupts(kTransmitVector), 1U);
  EXPECT_EQ(nic.interrupts(kReceiveVector), 1U);
  EXPECT_EQ(pending(), 0U);
}

TEST_P(EveryNicInterrupts, SaysItInTheInterruptStatusWithoutMsix) {
  constexpr std::uint32_t kIsrStatus = offset_of(kIsrBlock, "isr_status");
  ASSERT_NO_FATAL_FAILURE(send());
  EXPECT_EQ(nic.read(kIsrStatus, 1), 0U) << "a message has said it";
  nic.messages.clear();
  nic.link.control({.msix_enable = false, .msix_mask = false, .bus_master = true});
  ASSERT_NO_FATAL_FAILURE(send());
  EXPECT_TRUE(nic.messages.empty());
  EXPECT_EQ(nic.read(kIsrStatus, 1), 1U);
  EXPECT_EQ(nic.read(kIsrStatus, 1), 0U);
}

TEST_P(EveryNicInterrupts, TellsNobodyWithoutAVector) {
  nic.select(kTransmitQueue);
  nic.write(common("queue_msix_vector"), 2, kNoVector);
  ASSERT_NO_FATAL_FAILURE(send());
  EXPECT_TRUE(nic.messages.empty());
  EXPECT_EQ(pending(), 0U);
  nic.write(common("queue_msix_vector"), 2, 0);
  ASSERT_NO_FATAL_FAILURE(send());
  EXPECT_EQ(nic.interrupts(0), 1U);
}

TEST_P(EveryNicInterrupts, NeverInterruptsMoreOftenThanPacketsCome) {
  for (auto const& [packets, usecs] : {std::pair{0U, 0U}, std::pair{3U, 5U}}) {
    moderate(kReceiveQueue, packets, usecs);
    nic.messages.clear();
    arrive(30, us(0));
    nic.run(us(60));
    EXPECT_GT(nic.interrupts(kReceiveVector), 0U);
    EXPECT_LE(nic.interrupts(kReceiveVector), packets == 0 ? 30U : 10U);
    EXPECT_EQ(nic.interrupts(kReceiveVector), nic.messages.size());
    for (int i = 0; i < 30; ++i) ASSERT_TRUE(nic.wait_used(nic.rx())) << i;
    ASSERT_NO_FATAL_FAILURE(nic.reset());
    ASSERT_NO_FATAL_FAILURE(nic.start({.size = 64}));
  }
}

INSTANTIATE_TEST_SUITE_P(Device, EveryNicInterrupts, testing::ValuesIn(nic_kinds()),
                         [](auto const& tested) { return tested.param; });

}  // namespace
}  // namespace ringside::testbench
