// Our picoseconds and SystemC's time. The resolution must be SystemC's default, one picosecond.
#pragma once

#include <systemc>

#include "interface/base/time.hpp"

namespace ringside::model {

inline TimePoint present() {
  return TimePoint{Duration{static_cast<std::int64_t>(sc_core::sc_time_stamp().value())}};
}

// From the present to `when`; nothing if that has passed.
inline sc_core::sc_time until(TimePoint when) {
  TimePoint const now = present();
  if (when <= now) return sc_core::SC_ZERO_TIME;
  return sc_core::sc_time::from_value(static_cast<std::uint64_t>((when - now).count()));
}

}  // namespace ringside::model
