// Numbers and positions of a packed virtqueue, read from virtio 1.3, 2.8, and from nothing else:
// what is judged by this kit must not lend it its own mistakes, so not even interface/layout is
// used here.
#pragma once

#include <cstdint>

namespace ringside::conformance {

inline constexpr std::uint16_t kNext = 1;
inline constexpr std::uint16_t kWrite = 2;
inline constexpr std::uint16_t kIndirect = 4;
inline constexpr std::uint16_t kAvail = 1 << 7;
inline constexpr std::uint16_t kUsed = 1 << 15;

inline constexpr std::uint32_t kDescriptorBytes = 16;
inline constexpr std::uint32_t kLengthAt = 8;
inline constexpr std::uint32_t kIdAt = 12;
inline constexpr std::uint32_t kFlagsAt = 14;

// A descriptor as it lies in memory: addr, len, id, flags, little endian.
struct Descriptor {
  std::uint64_t address = 0;
  std::uint32_t length = 0;
  std::uint16_t id = 0;
  std::uint16_t flags = 0;
  bool operator==(Descriptor const&) const = default;
};

// A slot in one of its laps. Both sides begin at slot 0 with wrap counter 1 (2.8.1).
struct Place {
  std::uint16_t slot = 0;
  bool wrap = true;
  bool operator==(Place const&) const = default;

  Place next(std::uint16_t size) const {
    if (slot + 1 == size) return {0, !wrap};
    return {static_cast<std::uint16_t>(slot + 1), wrap};
  }
  Place after(unsigned slots, std::uint16_t size) const {
    Place place = *this;
    for (unsigned i = 0; i < slots; ++i) place = place.next(size);
    return place;
  }
  // To mark a descriptor available, AVAIL is the driver's wrap counter and USED its inverse.
  std::uint16_t available_flags() const { return wrap ? kAvail : kUsed; }
  // To mark it used, both are the device's wrap counter.
  std::uint16_t used_flags() const { return wrap ? kAvail | kUsed : 0; }
};

// An event suppression structure (2.8.10): whether one side wants to be told by the other.
struct EventArea {
  enum Flags : std::uint16_t { Enable = 0, Disable = 1, Desc = 2 };
  Flags flags = Enable;
  Place event;  // with Desc

  std::uint16_t off_wrap() const {
    return static_cast<std::uint16_t>(event.slot | (event.wrap ? 0x8000 : 0));
  }
  static EventArea from(std::uint16_t off_wrap, std::uint16_t flags) {
    return {static_cast<Flags>(flags & 3),
            {static_cast<std::uint16_t>(off_wrap & 0x7FFF), (off_wrap & 0x8000) != 0}};
  }
};

// What the specification says of telling the other side. It leaves open whether a position that
// was passed before the first decision of a session counts.
enum class Due : std::uint8_t { Forbidden, Required, Either };

// One side went `slots` on from `from` since it decided last; what the other side asks for is in
// `area`. Literally: was the slot named there, in the lap named there, among those passed?
inline Due decide(EventArea const& area, Place from, unsigned slots, std::uint16_t size,
                  bool event_idx, bool first_decision) {
  if (slots == 0 || area.flags == EventArea::Disable) return Due::Forbidden;
  if (area.flags != EventArea::Desc || !event_idx) return Due::Required;
  for (unsigned i = 0; i < slots; ++i, from = from.next(size)) {
    if (from == area.event) return Due::Required;
  }
  return first_decision ? Due::Either : Due::Forbidden;
}

}  // namespace ringside::conformance
