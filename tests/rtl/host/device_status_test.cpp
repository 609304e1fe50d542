// Status handshake and feature negotiation, as a well-meaning and as a hostile driver does them. R
// numbers are those of docs/verification.md.
#include <gtest/gtest.h>

#include "tests/rtl/host/registers_bench.hpp"

namespace ringside::testbench {
namespace {

using namespace layout;

constexpr std::uint8_t kNegotiated = kStatusAcknowledge | kStatusDriver | kStatusFeaturesOk;
constexpr std::uint8_t kReady = kNegotiated | kStatusDriverOk;

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
                                   kFeaturesRequired | (std::uint64_t{1} << 4),
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
  for (std::uint32_t const window : {0U, 1U}) {
    bench.set_common("driver_feature_select", window);
    bench.set_common("driver_feature", 0x5A5A'5A5A);
  }
  for (std::uint32_t const window : {2U, 3U, 4U, 0x8000'0001U, 0xFFFF'FFFFU}) {
    bench.set_common("device_feature_select", window);
    EXPECT_EQ(bench.common_value("device_feature"), 0U);
    bench.set_common("driver_feature_select", window);
    bench.set_common("driver_feature", 0xFFFF'FFFF);
    EXPECT_EQ(bench.common_value("driver_feature"), 0U);
  }
  EXPECT_EQ(bench.pins().features_o, 0x5A5A'5A5A'5A5A'5A5AU);
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

}  // namespace
}  // namespace ringside::testbench
