// Registers of every NIC against the one list in interface/layout: values after reset, access,
// neighbours in a word, and the handshake (hostile inputs R1 to R13).
#include "tests/system/ring_driver.hpp"

namespace ringside::testbench {
namespace {

using namespace layout;

constexpr std::uint32_t kQueueSize = common("queue_size");
constexpr std::uint32_t kQueueVector = common("queue_msix_vector");

// Reads a register of any width in words that the bus can carry.
std::uint64_t read_wide(RingDriver& nic, std::uint32_t offset, std::uint32_t width) {
  if (width <= 32) return nic.read(offset, width == 24 ? 4 : width / 8);
  std::uint64_t const low = nic.read(offset, 4);
  return low | std::uint64_t{nic.read(offset + 4, width == 48 ? 2 : 4)} << 32;
}

std::uint64_t after_reset(std::string_view block, Register const& r) {
  if (block != kDeviceBlock.name || r.name != "mac") return r.reset;
  std::uint64_t mac = 0;
  for (int i = 5; i >= 0; --i) mac = mac << 8 | kStation.bytes[static_cast<std::size_t>(i)];
  return mac;
}

void expect_reset_values(RingDriver& nic) {
  for (auto const& block : kBlocks) {
    for (std::uint32_t copy = 0; copy < block.entries; ++copy) {
      for (auto const& r : block.registers) {
        std::uint32_t const offset = block.offset + copy * block.stride() + r.offset;
        EXPECT_EQ(read_wide(nic, offset, r.width), after_reset(block.name, r))
            << block.name << "." << r.name << " " << copy;
      }
    }
  }
}

TEST_P(EveryNic, HasTheResetValuesOfTheTables) {
  nic.link.control({.msix_enable = true, .msix_mask = false, .bus_master = true});
  expect_reset_values(nic);
}

TEST_P(EveryNic, HasThemAgainAfterAReset) {
  nic.start();
  for (auto const& r : kMac) nic.write(kMacBlock.offset + r.offset, r.width / 8, 0x5555);
  ASSERT_NO_FATAL_FAILURE(nic.reset());
  for (auto const& block : {kCommonBlock, kIsrBlock, kDeviceBlock, kMacBlock}) {
    for (auto const& r : block.registers) {
      EXPECT_EQ(read_wide(nic, block.offset + r.offset, r.width), after_reset(block.name, r))
          << block.name << "." << r.name;
    }
  }
  nic.select(1);
  EXPECT_EQ(nic.read(kQueueSize, 2), kMaxQueueSize);
  EXPECT_EQ(nic.read(kQueueVector, 2), kNoVector);
  EXPECT_EQ(nic.read(common("queue_enable"), 2), 0U);
}

TEST_P(EveryNic, IgnoresWritesToWhatIsOnlyRead) {  // R17
  for (auto const& block : kBlocks) {
    for (auto const& r : block.registers) {
      if (r.access != Access::ReadOnly) continue;
      for (std::uint32_t byte = 0; byte < r.width / 8; ++byte) {
        nic.write(block.offset + r.offset + byte, 1, 0xFF);
      }
    }
  }
  nic.run(us(5));
  expect_reset_values(nic);
}

TEST_P(EveryNic, KeepsWhatIsWrittenAndNothingBesides) {
  for (auto const& r : kModeration) {
    nic.write(kModerationBlock.offset + r.offset, 4, 0x89AB'CDEF ^ r.offset);
  }
  for (std::uint32_t byte = 0; byte < kMsixTableBlock.size; ++byte) {
    nic.write(kMsixTableBlock.offset + byte, 1, 0xFF);
  }
  for (auto const& r : kMac) {
    nic.write(kMacBlock.offset + r.offset, r.width / 8, 0x89AB'CDEF ^ r.offset);
  }
  for (auto const& r : kMac) {
    std::uint64_t const ones = (std::uint64_t{1} << r.width) - 1;
    std::uint64_t const kept = r.access == Access::ReadWrite ? (0x89AB'CDEF ^ r.offset) & ones : 0;
    EXPECT_EQ(nic.read(kMacBlock.offset + r.offset, r.width / 8), kept) << r.name;
  }
  for (auto const& r : kModeration) {
    EXPECT_EQ(nic.read(kModerationBlock.offset + r.offset, 4), 0x89AB'CDEF ^ r.offset) << r.name;
  }
  for (std::uint32_t at = kMsixTableBlock.offset;
       at < kMsixTableBlock.offset + kMsixTableBlock.size; at += 16) {
    EXPECT_EQ(nic.read(at, 4), 0xFFFF'FFFC);  // messages are aligned words
    EXPECT_EQ(nic.read(at + 4, 4), 0xFFFF'FFFF);
    EXPECT_EQ(nic.read(at + 8, 4), 0xFFFF'FFFF);
    EXPECT_EQ(nic.read(at + 12, 4), 1U);
  }
}

TEST_P(EveryNic, ReadsZeroBetweenTheBlocks) {
  std::vector<std::uint32_t> offsets{0x38U, 0xFFCU, 0x7000U, 0xFFFCU};
  for (auto const& block : kBlocks) offsets.push_back(block.offset + block.size);
  for (std::uint32_t const offset : offsets) {
    nic.write(offset, 4, 0xFFFF'FFFF);
    EXPECT_EQ(nic.read(offset, 4), 0U) << offset;
  }
}

TEST_P(EveryNic, ChangesOnlyTheBytesThatAreWritten) {  // R1
  nic.select(1);
  nic.set_status(kStatusAcknowledge);
  EXPECT_EQ(nic.read(common("queue_select"), 2), 1U);
  nic.write(common("queue_select"), 1, 0);
  EXPECT_EQ(nic.status(), kStatusAcknowledge);
  // Status and queue_select as one word; config_generation in between is not the driver's.
  nic.write(common("device_status"), 4, 0x0001'FF03);
  EXPECT_EQ(nic.read(common("device_status"), 4), 0x0001'0003U);
  nic.write(kQueueSize, 2, 16);
  EXPECT_EQ(nic.read(kQueueVector, 2), kNoVector);
  nic.write(kQueueVector, 2, 2);
  EXPECT_EQ(nic.read(kQueueSize, 4), 0x0002'0010U);
  nic.write64(common("queue_desc"), 0x1122'3344'5566'7788);
  nic.write(common("queue_desc") + 1, 1, 0xAA);
  nic.write(common("queue_desc") + 6, 2, 0xBBCC);
  EXPECT_EQ(read_wide(nic, common("queue_desc"), 64), 0xBBCC'3344'5566'AA88U);
  EXPECT_EQ(nic.read(common("queue_desc") + 3, 1), 0x55U);
  nic.write(common("driver_feature") + 3, 1, 0x80);
  EXPECT_EQ(nic.read(common("driver_feature"), 4), 0x8000'0000U);
}

TEST_P(EveryNic, ShowsAnAbsentQueueAsOneOfNoSize) {  // R2
  for (std::uint16_t const queue : {kNumQueues, std::uint16_t{255}, std::uint16_t{0xFFFF}}) {
    nic.select(queue);
    nic.write(kQueueSize, 2, 8);
    nic.write(kQueueVector, 2, 1);
    nic.write64(common("queue_desc"), 0x1000);
    nic.write(common("queue_enable"), 2, 1);
    EXPECT_EQ(nic.read(common("queue_select"), 2), queue);
    EXPECT_EQ(nic.read(kQueueSize, 2), 0U);
    EXPECT_EQ(nic.read(kQueueVector, 2), kNoVector);
    EXPECT_EQ(nic.read(common("queue_enable"), 2), 0U);
    EXPECT_EQ(nic.read(common("queue_notify_off"), 2), 0U);
    EXPECT_EQ(read_wide(nic, common("queue_desc"), 64), 0U);
  }
  for (std::uint16_t queue = 0; queue < kNumQueues; ++queue) {
    nic.select(queue);
    EXPECT_EQ(nic.read(kQueueSize, 2), kMaxQueueSize);
    EXPECT_EQ(nic.read(common("queue_notify_off"), 2), queue);
    EXPECT_EQ(read_wide(nic, common("queue_desc"), 64), 0U);
  }
}

TEST_P(EveryNic, TakesAnyQueueSizeFromOneToTheMaximum) {  // R3
  for (std::uint32_t const size : {1U, 3U, 255U, 256U, 17U}) {
    nic.write(kQueueSize, 2, size);
    EXPECT_EQ(nic.read(kQueueSize, 2), size);
  }
  for (std::uint32_t const size : {0U, 257U, 0x8000U, 0xFFFFU}) {
    nic.write(kQueueSize, 2, size);
    EXPECT_EQ(nic.read(kQueueSize, 2), 17U) << size;
  }
}

TEST_P(EveryNic, KeepsAnEnabledQueueWhereItIs) {  // R4, R6
  nic.start();
  nic.select(1);
  nic.write(kQueueSize, 2, 8);
  nic.write64(common("queue_desc"), 0x1000);
  nic.write64(common("queue_driver"), 0x1000);
  nic.write64(common("queue_device"), 0x1000);
  nic.write(common("queue_enable"), 2, 0);
  nic.write(kQueueVector, 2, 0);
  EXPECT_EQ(nic.read(kQueueSize, 2), 16U);
  EXPECT_EQ(read_wide(nic, common("queue_desc"), 64), nic.tx().descriptors());
  EXPECT_EQ(read_wide(nic, common("queue_driver"), 64), nic.tx().driver_events());
  EXPECT_EQ(read_wide(nic, common("queue_device"), 64), nic.tx().device_events());
  EXPECT_EQ(nic.read(common("queue_enable"), 2), 1U);
  EXPECT_EQ(nic.read(kQueueVector, 2), 0U) << "a vector may change at any time";
  expect_round_trip();
}

TEST_P(EveryNic, RefusesFeaturesThatItCanNotKeep) {  // R7
  for (std::uint64_t const features : {std::uint64_t{0}, kFeaturesOffered & ~kFeatureVersion1,
                                       kFeaturesOffered & ~kFeatureRingPacked,
                                       kFeaturesOffered | bit(10), kFeaturesOffered | bit(63)}) {
    nic.negotiate(features);
    EXPECT_EQ(nic.status(), kStatusAcknowledge | kStatusDriver) << std::hex << features;
    nic.set_status(kReady);
    EXPECT_EQ(nic.status(), kStatusAcknowledge | kStatusDriver) << std::hex << features;
    ASSERT_NO_FATAL_FAILURE(nic.reset());
  }
  nic.negotiate(kFeaturesRequired);
  EXPECT_EQ(nic.status(), kNegotiated);
}

TEST_P(EveryNic, KeepsTheFeaturesThatItAccepted) {  // R8
  for (std::uint32_t const window : {2U, 3U, 4U, 0xFFFF'FFFFU}) {
    nic.write(common("device_feature_select"), 4, window);
    nic.write(common("driver_feature_select"), 4, window);
    nic.write(common("driver_feature"), 4, 0xFFFF'FFFF);
    EXPECT_EQ(nic.read(common("device_feature"), 4), 0U) << window;
    EXPECT_EQ(nic.read(common("driver_feature"), 4), 0U) << window;
  }
  nic.write(common("device_feature_select"), 4, 1);
  EXPECT_EQ(nic.read(common("device_feature"), 4), kFeaturesOffered >> 32);
  nic.negotiate(kFeaturesOffered);
  for (std::uint32_t half = 0; half < 2; ++half) {
    nic.write(common("driver_feature_select"), 4, half);
    nic.write(common("driver_feature"), 4, 0);
    EXPECT_EQ(nic.read(common("driver_feature"), 4),
              static_cast<std::uint32_t>(kFeaturesOffered >> (32 * half)));
  }
  EXPECT_EQ(nic.status(), kNegotiated);
}

TEST_P(EveryNic, IsNotLiveWithoutAcceptedFeatures) {  // R9
  nic.enable_pci();
  nic.enable_queue(kTransmitQueue, 4);
  nic.set_status(kStatusAcknowledge | kStatusDriver | kStatusDriverOk);
  EXPECT_EQ(nic.status(), kStatusAcknowledge | kStatusDriver);
  auto const reads = nic.link.statistics().reads;
  nic.send(counting_frame(60), 1);
  nic.run(us(20));
  EXPECT_EQ(nic.link.statistics().reads, reads);
  EXPECT_FALSE(nic.tx().take());
}

TEST_P(EveryNic, LetsNotificationsBeforeDriverOkDoNoHarm) {  // R11
  nic.enable_pci();
  nic.negotiate(kUnfiltered);
  nic.enable_queue(kReceiveQueue, 8);
  nic.enable_queue(kTransmitQueue, 8);
  for (std::uint32_t i = 0; i < 200; ++i) {
    nic.write(kNotifyBlock.offset + i % 2 * kNotifyMultiplier, i % 3 == 0 ? 4 : 2, i * 0x1'2345);
  }
  nic.run(us(10));
  EXPECT_EQ(nic.link.statistics().reads, 0U);
  EXPECT_EQ(nic.status(), kNegotiated);
  nic.set_status(kReady);
  expect_round_trip();
}

TEST_P(EveryNic, TakesAFloodOfNotificationsForFew) {  // R11
  nic.start();
  nic.run(us(10));
  auto const reads = nic.link.statistics().reads;
  for (int i = 0; i < 500; ++i) nic.notify(kTransmitQueue);
  nic.run(us(100));
  // Each answered read may be followed by one for what was announced meanwhile, and no more.
  EXPECT_LT(nic.link.statistics().reads - reads, 100U);
  expect_round_trip();
  EXPECT_EQ(nic.counter("tx_packets"), 1U);
}

TEST_P(EveryNic, AnswersNoVectorToOneThatItDoesNotHave) {  // R13
  nic.select(1);
  for (std::uint32_t const offset : {common("config_msix_vector"), kQueueVector}) {
    nic.write(offset, 2, kNumVectors - 1);
    EXPECT_EQ(nic.read(offset, 2), kNumVectors - 1U);
    for (std::uint32_t const vector : {std::uint32_t{kNumVectors}, 0x100U, 0x7FFFU, 0xFFFFU}) {
      nic.write(offset, 2, vector);
      EXPECT_EQ(nic.read(offset, 2), kNoVector) << vector;
    }
  }
}

}  // namespace
}  // namespace ringside::testbench
