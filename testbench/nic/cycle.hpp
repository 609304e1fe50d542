// The NIC's clock as a count of its cycles.
#pragma once

#include <cstdint>

#include "interface/base/time.hpp"

namespace ringside::testbench {

// Cycles of the NIC's clock; cycle n is at n times kNicCycle.
using Cycle = std::int64_t;

inline constexpr Cycle kNoCycle = INT64_MAX;

constexpr TimePoint time_of(Cycle cycle) { return TimePoint{kNicCycle * cycle}; }

// The first cycle at or after `when`.
constexpr Cycle cycle_from(TimePoint when) {
  if (when == kNever) return kNoCycle;
  return (when.time_since_epoch() + kNicCycle - Duration{1}) / kNicCycle;
}

}  // namespace ringside::testbench
