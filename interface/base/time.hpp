// Simulated time: a whole number of picoseconds since the run began (about 106 days fit).
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <ratio>

namespace ringside {

using Duration = std::chrono::duration<std::int64_t, std::pico>;

// A clock in the sense of <chrono> without now(): the time comes from an Executor or an argument.
struct SimClock {
  using rep = Duration::rep;
  using period = Duration::period;
  using duration = Duration;
  using time_point = std::chrono::time_point<SimClock, Duration>;
  static constexpr bool is_steady = true;
};

using TimePoint = SimClock::time_point;

inline constexpr TimePoint kNever{Duration{std::numeric_limits<std::int64_t>::max()}};

// 10 Gb/s: one byte, one 64-bit XGMII word, which is also one cycle of the NIC's 156.25 MHz clock.
inline constexpr Duration kByteTime{800};
inline constexpr Duration kNicCycle{6'400};

}  // namespace ringside
