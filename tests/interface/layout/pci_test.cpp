// PCI configuration space as a driver walks it: from the capability pointer to every structure.
#include "interface/layout/pci.hpp"

#include <gtest/gtest.h>

#include <map>
#include <vector>

namespace ringside::layout {
namespace {

constexpr std::size_t kMostCapabilities = 48;  // what fits in the space

std::uint64_t get(std::array<std::uint8_t, 256> const& bytes, std::size_t at, unsigned width) {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < width / 8; ++i) value |= std::uint64_t{bytes.at(at + i)} << (8 * i);
  return value;
}
std::uint64_t value(std::size_t at, unsigned width) {
  return get(kPciConfiguration.value, at, width);
}

std::vector<std::size_t> capabilities() {
  std::vector<std::size_t> all;
  std::size_t at = value(find(kPciHeader, "capabilities_pointer").offset, 8);
  while (at != 0 && all.size() < kMostCapabilities) {
    all.push_back(at);
    at = value(at + 1, 8);
  }
  return all;
}

TEST(PciConfiguration, IsThatOfAModernNetworkDevice) {
  EXPECT_EQ(value(0x00, 16), 0x1AF4U);
  EXPECT_EQ(value(0x02, 16), 0x1041U);
  EXPECT_GE(value(0x08, 8), 1U);
  EXPECT_EQ(value(0x09, 24), 0x020000U);
  EXPECT_GE(value(0x2E, 16), 0x40U);
}

TEST(PciConfiguration, HasACapabilityListThatEnds) {
  auto const all = capabilities();
  EXPECT_GT(all.size(), 0U);
  EXPECT_LT(all.size(), kMostCapabilities);
  for (std::size_t const at : all) {
    EXPECT_EQ(at % 4, 0U);
    EXPECT_GE(at, 0x40U);
  }
}

TEST(PciConfiguration, LeadsToEveryBlockThatAVirtioDriverNeeds) {
  std::map<std::uint64_t, Block const*> const expected{
      {find(kVirtioCapabilityTypes, "common").value, &kCommonBlock},
      {find(kVirtioCapabilityTypes, "notify").value, &kNotifyBlock},
      {find(kVirtioCapabilityTypes, "isr").value, &kIsrBlock},
      {find(kVirtioCapabilityTypes, "device").value, &kDeviceBlock},
  };
  std::size_t found = 0;
  bool window = false;
  for (std::size_t const at : capabilities()) {
    if (value(at, 8) != kPciCapabilityVendor) continue;
    std::uint64_t const type = value(at + 3, 8);
    window = window || type == find(kVirtioCapabilityTypes, "pci").value;
    auto const block = expected.find(type);
    if (block == expected.end()) continue;
    ++found;
    EXPECT_GE(value(at + 2, 8), 16U);
    EXPECT_EQ(value(at + 4, 8), 0U) << "BAR";
    EXPECT_EQ(value(at + 8, 32), block->second->offset);
    EXPECT_EQ(value(at + 12, 32), block->second->size);
    if (type == find(kVirtioCapabilityTypes, "notify").value) {
      EXPECT_EQ(value(at + 2, 8), 20U);
      EXPECT_EQ(value(at + 16, 32), kNotifyMultiplier);
    }
  }
  EXPECT_EQ(found, expected.size());
  EXPECT_TRUE(window);
}

TEST(PciConfiguration, NamesTheMsixTableAndItsPendingBits) {
  std::size_t const at = kPciConfiguration.msix;
  EXPECT_EQ(value(at, 8), kPciCapabilityMsix);
  EXPECT_EQ(value(at + 2, 16) & 0x7FF, kNumVectors - 1U);
  EXPECT_EQ(value(at + 4, 32), kMsixTableBlock.offset);
  EXPECT_EQ(value(at + 8, 32), kMsixPendingBlock.offset);
}

TEST(PciConfiguration, TakesWritesOnlyWhereSoftwareMayWrite) {
  auto const writable = [](std::size_t at, unsigned width) {
    return get(kPciConfiguration.writable, at, width);
  };
  EXPECT_EQ(writable(0x00, 32), 0U);
  EXPECT_EQ(writable(0x10, 32), ~(kBarSize - 1) & 0xFFFF'FFFF);
  EXPECT_EQ(writable(kPciConfiguration.msix + 2U, 16), kMsixEnable | kMsixFunctionMask);
  for (std::size_t const at : capabilities()) EXPECT_EQ(writable(at, 16), 0U);
}

}  // namespace
}  // namespace ringside::layout
