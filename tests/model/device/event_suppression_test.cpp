#include "model/device/event_suppression.hpp"

#include <gtest/gtest.h>

#include "interface/base/random.hpp"

namespace ringside::model {
namespace {

constexpr std::uint16_t kWrapBit = 0x8000;

layout::EventSuppression wish(std::uint16_t flags, std::uint16_t off = 0, bool wrap = false) {
  return {static_cast<std::uint16_t>(off | (wrap ? kWrapBit : 0)), flags};
}

// V71.
TEST(EventSuppression, FiresWhenTheSlotAskedForIsAmongThoseUsed) {
  struct Row {
    std::uint16_t old_offset, new_offset;
    bool new_wrap;
    std::uint16_t off;
    bool wrap;
    bool fires;
  };
  constexpr Row kRows[] = {
      {2, 5, true, 3, true, true},   {2, 5, true, 5, true, false},  {2, 5, true, 1, true, false},
      {6, 1, false, 7, true, true},  {6, 1, false, 0, false, true}, {6, 1, false, 1, false, false},
      {6, 1, false, 5, true, false}, {0, 0, false, 7, true, true},  {0, 0, false, 0, false, false},
  };
  for (auto const& row : kRows) {
    std::uint32_t const slots = (row.new_offset + 8U - row.old_offset - 1) % 8 + 1;
    UsedSince const since{{row.new_offset, row.new_wrap}, slots};
    EXPECT_EQ(wants_interrupt(wish(layout::kEventDesc, row.off, row.wrap), since, 8, true),
              row.fires)
        << row.old_offset << " to " << row.new_offset << ", asked for " << row.off << "/"
        << row.wrap;
  }
}

TEST(EventSuppression, AgreesWithWalkingTheRingForEverySizeAndStride) {
  constexpr std::uint64_t kSeed = 71;
  Random random(kSeed);
  for (int round = 0; round < 20'000; ++round) {
    auto const size = static_cast<std::uint16_t>(1 + random.below(16));
    RingPosition position{static_cast<std::uint16_t>(random.below(size)), random.chance(0.5)};
    auto const slots = static_cast<std::uint32_t>(1 + random.below(2 * size));
    RingPosition const asked{static_cast<std::uint16_t>(random.below(size)), random.chance(0.5)};
    bool walked_over = false;
    for (std::uint32_t i = 0; i < slots; ++i) {
      walked_over = walked_over || position == asked;
      position.advance(1, size);
    }
    ASSERT_EQ(wants_interrupt(wish(layout::kEventDesc, asked.offset, asked.wrap), {position, slots},
                              size, true),
              walked_over)
        << "seed " << kSeed << ", round " << round;
  }
}

TEST(EventSuppression, IsSilentWhenDisabledAndLoudWhenEnabled) {
  UsedSince const since{{5, true}, 3};
  EXPECT_FALSE(wants_interrupt(wish(layout::kEventDisable, 3, true), since, 8, true));
  EXPECT_TRUE(wants_interrupt(wish(layout::kEventEnable, 0, false), since, 8, true));
}

TEST(EventSuppression, TakesUndefinedFlagsForEnable) {
  UsedSince const since{{5, true}, 3};
  EXPECT_TRUE(wants_interrupt(wish(3, 1, true), since, 8, true));
  EXPECT_TRUE(wants_interrupt(wish(layout::kEventDesc, 1, true), since, 8, false));
  // Reserved bits above the flags mean nothing.
  EXPECT_FALSE(wants_interrupt(wish(0xFFF0 | layout::kEventDisable), since, 8, true));
}

TEST(EventSuppression, FiresAtTheFirstQuestionUnlessDisabled) {
  UsedSince const since{{5, true}, 3, true};
  EXPECT_TRUE(wants_interrupt(wish(layout::kEventDesc, 1, true), since, 8, true));
  EXPECT_FALSE(wants_interrupt(wish(layout::kEventDisable, 1, true), since, 8, true));
}

TEST(EventSuppression, NeverFiresForASlotTheRingDoesNotHave) {
  UsedSince const since{{5, true}, 8};
  EXPECT_FALSE(wants_interrupt(wish(layout::kEventDesc, 8, true), since, 8, true));
  EXPECT_FALSE(wants_interrupt(wish(layout::kEventDesc, 12, false), since, 8, true));
  EXPECT_FALSE(wants_interrupt(wish(layout::kEventDesc, 0x7FFF, false), since, 8, true));
}

}  // namespace
}  // namespace ringside::model
