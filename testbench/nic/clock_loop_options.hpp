// How the clock loop of a Verilated NIC runs. Nothing here changes what it computes.
#pragma once

#include <cstdint>
#include <filesystem>

#include "interface/base/time.hpp"

namespace ringside::testbench {

// The window of time whose waveform is written, one file a NIC. Only the traced program can.
struct WaveOptions {
  std::filesystem::path directory;
  TimePoint from{};
  TimePoint to{};
  bool wanted() const { return !directory.empty(); }
};

struct ClockLoopOptions {
  // Cycles that the loop runs before it lets the simulation go on, at most what the lookahead of
  // its neighbours allows. 0: as many as that. Any value gives the same run, bit for bit.
  std::int64_t window = 0;
  // Skip cycles in which the NIC says that nothing can change. The same run, bit for bit.
  bool skip = true;
  WaveOptions waves{};
};

}  // namespace ringside::testbench
