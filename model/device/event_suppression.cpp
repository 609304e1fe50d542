#include "model/device/event_suppression.hpp"

#include <algorithm>

namespace ringside::model {

bool wants_interrupt(layout::EventSuppression const& wish, UsedSince const& since,
                     std::uint16_t queue_size, bool event_idx_negotiated) {
  constexpr std::uint16_t kFlags = 0x3;
  constexpr std::uint16_t kWrap = 0x8000;
  std::uint16_t const flags = wish.flags & kFlags;
  if (flags == layout::kEventDisable) return false;
  if (flags != layout::kEventDesc || !event_idx_negotiated || since.first_question) return true;

  // Distances on a line where the lap before `end`'s lies below 0. The position asked for has been
  // used if it is among the last slots before `end`. Moderation may let more than a lap go by
  // between two questions; then every slot of the last lap has been used.
  bool const same_lap = ((wish.off_wrap & kWrap) != 0) == since.end.wrap;
  std::int32_t const asked = (wish.off_wrap & ~kWrap) - (same_lap ? 0 : queue_size);
  std::int32_t const before_end = since.end.offset - asked;
  std::uint32_t const used = std::min<std::uint32_t>(since.slots, queue_size);
  return before_end >= 1 && before_end <= static_cast<std::int32_t>(used);
}

}  // namespace ringside::model
