// A hardware time stamp: when, the NIC says, the /S/ of a frame was on the wire.
#pragma once

#include <cstdint>

#include "interface/base/time.hpp"

namespace ringside::testbench {

struct WireStamp {
  enum class Direction : std::uint8_t { Received, Sent } direction;
  TimePoint start;
};

}  // namespace ringside::testbench
