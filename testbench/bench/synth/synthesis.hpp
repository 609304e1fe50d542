// The NIC in cells of an FPGA, by Yosys, each block for itself and all of it as one.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "testbench/bench/synth/resources.hpp"

namespace ringside::testbench {

struct SynthesizedBlock {
  std::string name;
  Resources resources;
};

struct Synthesis {
  std::string yosys;  // version
  std::string state;  // of the RTL
  std::vector<SynthesizedBlock> blocks;
  // Of the whole: less than the sum, since what one block does with a constant of another goes.
  // Left empty when only one block was asked for.
  Resources total;
  std::string deepest_from;
  std::vector<MappedMemory> memories;
};

// Of the RTL below `rtl`; `only`, if not empty, names the one block wanted. Throws BenchError for a
// latch, a combinational loop or a wire with several drivers or none.
Synthesis synthesize(std::filesystem::path const& rtl, std::string const& only);

}  // namespace ringside::testbench
