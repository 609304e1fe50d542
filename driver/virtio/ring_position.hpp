// A place in a packed ring: the slot and the wrap counter that goes with it (virtio 1.3, 2.8.1).
#pragma once

#include <cassert>
#include <cstdint>

#include "interface/layout/virtio.hpp"

namespace ringside::driver {

struct RingPosition {
  std::uint16_t index = 0;
  bool wrap = true;

  bool operator==(RingPosition const&) const = default;

  // `slots` further on in a ring of `size`, at most once around.
  RingPosition advanced(std::uint32_t slots, std::uint16_t size) const {
    assert(slots <= size);
    std::uint32_t const sum = index + slots;
    if (sum < size) return {static_cast<std::uint16_t>(sum), wrap};
    return {static_cast<std::uint16_t>(sum - size), !wrap};
  }

  // Descriptor flags that make a slot available in this lap.
  std::uint16_t available_flags() const {
    return wrap ? layout::kDescriptorAvail : layout::kDescriptorUsed;
  }

  // Whether these flags say that the device has used the slot in this lap.
  bool used_by(std::uint16_t flags) const {
    bool const avail = (flags & layout::kDescriptorAvail) != 0;
    bool const used = (flags & layout::kDescriptorUsed) != 0;
    return avail == wrap && used == wrap;
  }

  // As the event suppression structure has it.
  std::uint16_t off_wrap() const {
    return static_cast<std::uint16_t>(index | (wrap ? 0x8000U : 0U));
  }
};

}  // namespace ringside::driver
