// How late the RTL may be, other work being in the way.
#pragma once

#include "interface/base/time.hpp"
#include "interface/layout/limits.hpp"

namespace ringside::testbench::lockstep {

// What is here is for a link in good order; on one that starves it or answers late, everything that
// shares the bus may wait as long as that takes.
struct Patience {
  Duration look{5'000'000};  // at an event area; or to fall silent when it needs a reset
  // A message that can be sent: behind those of all other vectors, each behind a packet's bytes.
  Duration message = layout::kNumVectors * (layout::kMaxFrameBytes / 16 + 24) * kNicCycle;
  Duration frame{50'000'000};   // a frame behind others
  Duration counter{2'000'000};  // from what is seen at the pins to a counter, or the other way
  Duration decision = 256 * kNicCycle;  // from deciding to read or write to the pins
  Duration reset = 16 * kNicCycle;      // with nothing under way at the pins: what waits for them
};

}  // namespace ringside::testbench::lockstep
