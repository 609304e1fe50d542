// How the clock loop of a Verilated NIC runs. Nothing here changes what it computes.
#pragma once

#include <cstdint>

namespace ringside::testbench {

struct ClockLoopOptions {
  // Cycles that the loop runs before it lets the simulation go on, at most what the lookahead of
  // its neighbours allows. 0: as many as that. Any value gives the same run, bit for bit.
  std::int64_t window = 0;
  // Skip cycles in which the NIC says that nothing can change. The same run, bit for bit.
  bool skip = true;
};

}  // namespace ringside::testbench
