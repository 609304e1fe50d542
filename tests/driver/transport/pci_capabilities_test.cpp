#include "driver/transport/pci_capabilities.hpp"

#include "interface/base/random.hpp"
#include "tests/driver/transport/fake_pci_function.hpp"

namespace ringside::driver {
namespace {

using test::FakePciFunction;

constexpr std::uint8_t kCommon = 1;
constexpr std::uint8_t kNotify = 2;
constexpr std::uint8_t kIsr = 3;
constexpr std::uint8_t kDevice = 4;
constexpr std::uint8_t kVendor = 9;
constexpr std::array kNeeded{kCommon, kNotify, kIsr, kDevice};

struct PciCapabilities : testing::Test {
  test::VirtualExecutor executor;
  FakePciFunction function{executor};

  bool found() { return find_virtio(function).has_value(); }
};

TEST_F(PciCapabilities, LeadToEveryStructureOfTheNic) {
  auto const pci = find_virtio(function);
  ASSERT_TRUE(pci);
  EXPECT_EQ(pci->common.offset, layout::kCommonBlock.offset);
  EXPECT_EQ(pci->common.length, layout::kCommonBlock.size);
  EXPECT_EQ(pci->isr.offset, layout::kIsrBlock.offset);
  EXPECT_EQ(pci->device.offset, layout::kDeviceBlock.offset);
  EXPECT_EQ(pci->notify.offset, layout::kNotifyBlock.offset);
  EXPECT_EQ(pci->notify_multiplier, layout::kNotifyMultiplier);
  ASSERT_TRUE(pci->msix);
  EXPECT_EQ(pci->msix->vectors, layout::kNumVectors);
  EXPECT_EQ(pci->msix->table.offset, layout::kMsixTableBlock.offset);
  ASSERT_TRUE(pci->vendor);
  EXPECT_EQ(pci->vendor->moderation_offset, layout::kModerationBlock.offset);
  EXPECT_EQ(pci->vendor->statistics_offset, layout::kStatisticsBlock.offset);
}

TEST_F(PciCapabilities, AnAbsentFunctionIsNotFound) {
  function.absent = true;
  EXPECT_FALSE(found());
}

TEST_F(PciCapabilities, AnotherVendorOrDeviceIsNotFound) {
  function.config[0] ^= 1;
  EXPECT_FALSE(found());
  function.config[0] ^= 1;
  function.config[2] = 0x42;  // a block device
  EXPECT_FALSE(found());
  function.config[2] = 0x41;
  EXPECT_TRUE(found());
  function.config[6] = 0;  // no capability list
  EXPECT_FALSE(found());
}

// D14.
TEST_F(PciCapabilities, D14_AListThatLoopsEndsAfter48Entries) {
  std::uint8_t const first = function.config[0x34];
  function.config[first + 1] = first;
  EXPECT_FALSE(found());
  EXPECT_LE(function.config_reads, 48U * 8 + 8);
  auto const last = layout::kPciConfiguration.msix;
  function.config[first + 1] = layout::kPciConfiguration.value[first + 1];
  function.config[last + 1] = first;
  EXPECT_TRUE(found()) << "a loop behind the last one hides nothing";
}

TEST_F(PciCapabilities, D14_APointerIntoTheHeaderEndsTheList) {
  function.config[0x34] = 0x10;
  EXPECT_FALSE(found());
}

TEST_F(PciCapabilities, D14_ABarBeyondTheFifthIsPassedOver) {
  for (std::uint8_t const type : kNeeded) {
    auto const at = function.capability(type);
    for (std::uint8_t const bar : {1, 5, 6, 7, 255}) {
      function.config[at + 4] = bar;
      EXPECT_FALSE(found()) << "type " << +type << " bar " << +bar;
    }
    function.config[at + 4] = 0;
  }
  EXPECT_TRUE(found());
}

TEST_F(PciCapabilities, D14_AStructureOutsideOfItsBarIsPassedOver) {
  for (std::uint8_t const type : kNeeded) {
    auto const at = function.capability(type);
    auto const offset = load_le<std::uint32_t>(&function.config[at + 8]);
    auto const length = load_le<std::uint32_t>(&function.config[at + 12]);
    for (std::uint32_t const bad :
         {layout::kBarSize, layout::kBarSize - (length & ~3U) + 4, 0xFFFF'FFFC, 0x8000'0000}) {
      function.set_config32(at + 8, bad);
      EXPECT_FALSE(found()) << "type " << +type << " offset " << bad;
    }
    function.set_config32(at + 8, offset);
    for (std::uint32_t const bad : {layout::kBarSize - offset + 1, 0xFFFF'FFFF, 0U}) {
      function.set_config32(at + 12, bad);
      EXPECT_FALSE(found()) << "type " << +type << " length " << bad;
    }
    function.set_config32(at + 12, length);
    EXPECT_TRUE(found());
  }
}

TEST_F(PciCapabilities, D14_TooShortOrMisalignedStructuresArePassedOver) {
  auto const common = function.capability(kCommon);
  function.set_config32(common + 12, 0x37);
  EXPECT_FALSE(found());
  function.set_config32(common + 12, 0x38);
  EXPECT_TRUE(found());
  function.set_config32(common + 8, 2);
  EXPECT_FALSE(found());
  function.set_config32(common + 8, 0);
  function.config[common + 2] = 15;  // cap_len
  EXPECT_FALSE(found());
  function.config[common + 2] = 255;  // beyond configuration space
  EXPECT_FALSE(found());
  function.config[common + 2] = 24;  // larger is allowed
  EXPECT_TRUE(found());
  auto const notify = function.capability(kNotify);
  function.config[notify + 2] = 16;  // without room for the multiplier
  EXPECT_FALSE(found());
}

TEST_F(PciCapabilities, TheFirstUsableOfAKindCounts) {
  // The PCI access capability becomes a second common one, which lies elsewhere.
  auto const second = function.capability(5);
  function.config[second + 3] = kCommon;
  function.set_config32(second + 8, 0x100);
  function.set_config32(second + 12, 0x40);
  EXPECT_EQ(find_virtio(function)->common.offset, 0U);
  function.config[function.capability(kCommon) + 4] = 9;
  EXPECT_EQ(find_virtio(function)->common.offset, 0x100U);
}

TEST_F(PciCapabilities, BrokenExtrasLeaveADeviceWithoutThem) {
  auto const msix = layout::kPciConfiguration.msix;
  function.set_config32(msix + 4, layout::kBarSize - 16);  // table sticks out
  auto pci = find_virtio(function);
  ASSERT_TRUE(pci);
  EXPECT_FALSE(pci->msix);

  auto const vendor = function.capability(kVendor);
  function.set_config32(vendor + 12, layout::kBarSize - 8);
  EXPECT_FALSE(find_virtio(function)->vendor);
  function.config = layout::kPciConfiguration.value;
  function.config[vendor + 4] ^= 0xFF;  // somebody else's
  EXPECT_FALSE(find_virtio(function)->vendor);
}

TEST_F(PciCapabilities, D14_SurviveRandomConfigurationSpace) {
  constexpr std::uint64_t kSeed = 0x5EED0003;
  SCOPED_TRACE(testing::Message() << "seed " << kSeed);
  Random random(kSeed);
  unsigned good = 0;
  for (int i = 0; i < 20000; ++i) {
    function.config = layout::kPciConfiguration.value;
    for (unsigned flips = 1 + random.below(4); flips > 0; --flips) {
      function.config[0x34 + random.below(0xCC)] = static_cast<std::uint8_t>(random.next());
    }
    auto const pci = find_virtio(function);
    if (!pci) continue;
    ++good;
    for (BarRegion const* region : {&pci->common, &pci->isr, &pci->device, &pci->notify}) {
      ASSERT_EQ(region->bar, 0U);
      ASSERT_LE(std::uint64_t{region->offset} + region->length, layout::kBarSize);
    }
  }
  EXPECT_GT(good, 0U);
  EXPECT_LT(good, 20000U);
}

}  // namespace
}  // namespace ringside::driver
