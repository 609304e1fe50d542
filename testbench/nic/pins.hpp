// The Verilated NIC: the same class with and without waveform tracing, by the library linked.
#pragma once

#include <cstdint>
#include <cstring>

#include "interface/base/time.hpp"

// The model is built without SystemC; where SystemC is around, its version macro would make
// Verilator's headers expect a model that is not.
#pragma push_macro("SYSTEMC_VERSION")
#undef SYSTEMC_VERSION
#include "Vnic.h"
#include "Vnic___024root.h"
#pragma pop_macro("SYSTEMC_VERSION")

namespace ringside::testbench {

using Dut = Vnic;

// Its pins, by their names in the RTL. A Dut has them too, but behind a reference each.
using Pins = Vnic___024root;

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
