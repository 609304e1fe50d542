// What the driver counts. One object per device, shared by its queues; nothing is ever reset.
#pragma once

#include <cstdint>

#include "interface/seam/net_device.hpp"

namespace ringside::driver {

// Beyond what every network device counts.
struct DriverStatistics {
  std::uint64_t copies = 0;  // packets whose bytes the driver had to copy
  std::uint64_t copied_bytes = 0;
  std::uint64_t gathered = 0;            // received packets that came in several buffers
  std::uint64_t ignored_interrupts = 0;  // while the device was not live
  std::uint64_t lost_interrupts = 0;     // used buffers that only the periodic check found
  std::uint64_t repeated_notifications = 0;
  std::uint64_t transmit_timeouts = 0;
  std::uint64_t interrupt_storms = 0;
  std::uint64_t pool_exhausted = 0;  // packets asked for when no block was free
};

struct Counters {
  NetDeviceStatistics device;
  DriverStatistics driver;
};

}  // namespace ringside::driver
