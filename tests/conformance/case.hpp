// One case: what a driver makes available, what a device uses, step by step. The same case is run
// against devices (the kit is the driver) and against drivers (the kit is the device).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/conformance/ring.hpp"

namespace ringside::conformance {

inline constexpr std::uint16_t kMostSlots = 8;      // of a ring
inline constexpr std::uint16_t kMostElements = 12;  // of a buffer, in a table
inline constexpr std::uint16_t kMostBuffers = 64;   // of a case

// How much the device writes into what it may write.
enum class Written : std::uint8_t { Nothing, OneByte, All };

// A buffer: elements that the device reads, then elements that it writes.
struct Buffer {
  std::uint8_t readable = 1;
  std::uint8_t writable = 0;
  bool table = false;  // in an indirect table, so it takes one slot
  Written written = Written::Nothing;

  unsigned elements() const { return readable + writable; }
  unsigned slots() const { return table ? 1 : elements(); }
  bool operator==(Buffer const&) const = default;
};

inline Buffer chain(unsigned length) { return {static_cast<std::uint8_t>(length), 0, false, {}}; }

// The driver makes all of `add` available and tells the device of it once; then the device uses
// those of `use` and tells the driver. Both have come to rest before the next step.
struct Step {
  std::vector<Buffer> add;
  // Which of the outstanding buffers, and in which order: numbers in the order of becoming
  // available, over the whole case.
  std::vector<std::uint16_t> use;
  // They are one packet: once the driver sees the first, it must see them all (5.1.6.4).
  bool packet = false;
  // What the other side asks for: a device under test finds it in the driver's event suppression
  // structure, a driver under test in the device's.
  EventArea events;
};

struct Case {
  std::uint16_t size = 1;
  bool indirect = false;   // INDIRECT_DESC is negotiated
  bool event_idx = false;  // EVENT_IDX is negotiated
  // A read that was asked for before the head of a chain was seen may find the rest of it as it
  // was before. Here it does.
  bool stale = false;
  // 0: each side rests before the other acts. Otherwise the other side acts in the midst of it: at
  // the access to memory with this number (a device's, SharedMemory::at_access) or at the barrier
  // with this number (a driver's). What happens then is told in judge.hpp.
  std::uint8_t moment = 0;
  std::vector<Step> steps;
};

// A line that tells a person all of it.
std::string to_text(Case const& each);

// A list of cases, always the same and in the same order: a case is known by the name of its
// family and its number in it.
struct Family {
  std::string_view name;
  std::string_view what;
  std::function<void(std::function<void(Case const&)> const& visit)> for_each;
};
std::vector<Family> const& families();

}  // namespace ringside::conformance
