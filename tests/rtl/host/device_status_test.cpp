// Status handshake, queue setup, notifications and reset, as a well-meaning and as a hostile driver
// does them. R numbers are those of the list of hostile inputs.
#include <gtest/gtest.h>

#include "tests/rtl/host/registers_bench.hpp"

namespace ringside::testbench {
namespace {

using namespace layout;

constexpr std::uint8_t kNegotiated = kStatusAcknowledge | kStatusDriver | kStatusFeaturesOk;
constexpr std::uint8_t kReady = kNegotiated | kStatusDriverOk;
constexpr std::uint32_t kNotifyReceive = offset_of(kNotifyBlock, "notify_receive");
constexpr std::uint32_t kNotifyTransmit = offset_of(kNotifyBlock, "notify_transmit");

using Notifications = std::array<int, kNumQueues>;

std::uint32_t isr(RegistersBench& bench) {
  return static_cast<std::uint32_t>(bench.read(offset_of(kIsrBlock, "isr_status"), 1));
}

TEST(DeviceStatus, GoesLiveAfterTheHandshakeAndAnnouncesEnabledQueues) {
  RegistersBench bench;
  bench.accept_features(kFeaturesOffered);
  EXPECT_EQ(bench.status(), kNegotiated);
  EXPECT_EQ(bench.pins().features_o, kFeaturesOffered);
  bench.enable_queue(kTransmitQueue);
  EXPECT_FALSE(bench.pins().live_o);
  EXPECT_EQ(bench.take_notifications(), (Notifications{0, 0}));
  bench.set_common("device_status", kReady);
  EXPECT_EQ(bench.status(), kReady);
  EXPECT_TRUE(bench.pins().live_o);
  EXPECT_EQ(bench.take_notifications(), (Notifications{0, 1}));
}

// R7
TEST(DeviceStatus, RefusesFeaturesThatAreIncompleteOrNotOffered) {
  std::uint64_t const refused[] = {0,
                                   kFeatureRingPacked,
                                   kFeatureVersion1,
                                   kFeaturesOffered & ~kFeatureVersion1,
                                   kFeaturesOffered & ~kFeatureRingPacked,
                                   kFeaturesRequired | 1,
                                   kFeaturesRequired | (std::uint64_t{1} << 63)};
  for (std::uint64_t const features : refused) {
    RegistersBench bench;
    bench.accept_features(features);
    EXPECT_EQ(bench.status(), kStatusAcknowledge | kStatusDriver) << features;
    bench.set_common("device_status", kReady);
    EXPECT_EQ(bench.status(), kStatusAcknowledge | kStatusDriver) << features;
    EXPECT_FALSE(bench.pins().live_o);
  }
}

// R8
TEST(DeviceStatus, KeepsFeaturesOnceTheyAreAgreedOn) {
  RegistersBench bench;
  bench.accept_features(kFeaturesRequired);
  bench.set_common("driver_feature_select", 0);
  bench.set_common("driver_feature", 0xFFFF'FFFF);
  EXPECT_EQ(bench.common_value("driver_feature"), kFeaturesRequired & 0xFFFF'FFFF);
  EXPECT_EQ(bench.pins().features_o, kFeaturesRequired);
}

// R8
TEST(DeviceStatus, ShowsNothingInFeatureWindowsBeyondTheSecond) {
  RegistersBench bench;
  for (std::uint32_t const window : {2U, 3U, 4U, 0x8000'0001U, 0xFFFF'FFFFU}) {
    bench.set_common("device_feature_select", window);
    EXPECT_EQ(bench.common_value("device_feature"), 0U);
    bench.set_common("driver_feature_select", window);
    bench.set_common("driver_feature", 0xFFFF'FFFF);
    EXPECT_EQ(bench.common_value("driver_feature"), 0U);
  }
  EXPECT_EQ(bench.pins().features_o, 0U);
  bench.set_common("device_feature_select", 1);
  EXPECT_EQ(bench.common_value("device_feature"), kFeaturesOffered >> 32);
}

// R9
TEST(DeviceStatus, IgnoresDriverOkWithoutFeaturesOk) {
  RegistersBench bench;
  bench.set_common("device_status", kStatusAcknowledge | kStatusDriver | kStatusDriverOk);
  EXPECT_EQ(bench.status(), kStatusAcknowledge | kStatusDriver);
  EXPECT_FALSE(bench.pins().live_o);
}

// R10
TEST(DeviceStatus, NeverComesBackFromNeedsResetButByAReset) {
  RegistersBench bench;
  bench.go_live();
  bench.pins().queue_error_i = 1;
  bench.tick();
  bench.pins().queue_error_i = 0;
  EXPECT_EQ(bench.status(), kReady | kStatusNeedsReset);
  EXPECT_FALSE(bench.pins().live_o);
  for (std::uint8_t const value : {kStatusAcknowledge, kReady}) {
    bench.set_common("device_status", value);
    EXPECT_EQ(bench.status(), value | kStatusNeedsReset);
    EXPECT_FALSE(bench.pins().live_o);
  }
  bench.set_common("device_status", 0);
  EXPECT_TRUE(bench.reset_ends());
  bench.go_live();
  EXPECT_TRUE(bench.pins().live_o);
}

TEST(DeviceStatus, TellsTheDriverOfAnErrorOnlyOnceAndOnlyAfterDriverOk) {
  RegistersBench bench;
  bench.pins().queue_error_i = 1;
  bench.tick(3);
  bench.pins().queue_error_i = 0;
  EXPECT_EQ(bench.status(), 0);
  EXPECT_EQ(isr(bench), 0U);
  bench.go_live();
  bench.pins().queue_error_i = 2;
  bench.tick(5);
  bench.pins().queue_error_i = 0;
  EXPECT_EQ(isr(bench), 2U);
  EXPECT_EQ(isr(bench), 0U);
}

TEST(DeviceStatus, GivesUpAfterTooManyDataErrors) {
  RegistersBench bench;
  bench.go_live();
  auto errors = [&](unsigned sources) {
    bench.pins().data_error_i = static_cast<std::uint8_t>(sources);
    bench.tick();
    bench.pins().data_error_i = 0;
  };
  unsigned count = 0;
  for (; count + 2 < kDataErrorsUntilReset; count += 2) errors(3);
  for (; count + 1 < kDataErrorsUntilReset; ++count) errors(1 + count % 2);
  EXPECT_EQ(bench.status(), kReady);
  errors(2);
  EXPECT_EQ(bench.status(), kReady | kStatusNeedsReset);
}

// R2
TEST(QueueRegisters, OfAQueueThatDoesNotExistReadAsNothingAndIgnoreWrites) {
  RegistersBench bench;
  for (std::uint16_t const queue :
       {std::uint16_t{2}, std::uint16_t{0x8000}, std::uint16_t{0xFFFF}}) {
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

// R14
TEST(DeviceReset, ReadsAsZeroOnlyWhenAllBlocksAreDrained) {
  RegistersBench bench;
  bench.enable_queue(0);
  bench.go_live();
  bench.set_common("queue_msix_vector", 1);
  bench.pins().drained_i = 0;
  bench.set_common("device_status", 0);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(bench.status(), kReady);
  EXPECT_TRUE(bench.pins().flush_o);
  EXPECT_FALSE(bench.pins().live_o);
  EXPECT_EQ(bench.common_value("queue_enable"), 1U);
  bench.pins().drained_i = 1;
  bench.tick(2);
  EXPECT_EQ(bench.status(), 0);
  EXPECT_FALSE(bench.pins().flush_o);
  EXPECT_EQ(bench.common_value("queue_enable"), 0U);
  EXPECT_EQ(bench.common_value("queue_msix_vector"), kNoVector);
  EXPECT_EQ(bench.common_value("queue_desc"), 0U);
  EXPECT_EQ(bench.pins().features_o, 0U);
}

// R14
TEST(DeviceReset, IgnoresWritesWhileItDrains) {
  RegistersBench bench;
  bench.enable_queue(0);
  bench.go_live();
  bench.take_notifications();
  bench.pins().drained_i = 0;
  bench.set_common("device_status", 0);
  bench.set_common("device_status", kStatusAcknowledge);
  bench.set_common("device_status", kReady);
  bench.set_common("device_status", 0);
  bench.set_common("queue_select", 1);
  bench.set_common("queue_enable", 1);
  bench.set_common("config_msix_vector", 1);
  bench.write(offset_of(kModerationBlock, "receive_max_usecs"), 4, 7);
  bench.write(kNotifyReceive, 2, 0);
  EXPECT_EQ(bench.status(), kReady);
  EXPECT_EQ(bench.common_value("queue_select"), 0U);
  bench.pins().drained_i = 1;
  EXPECT_TRUE(bench.reset_ends());
  EXPECT_EQ(bench.take_notifications(), (Notifications{0, 0}));
  for (std::uint16_t q = 0; q < kNumQueues; ++q) {
    bench.set_common("queue_select", q);
    EXPECT_EQ(bench.common_value("queue_enable"), 0U);
  }
  EXPECT_EQ(bench.common_value("config_msix_vector"), kNoVector);
  EXPECT_EQ(bench.read(offset_of(kModerationBlock, "receive_max_usecs"), 4), 0U);
}

TEST(DeviceReset, IsDoneAtOnceWhenThereIsNothingToDrain) {
  RegistersBench bench;
  bench.pins().drained_i = 0;  // nothing of a session is anywhere, so nobody is asked
  bench.set_common("queue_select", 1);
  bench.set_common("queue_size", 8);
  bench.set_common("device_status", 0);
  bench.set_common("device_status", kStatusAcknowledge);
  EXPECT_EQ(bench.status(), kStatusAcknowledge);
  EXPECT_EQ(bench.common_value("queue_select"), 0U);
  bench.set_common("queue_select", 1);
  EXPECT_EQ(bench.common_value("queue_size"), kMaxQueueSize);
}

TEST(DeviceReset, ClearsModerationAndInterruptStatus) {
  RegistersBench bench;
  bench.go_live();
  bench.write(offset_of(kModerationBlock, "receive_max_packets"), 4, 32);
  bench.pins().link_up_i = 0;
  bench.tick(3);
  bench.set_common("device_status", 0);
  EXPECT_TRUE(bench.reset_ends());
  EXPECT_EQ(isr(bench), 0U);
  EXPECT_EQ(bench.read(offset_of(kModerationBlock, "receive_max_packets"), 4), 0U);
}

}  // namespace
}  // namespace ringside::testbench
