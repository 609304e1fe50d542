// Queue setup and notifications, as a well-meaning and as a hostile driver does them. R numbers are
// those of docs/verification.md.
#include <gtest/gtest.h>

#include "tests/rtl/host/registers_bench.hpp"

namespace ringside::testbench {
namespace {

using namespace layout;

constexpr std::uint8_t kReady =
    kStatusAcknowledge | kStatusDriver | kStatusFeaturesOk | kStatusDriverOk;
constexpr std::uint32_t kNotifyReceive = kNotifyBlock.offset;
constexpr std::uint32_t kNotifyTransmit = kNotifyBlock.offset + kTransmitQueue * kNotifyMultiplier;

using Notifications = std::array<int, kNumQueues>;

// R2
TEST(QueueRegisters, OfAQueueThatDoesNotExistReadAsNothingAndIgnoreWrites) {
  RegistersBench bench;
  for (std::uint16_t const queue : {kNumQueues, std::uint16_t{0x8000}, std::uint16_t{0xFFFF}}) {
    bench.set_common("queue_select", queue);
    bench.set_common("queue_size", 4);
    bench.set_common("queue_msix_vector", 0);
    bench.set_common("queue_desc", 0x1000);
    bench.set_common("queue_enable", 1);
    EXPECT_EQ(bench.common_value("queue_select"), queue);
    EXPECT_EQ(bench.common_value("queue_size"), 0U);
    EXPECT_EQ(bench.common_value("queue_msix_vector"), kNoVector);
    EXPECT_EQ(bench.common_value("queue_desc"), 0U);
    EXPECT_EQ(bench.common_value("queue_enable"), 0U);
    EXPECT_EQ(bench.common_value("queue_notify_off"), 0U);
  }
}

// R3
TEST(QueueRegisters, TakeAnySizeUpToTheMaximumButNone) {
  RegistersBench bench;
  for (std::uint16_t const size : {1, 3, 255, 256}) {
    bench.set_common("queue_size", size);
    EXPECT_EQ(bench.common_value("queue_size"), size);
    for (std::uint16_t const bad : {0, 257, 0x8000, 0xFFFF}) {
      bench.set_common("queue_size", bad);
      EXPECT_EQ(bench.common_value("queue_size"), size);
    }
  }
}

// R4, R6
TEST(QueueRegisters, StayWhileTheQueueIsEnabledButForItsVector) {
  RegistersBench bench;
  bench.enable_queue(0);
  bench.set_common("queue_size", 4);
  bench.set_common("queue_desc", 0x7000);
  bench.set_common("queue_driver", 0x7000);
  bench.set_common("queue_device", 0x7000);
  bench.set_common("queue_enable", 0);
  bench.set_common("queue_msix_vector", 2);
  EXPECT_EQ(bench.common_value("queue_size"), kMaxQueueSize);
  EXPECT_EQ(bench.common_value("queue_desc"), 0x1000U);
  EXPECT_EQ(bench.common_value("queue_driver"), 0x2000U);
  EXPECT_EQ(bench.common_value("queue_device"), 0x3000U);
  EXPECT_EQ(bench.common_value("queue_enable"), 1U);
  EXPECT_EQ(bench.common_value("queue_msix_vector"), 2U);
}

TEST(QueueRegisters, EnableForTheValueOneOnly) {
  RegistersBench bench;
  for (std::uint16_t const value : {0, 2, 3, 0x0101, 0xFFFF}) {
    bench.set_common("queue_enable", value);
    EXPECT_EQ(bench.common_value("queue_enable"), 0U) << value;
  }
}

// R5: an error shows when the queue is to start.
TEST(QueueRegisters, RefuseRingsThatAreMisaligned) {
  struct Case {
    std::uint64_t desc, driver, device;
    bool good;
  };
  Case const cases[] = {{0, 0, 0, true},
                        {8, 0, 0, false},
                        {1, 0, 0, false},
                        {0, 2, 0, false},
                        {0, 0, 1, false},
                        {0, 4, 12, true},
                        {0 - std::uint64_t{kMaxQueueSize} * 16, 0, 0, true},
                        {16 - std::uint64_t{kMaxQueueSize} * 16, 0, 0, false},
                        {~std::uint64_t{15}, 0, 0, false}};
  for (Case const& each : cases) {
    for (bool const late : {false, true}) {
      RegistersBench bench;
      if (late) bench.go_live();
      bench.set_common("queue_desc", each.desc);
      bench.set_common("queue_driver", each.driver);
      bench.set_common("queue_device", each.device);
      bench.set_common("queue_enable", 1);
      if (!late) {
        EXPECT_EQ(bench.status(), 0);
      }
      if (!late) bench.go_live();
      EXPECT_EQ(bench.status(), each.good ? kReady : kReady | kStatusNeedsReset) << each.desc;
      EXPECT_EQ(bench.pins().live_o, each.good);
      EXPECT_EQ(bench.take_notifications(), (Notifications{each.good ? 1 : 0, 0}));
    }
  }
}

// R13
TEST(QueueRegisters, TakeNoVectorBeyondTheTable) {
  RegistersBench bench;
  for (char const* name : {"config_msix_vector", "queue_msix_vector"}) {
    for (std::uint16_t vector = 0; vector < kNumVectors; ++vector) {
      bench.set_common(name, vector);
      EXPECT_EQ(bench.common_value(name), vector);
    }
    for (std::uint16_t const vector : {kNumVectors, std::uint16_t{0x7FFF}, kNoVector}) {
      bench.set_common(name, 1);
      bench.set_common(name, vector);
      EXPECT_EQ(bench.common_value(name), kNoVector);
    }
  }
}

// R11
TEST(Notify, IsHeardForALiveEnabledQueueOnly) {
  RegistersBench bench;
  bench.enable_queue(0);
  bench.write(kNotifyReceive, 2, 0);
  EXPECT_EQ(bench.take_notifications(), (Notifications{0, 0}));
  bench.go_live();
  EXPECT_EQ(bench.take_notifications(), (Notifications{1, 0}));
  bench.write(kNotifyReceive, 2, 0);
  bench.write(kNotifyTransmit, 2, 1);  // not enabled
  EXPECT_EQ(bench.take_notifications(), (Notifications{1, 0}));
  bench.enable_queue(1);
  bench.write(kNotifyTransmit, 2, 1);
  EXPECT_EQ(bench.take_notifications(), (Notifications{0, 2}));
}

// R11
TEST(Notify, IgnoresWhatDoesNotFitTogether) {
  RegistersBench bench;
  bench.enable_queue(0);
  bench.enable_queue(1);
  bench.go_live();
  bench.take_notifications();
  bench.write(kNotifyReceive, 2, 1);  // the other queue's slot
  bench.write(kNotifyTransmit, 2, 0);
  bench.write(kNotifyReceive, 1, 0);       // 8 bits
  bench.write(kNotifyTransmit, 4, 1);      // 32 bits
  bench.write(kNotifyReceive + 2, 2, 0);   // beside it
  bench.write(kNotifyTransmit + 4, 2, 2);  // no such slot
  bench.write_word(kNotifyReceive, 0, 0);  // no byte at all
  EXPECT_EQ(bench.take_notifications(), (Notifications{0, 0}));
}

}  // namespace
}  // namespace ringside::testbench
