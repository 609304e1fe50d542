// What must happen in a case, worked out from the specification alone. One definition for both
// sides: a driver must write what stands under `available`, and a device must see it; a device must
// write what stands under `used`, and a driver must see it.
#pragma once

#include <cstdint>
#include <vector>

#include "tests/conformance/case.hpp"

namespace ringside::conformance {

// A piece of memory in a buffer. Addresses are only names here: nobody touches the data.
struct Element {
  std::uint64_t address = 0;
  std::uint32_t length = 0;
  bool write = false;  // the device writes it
  bool operator==(Element const&) const = default;
};

// One slot that becomes available. Its id counts in the last one of a chain only (2.8.6).
struct AvailableSlot {
  Place at;
  std::uint16_t flags = 0;
};

struct AvailableBuffer {
  std::vector<Element> elements;
  std::vector<AvailableSlot> slots;  // one for each element, or one that names a table of them
  bool table = false;
};

struct UsedSlot {
  Place at;
  std::uint16_t buffer = 0;  // in the order of becoming available: it tells the id
  std::uint32_t length = 0;  // counts only if WRITE is in the flags
  std::uint16_t flags = 0;
};

struct ExpectedStep {
  std::vector<AvailableBuffer> available;
  std::vector<UsedSlot> used;
  unsigned free_slots = 0;            // when all of the step is available and nothing of it is used
  Due notification = Due::Forbidden;  // if `events` of the step are the device's
  Due interrupt = Due::Forbidden;     // if they are the driver's
  // For whoever plays the other side.
  Place available_from, used_from;
  unsigned available_slots = 0, used_slots = 0;
};

std::vector<ExpectedStep> expect(Case const& each);

}  // namespace ringside::conformance
