// Whether the driver wants to be told of used buffers (virtio 1.3, 2.8.10).
#pragma once

#include <cstdint>

#include "interface/layout/virtio.hpp"
#include "model/device/packed_ring.hpp"

namespace ringside::model {

// The slots that were used since the question was asked last: so many, up to (not including) `end`.
struct UsedSince {
  RingPosition end;
  std::uint32_t slots = 0;
  bool first_question = false;  // of this session: what was used before is unknown
};

// What is not defined (flags 3, or a position without EVENT_IDX) counts as ENABLE: an interrupt too
// many is harmless, one too few is not.
bool wants_interrupt(layout::EventSuppression const& wish, UsedSince const& since,
                     std::uint16_t queue_size, bool event_idx_negotiated);

}  // namespace ringside::model
