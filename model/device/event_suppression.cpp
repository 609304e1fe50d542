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

  // With its wrap counter a slot is one of two laps' positions. The one asked for has been used if
  // it lies fewer steps behind the last used position than slots were used. Moderation may let more
  // than a lap pass between two questions, so their number must be known, not only where they end.
  std::uint16_t const offset = wish.off_wrap & ~kWrap;
  if (offset >= queue_size) return false;  // no slot of this ring, so it is never used
  bool const same_lap = ((wish.off_wrap & kWrap) != 0) == since.end.wrap;
  std::uint32_t const two_laps = 2U * queue_size;
  std::uint32_t const asked = offset + (same_lap ? 0U : queue_size);
  std::uint32_t const steps_behind_last = (since.end.offset + two_laps - 1 - asked) % two_laps;
  return steps_behind_last < std::min(since.slots, two_laps);
}

}  // namespace ringside::model
