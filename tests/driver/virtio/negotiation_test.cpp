#include "driver/virtio/negotiation.hpp"

#include <gtest/gtest.h>

#include "tests/driver/virtio/fake_device.hpp"

namespace ringside::driver {
namespace {

struct Negotiation : testing::Test {
  Wishes wishes{kFeaturesWanted, MacAddress{{2, 0, 0, 0, 0, 1}}, 1972};
  test::VirtualExecutor executor;
  test::FakeDmaMemory memory;
  test::FakeDevice device{executor, memory};

  Negotiation() { device.queues = layout::kControlQueueOfOnePair + 1; }

  Agreement agreed() {
    auto const result = negotiate(device, wishes);
    EXPECT_TRUE(result);
    return result.value_or(Agreement{});
  }
  DriverError refused() {
    auto const result = negotiate(device, wishes);
    EXPECT_FALSE(result);
    return result ? DriverError{0xFF} : result.error();
  }
};

TEST_F(Negotiation, AcceptsAllThatBothSidesKnow) {
  Agreement const agreement = agreed();
  EXPECT_EQ(agreement.features, kFeaturesWanted);
  EXPECT_EQ(device.accepted, kFeaturesWanted);
  EXPECT_EQ(agreement.mac, (MacAddress{{2, 0, 0, 0, 0, 0x55}}));
  EXPECT_EQ(agreement.mtu, 1500);
  EXPECT_TRUE(agreement.link_up);
}

TEST_F(Negotiation, TakesNothingThatItDoesNotKnow) {
  device.offered |= layout::bit(4) | layout::bit(40) | layout::bit(59);
  EXPECT_EQ(agreed().features, kFeaturesWanted);
}

TEST_F(Negotiation, TakesChecksumsWhereBothSidesHaveThem) {
  device.offered &=
      ~(layout::kFeatureHostTso4 | layout::kFeatureHostTso6 | layout::kFeatureHostEcn);
  for (auto const feature : {layout::kFeatureCsum, layout::kFeatureGuestCsum}) {
    EXPECT_TRUE(agreed().has(feature));
    device.offered &= ~feature;
    EXPECT_FALSE(agreed().has(feature));
    device.offered |= feature;
    wishes.features &= ~feature;
    EXPECT_FALSE(agreed().has(feature));
  }
}

// The device is in order, but the driver was told to do without checksums.
TEST_F(Negotiation, LeavesWhatNeedsAFeatureThatIsNotWishedFor) {
  wishes.features &= ~layout::kFeatureCsum;
  Agreement const agreement = agreed();
  EXPECT_FALSE(agreement.has(layout::kFeatureHostTso4 | layout::kFeatureHostTso6));
  EXPECT_FALSE(agreement.has(layout::kFeatureHostEcn));
  EXPECT_TRUE(agreement.has(layout::kFeatureGuestCsum));
}

TEST_F(Negotiation, RefusesADeviceWithoutVersion1) {
  device.offered &= ~layout::kFeatureVersion1;
  EXPECT_EQ(refused(), DriverError::FeatureMissing);
}

TEST_F(Negotiation, RefusesADeviceWithoutPackedRings) {
  device.offered &= ~layout::kFeatureRingPacked;
  EXPECT_EQ(refused(), DriverError::FeatureMissing);
}

TEST_F(Negotiation, ReportsThatTheDeviceDidNotKeepFeaturesOk) {
  device.refuse_features = true;
  EXPECT_EQ(refused(), DriverError::FeaturesRefused);
}

// D13.
TEST_F(Negotiation, RefusesFeaturesThatLackTheOneTheyNeed) {
  constexpr std::uint64_t kNeeded =
      layout::kFeatureCsum | layout::kFeatureGuestCsum | layout::kFeatureCtrlVq;
  constexpr std::uint64_t kNeedy = layout::kFeaturesOfControl;
  for (unsigned const orphan : {7, 8, 9, 10, 11, 12, 13, 14, 18, 19, 21, 22, 23, 52, 53, 56, 60}) {
    device.offered = (layout::kFeaturesOffered & ~kNeeded & ~kNeedy) | layout::bit(orphan);
    EXPECT_EQ(refused(), DriverError::FeaturesInconsistent) << "feature " << orphan;
  }
  device.offered = layout::kFeaturesOffered | layout::bit(17) | layout::bit(22) | layout::bit(11) |
                   layout::bit(13);
  EXPECT_TRUE(negotiate(device, wishes)) << "complete families are fine";
}

TEST_F(Negotiation, DoesWithoutAControlQueueThatDoesNotExist) {
  device.queues = layout::kControlQueueOfOnePair;
  Agreement const agreement = agreed();
  EXPECT_FALSE(agreement.has(layout::kFeatureCtrlVq));
  EXPECT_FALSE(agreement.has(layout::kFeaturesOfControl));
  EXPECT_TRUE(agreement.has(layout::kFeatureMrgRxbuf));
}

TEST_F(Negotiation, TakesNothingOfTheControlQueueWithoutIt) {
  wishes.features &= ~layout::kFeatureCtrlVq;
  EXPECT_FALSE(agreed().has(layout::kFeaturesOfControl));
}

// D12.
TEST_F(Negotiation, DropsTheMtuFeatureWhenTheValueIsBelow68) {
  for (std::uint16_t const mtu : {0, 1, 67}) {
    store_le(&device.config[10], mtu);
    Agreement const agreement = agreed();
    EXPECT_EQ(agreement.mtu, 1500) << mtu;
    EXPECT_EQ(device.accepted & layout::kFeatureMtu, 0U);
  }
  store_le<std::uint16_t>(&device.config[10], 68);
  EXPECT_EQ(agreed().mtu, 68);
}

TEST_F(Negotiation, DropsTheMtuFeatureWhenNoBufferCouldHoldSuchAFrame) {
  store_le<std::uint16_t>(&device.config[10], 65535);
  Agreement const agreement = agreed();
  EXPECT_EQ(agreement.mtu, 1500);
  EXPECT_FALSE(agreement.has(layout::kFeatureMtu));
  wishes.max_frame_bytes = 9018;
  store_le<std::uint16_t>(&device.config[10], 9000);
  EXPECT_EQ(agreed().mtu, 9000);
  wishes.max_frame_bytes = 600;
  EXPECT_EQ(agreed().mtu, 582) << "the default does not fit either";
}

TEST_F(Negotiation, RefusesAnAddressThatNoStationCanHave) {
  device.config[0] = 0x03;
  EXPECT_EQ(refused(), DriverError::ConfigInvalid);
  std::fill_n(device.config.begin(), 6, std::uint8_t{0});
  EXPECT_EQ(refused(), DriverError::ConfigInvalid);
}

TEST_F(Negotiation, UsesItsOwnAddressWhenTheDeviceHasNone) {
  device.offered &= ~layout::kFeatureMac;
  EXPECT_EQ(agreed().mac, wishes.fallback_mac);
}

TEST_F(Negotiation, ReadsTheLinkStatusOnlyWhenNegotiated) {
  device.config[6] = 0;
  EXPECT_FALSE(agreed().link_up);
  device.offered &= ~layout::kFeatureStatus;
  EXPECT_TRUE(agreed().link_up);
}

// D11: what was judged is what is used, so each field is read exactly once.
TEST_F(Negotiation, ReadsEachFieldOfTheConfigurationOnce) {
  agreed();
  EXPECT_EQ(device.config_reads, 3U);
}

}  // namespace
}  // namespace ringside::driver
