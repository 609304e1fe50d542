// What a netlist takes of an FPGA, read from what Yosys says about it.
#pragma once

#include <string>
#include <vector>

namespace ringside::testbench {

struct Resources {
  unsigned lut = 0;         // those used as memory included
  unsigned lut_memory = 0;  // of these, memory and shift registers
  unsigned ff = 0;
  unsigned half_bram = 0;  // RAMB18; a RAMB36 is two
  unsigned dsp = 0;
  unsigned latches = 0;
  unsigned levels = 0;  // cells in a row on the longest path between registers

  double bram() const { return half_bram / 2.0; }
  Resources& operator+=(Resources const& other);
};

// A memory and the cells of one kind that it became.
struct MappedMemory {
  std::string name;
  std::string cell;
  unsigned count = 0;
};

// `cells` is the JSON that Yosys' `stat` prints. Throws BenchError for a cell of unknown cost.
Resources count_cells(std::string const& cells);

Resources resources_of(MappedMemory const& memory);

// From the report of `ltp`.
struct LongestPath {
  unsigned levels = 0;
  std::string from;  // the register where it begins; empty if it has no name of ours
};
LongestPath read_longest_path(std::string const& report);

// From a dump of RAM cells, in the order of their names.
std::vector<MappedMemory> read_memories(std::string const& dump);

}  // namespace ringside::testbench
