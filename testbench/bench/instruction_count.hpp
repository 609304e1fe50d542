// Instructions that the bare NIC takes for a cycle, counted by callgrind: exact, on any machine.
#pragma once

#include <filesystem>
#include <vector>

#include "testbench/nic/pin_recording.hpp"

namespace ringside::testbench {

// A recording, and where in it the host was up but nothing happened yet.
struct CountedRecording {
  PinRecording const* recording;
  std::size_t idle_at;
};

struct InstructionCount {
  double busy = 0;  // mean over the recordings' last cycles
  double idle = 0;
};

// Starts this program again under valgrind. Throws BenchError if there is none.
InstructionCount count_instructions(std::vector<CountedRecording> const& recordings);

// What the program does when it was started so: plays the recordings in `directory`.
void replay_under_callgrind(std::filesystem::path const& directory);

}  // namespace ringside::testbench
