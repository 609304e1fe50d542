#include "model/device/common_config.hpp"

#include <gtest/gtest.h>

#include "tests/model/device/test_host.hpp"

namespace ringside::model {
namespace {

using layout::kFeatureRingPacked;
using layout::kFeaturesOffered;
using layout::kFeatureVersion1;

TEST(CommonConfig, HasTheResetValuesOfTheLayout) {
  TestHost host;
  for (auto const& block : layout::kBlocks) {
    for (auto const& reg : block.registers) {
      if (reg.name == "mac") continue;  // the station's own
      std::uint64_t value = 0;
      for (std::uint32_t byte = 0; byte < reg.width / 8; ++byte) {
        std::uint64_t const read = host.read8(block.offset + reg.offset + byte);
        value |= read << (8 * byte);
      }
      EXPECT_EQ(value, reg.access == layout::Access::WriteOnly ? 0 : reg.reset)
          << block.name << "." << reg.name;
    }
  }
}

TEST(CommonConfig, OffersItsFeaturesInTwoWindowsAndNothingBeyond) {
  TestHost host;
  std::uint64_t offered = 0;
  for (std::uint32_t select : {0U, 1U}) {
    host.write32(common("device_feature_select"), select);
    offered |= std::uint64_t{host.read32(common("device_feature"))} << (32 * select);
  }
  EXPECT_EQ(offered, kFeaturesOffered);
  for (std::uint32_t select : {2U, 3U, 4U, 0xFFFFFFFFU}) {
    host.write32(common("device_feature_select"), select);
    EXPECT_EQ(host.read32(common("device_feature")), 0U);
    host.write32(common("driver_feature_select"), select);
    host.write32(common("driver_feature"), 0xFFFFFFFF);
    EXPECT_EQ(host.read32(common("driver_feature")), 0U);
  }
}

TEST(CommonConfig, KeepsFeaturesOkForEverySubsetWithTheRequiredBits) {
  for (std::uint64_t features :
       {kFeaturesOffered, layout::kFeaturesRequired,
        layout::kFeaturesRequired | layout::kFeatureMrgRxbuf | layout::kFeatureEventIdx}) {
    TestHost host;
    host.negotiate(features);
    EXPECT_EQ(host.status(), 0x0B) << std::hex << features;
  }
}

TEST(CommonConfig, RefusesFeaturesOkWithoutRequiredBitsOrWithUnofferedOnes) {
  for (std::uint64_t features :
       {kFeaturesOffered & ~kFeatureVersion1, kFeaturesOffered & ~kFeatureRingPacked,
        std::uint64_t{0}, kFeaturesOffered | layout::bit(10), kFeaturesOffered | layout::bit(63)}) {
    TestHost host;
    host.negotiate(features);
    EXPECT_EQ(host.status(), 0x03) << std::hex << features;
    // The driver may think again.
    host.accept(kFeaturesOffered);
    host.set_status(0x0B);
    EXPECT_EQ(host.status(), 0x0B);
  }
}

TEST(CommonConfig, IgnoresFeaturesAfterFeaturesOk) {
  TestHost host;
  host.negotiate();
  host.accept(layout::kFeaturesRequired);
  host.write32(common("driver_feature_select"), 0);
  EXPECT_EQ(host.read32(common("driver_feature")),
            static_cast<std::uint32_t>(TestHost::kDefaultFeatures));
}

TEST(CommonConfig, IgnoresDriverOkWithoutFeaturesOk) {
  TestHost host;
  host.set_status(0x03);
  host.set_status(0x07);
  EXPECT_EQ(host.status(), 0x03);
}

TEST(CommonConfig, ChangesOnlyTheBytesWritten) {
  TestHost host;
  host.write16(common("queue_select"), 1);
  host.set_status(1);
  EXPECT_EQ(host.read16(common("queue_select")), 1U);
  EXPECT_EQ(host.status(), 1);
  // One word holds status, generation and queue select.
  host.write32(common("device_status"), 0x0000'FF03);
  EXPECT_EQ(host.read32(common("device_status")), 0x0000'0003U);

  host.write16(common("queue_size"), 100);
  host.write16(common("queue_msix_vector"), 2);
  EXPECT_EQ(host.read32(common("queue_size")), 0x0002'0064U);

  for (unsigned byte = 0; byte < 8; ++byte) host.write8(common("queue_desc") + byte, 0x10 + byte);
  EXPECT_EQ(host.read32(common("queue_desc")), 0x13121110U);
  EXPECT_EQ(host.read32(common("queue_desc") + 4), 0x17161514U);
  host.write16(common("queue_desc") + 3, 0xBBAA);  // across two words
  EXPECT_EQ(host.read32(common("queue_desc")), 0xAA121110U);
  EXPECT_EQ(host.read32(common("queue_desc") + 4), 0x171615BBU);
  EXPECT_EQ(host.read16(common("queue_desc") + 3), 0xBBAAU);
}

TEST(CommonConfig, IgnoresWritesToReadOnlyRegisters) {
  TestHost host;
  host.write32(common("device_feature"), 0xFFFFFFFF);
  host.write16(common("num_queues"), 99);
  host.write8(common("config_generation"), 99);
  host.write16(common("queue_notify_off"), 99);
  host.write32(layout::kDeviceBlock.offset, 0xFFFFFFFF);
  host.write32(layout::kStatisticsBlock.offset, 0xFFFFFFFF);
  EXPECT_EQ(host.read32(common("device_feature")), static_cast<std::uint32_t>(kFeaturesOffered));
  EXPECT_EQ(host.read16(common("num_queues")), layout::kNumQueues);
  EXPECT_EQ(host.read8(common("config_generation")), 0U);
  EXPECT_EQ(host.read16(common("queue_notify_off")), 0U);
  EXPECT_EQ(host.read8(layout::kDeviceBlock.offset), kTestMac.bytes[0]);
  EXPECT_EQ(host.read32(layout::kStatisticsBlock.offset), 0U);
}

TEST(CommonConfig, ShowsAnAbsentQueueAsSizeZeroAndIgnoresItsSettings) {
  TestHost host;
  for (std::uint32_t queue :
       {std::uint32_t{layout::kNumQueues}, layout::kNumQueues + 1U, 0xFFFFU}) {
    host.write16(common("queue_select"), queue);
    host.write32(common("queue_size"), 0x0001'0010);
    host.write32(common("queue_desc"), 0x1000);
    host.write16(common("queue_enable"), 1);
    EXPECT_EQ(host.read16(common("queue_size")), 0U);
    EXPECT_EQ(host.read16(common("queue_msix_vector")), layout::kNoVector);
    EXPECT_EQ(host.read32(common("queue_desc")), 0U);
    EXPECT_EQ(host.read16(common("queue_enable")), 0U);
  }
}

TEST(CommonConfig, TakesEverySizeUpToItsLimit) {
  TestHost host;
  for (std::uint32_t size : {1U, 3U, 100U, 256U}) {
    host.write16(common("queue_size"), size);
    EXPECT_EQ(host.read16(common("queue_size")), size);
  }
  host.write16(common("queue_size"), 64);
  for (std::uint32_t size : {0U, 257U, 32768U, 65535U}) {
    host.write16(common("queue_size"), size);
    EXPECT_EQ(host.read16(common("queue_size")), 64U);
  }
}

TEST(CommonConfig, KeepsPlaceAndSizeOfAnEnabledQueueButNotItsVector) {
  TestHost host;
  host.enable_queue(1, 16);
  host.write16(common("queue_enable"), 0);
  host.write16(common("queue_size"), 8);
  host.write32(common("queue_desc"), 0x8000);
  host.write32(common("queue_driver") + 4, 1);
  host.write16(common("queue_msix_vector"), 0);
  EXPECT_EQ(host.read16(common("queue_enable")), 1U);
  EXPECT_EQ(host.read16(common("queue_size")), 16U);
  EXPECT_EQ(host.read32(common("queue_desc")), host.tx.descriptors);
  EXPECT_EQ(host.read32(common("queue_driver") + 4), 0U);
  EXPECT_EQ(host.read16(common("queue_msix_vector")), 0U);
  EXPECT_EQ(host.read16(common("queue_notify_off")), 1U);
  // The other queue has settings of its own.
  host.write16(common("queue_select"), 0);
  EXPECT_EQ(host.read16(common("queue_size")), 256U);
  EXPECT_EQ(host.read16(common("queue_enable")), 0U);
}

TEST(CommonConfig, EnablesAQueueOnlyForTheValueOne) {
  TestHost host;
  host.write16(common("queue_enable"), 2);
  EXPECT_EQ(host.read16(common("queue_enable")), 0U);
  host.write16(common("queue_enable"), 0x101);
  EXPECT_EQ(host.read16(common("queue_enable")), 0U);
}

TEST(CommonConfig, ReadsBackNoVectorForOneThatDoesNotExist) {
  TestHost host;
  for (std::uint32_t vector : {std::uint32_t{layout::kNumVectors}, 0x7FFU, 0xFFFFU}) {
    host.write16(common("config_msix_vector"), vector);
    host.write16(common("queue_msix_vector"), vector);
    EXPECT_EQ(host.read16(common("config_msix_vector")), layout::kNoVector);
    EXPECT_EQ(host.read16(common("queue_msix_vector")), layout::kNoVector);
  }
  host.write16(common("config_msix_vector"), 2);
  EXPECT_EQ(host.read16(common("config_msix_vector")), 2U);
}

TEST(CommonConfig, StoresAStatusWithFewerBitsAsItIs) {
  TestHost host;
  host.set_status(0x03);
  host.set_status(0x01);
  EXPECT_EQ(host.status(), 0x01);
  host.set_status(0x81);
  EXPECT_EQ(host.status(), 0x81);
  host.set_status(0x41);  // NEEDS_RESET is the device's to set
  EXPECT_EQ(host.status(), 0x01);
}

constexpr std::uint32_t end_of(layout::Block const& block) { return block.offset + block.size; }

TEST(Registers, ReadZeroWhereThereIsNone) {
  TestHost host;
  for (std::uint32_t offset :
       {0x40U, 0xFFCU, 0x1004U, end_of(layout::kDeviceBlock), end_of(layout::kNotifyBlock),
        end_of(layout::kStatisticsBlock), end_of(layout::kMsixTableBlock), 0xFFFCU}) {
    host.write32(offset, 0xFFFFFFFF);
    EXPECT_EQ(host.read32(offset), 0U) << std::hex << offset;
  }
}

TEST(DeviceConfig, CanBeReadByteByByte) {
  TestHost host;
  for (std::uint32_t i = 0; i < 6; ++i) {
    EXPECT_EQ(host.read8(layout::kDeviceBlock.offset + i), kTestMac.bytes[i]);
  }
  EXPECT_EQ(host.read8(layout::offset_of(layout::kDeviceBlock, "mtu")), 1500 % 256U);
  EXPECT_EQ(host.read8(layout::offset_of(layout::kDeviceBlock, "mtu") + 1), 1500 / 256U);
}

TEST(DeviceConfig, StepsItsGenerationWhenAReadFollowsAChange) {
  TestHost host;
  constexpr std::uint32_t kStatus = layout::offset_of(layout::kDeviceBlock, "link_status");
  std::uint32_t const before = host.read8(common("config_generation"));
  EXPECT_EQ(host.read16(kStatus), 1U);
  EXPECT_EQ(host.read8(common("config_generation")), before);
  host.nic.set_link(false);
  EXPECT_EQ(host.read16(kStatus), 0U);
  EXPECT_NE(host.read8(common("config_generation")), before);
}

}  // namespace
}  // namespace ringside::model
