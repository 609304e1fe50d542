// What must hold for any table of registers, whoever edits it next.
#include "interface/layout/registers.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <vector>

namespace ringside::layout {
namespace {

// Bytes of BAR 0 that a register takes, of its first entry where there are several.
struct Extent {
  std::string_view name;
  std::uint32_t begin;
  std::uint32_t end;
};

std::vector<Extent> extents(Block const& block) {
  std::vector<Extent> all;
  for (Register const& r : block.registers) {
    all.push_back({r.name, block.offset + r.offset, block.offset + r.offset + r.width / 8});
  }
  std::ranges::sort(all, {}, &Extent::begin);
  return all;
}

TEST(RegisterTables, KeepRegistersApartAndInTheirBlock) {
  for (Block const& block : kBlocks) {
    std::uint32_t end = block.offset;
    for (Extent const& extent : extents(block)) {
      EXPECT_GE(extent.begin, end) << extent.name;
      end = extent.end;
    }
    EXPECT_LE(end, block.offset + block.size) << block.name;
  }
}

TEST(RegisterTables, AlignEachRegisterForTheAccessThatReachesIt) {
  for (Block const& block : kBlocks) {
    for (Register const& r : block.registers) {
      // The MAC address is read byte by byte or in words; all others have a natural width.
      std::uint32_t const alignment = r.name == "mac" ? 1 : std::min(r.width / 8, 4U);
      EXPECT_EQ(r.offset % alignment, 0U) << r.name;
    }
  }
}

TEST(RegisterTables, GiveEachBlockPagesOfItsOwnWithinTheBar) {
  constexpr std::uint32_t kPage = 4096;
  std::set<std::uint32_t> pages;
  for (Block const& block : kBlocks) {
    EXPECT_EQ(block.offset % kPage, 0U) << block.name;
    EXPECT_LE(block.offset + block.size, kBarSize) << block.name;
    for (std::uint32_t at = block.offset; at < block.offset + block.size; at += kPage) {
      EXPECT_TRUE(pages.insert(at / kPage).second) << block.name;
    }
  }
}

TEST(RegisterTables, NameThingsOnceAndSayWhatTheyAre) {
  for (Block const& block : kBlocks) {
    std::set<std::string_view> names;
    EXPECT_FALSE(block.description.empty()) << block.name;
    for (Register const& r : block.registers) {
      EXPECT_TRUE(names.insert(r.name).second) << r.name;
      EXPECT_TRUE(r.description.ends_with('.')) << r.name;
    }
  }
}

TEST(RegisterTables, ResetToValuesThatFit) {
  for (Block const& block : kBlocks) {
    for (Register const& r : block.registers) {
      if (r.width < 64) {
        EXPECT_EQ(r.reset >> r.width, 0U) << r.name;
      }
    }
  }
}

TEST(FeatureBits, CoverWhatIsRequired) {
  EXPECT_EQ(kFeaturesOffered & kFeaturesRequired, kFeaturesRequired);
}

// Virtio 1.3, 4.1.4.3: offsets that drivers in the field have compiled in.
TEST(CommonConfig, LiesWhereTheSpecificationPutsIt) {
  struct Place {
    std::string_view name;
    std::uint32_t offset;
    std::uint32_t width;
  };
  constexpr Place kPlaces[] = {
      {"device_feature_select", 0x00, 32}, {"device_feature", 0x04, 32},
      {"driver_feature_select", 0x08, 32}, {"driver_feature", 0x0C, 32},
      {"config_msix_vector", 0x10, 16},    {"num_queues", 0x12, 16},
      {"device_status", 0x14, 8},          {"config_generation", 0x15, 8},
      {"queue_select", 0x16, 16},          {"queue_size", 0x18, 16},
      {"queue_msix_vector", 0x1A, 16},     {"queue_enable", 0x1C, 16},
      {"queue_notify_off", 0x1E, 16},      {"queue_desc", 0x20, 64},
      {"queue_driver", 0x28, 64},          {"queue_device", 0x30, 64},
  };
  ASSERT_EQ(std::size(kPlaces), kCommonConfig.size());
  for (Place const& place : kPlaces) {
    auto const found = std::ranges::find(kCommonConfig, place.name, &Register::name);
    ASSERT_NE(found, kCommonConfig.end()) << place.name;
    EXPECT_EQ(found->offset, place.offset) << place.name;
    EXPECT_EQ(found->width, place.width) << place.name;
  }
}

}  // namespace
}  // namespace ringside::layout
