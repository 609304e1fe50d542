#include "testbench/bench/synth/resources.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>
#include <string_view>

#include "testbench/bench/measurement.hpp"

namespace ringside::testbench {

namespace {

enum class Kind { Lut, LutMemory, Ff, HalfBram, Dsp, Latch, Free };

struct Cost {
  std::string_view cell;
  Kind kind;
  unsigned amount;
};

// Carry chains and the multiplexers behind LUTs come with their slice. An inverter may have to be a
// LUT of its own.
constexpr std::array kCosts{
    Cost{"LUT1", Kind::Lut, 1},          Cost{"LUT2", Kind::Lut, 1},
    Cost{"LUT3", Kind::Lut, 1},          Cost{"LUT4", Kind::Lut, 1},
    Cost{"LUT5", Kind::Lut, 1},          Cost{"LUT6", Kind::Lut, 1},
    Cost{"INV", Kind::Lut, 1},           Cost{"RAM32M16", Kind::LutMemory, 8},
    Cost{"RAM64M8", Kind::LutMemory, 8}, Cost{"RAM64X1S", Kind::LutMemory, 1},
    Cost{"SRL16E", Kind::LutMemory, 1},  Cost{"SRLC32E", Kind::LutMemory, 1},
    Cost{"FDRE", Kind::Ff, 1},           Cost{"FDSE", Kind::Ff, 1},
    Cost{"FDCE", Kind::Ff, 1},           Cost{"FDPE", Kind::Ff, 1},
    Cost{"RAMB18E2", Kind::HalfBram, 1}, Cost{"RAMB36E2", Kind::HalfBram, 2},
    Cost{"DSP48E2", Kind::Dsp, 1},       Cost{"LDCE", Kind::Latch, 1},
    Cost{"LDPE", Kind::Latch, 1},        Cost{"CARRY4", Kind::Free, 0},
    Cost{"CARRY8", Kind::Free, 0},       Cost{"MUXF7", Kind::Free, 0},
    Cost{"MUXF8", Kind::Free, 0},        Cost{"MUXF9", Kind::Free, 0},
};

void add(Resources& sum, std::string const& cell, unsigned count) {
  auto const* const cost = std::find_if(kCosts.begin(), kCosts.end(),
                                        [&](Cost const& entry) { return entry.cell == cell; });
  if (cost == kCosts.end()) {
    throw BenchError("bench synth: Yosys chose a cell " + cell +
                     "; say in testbench/bench/synth/resources.cpp what it takes");
  }
  unsigned const amount = cost->amount * count;
  switch (cost->kind) {
    case Kind::Lut:
      sum.lut += amount;
      break;
    case Kind::LutMemory:
      sum.lut += amount;
      sum.lut_memory += amount;
      break;
    case Kind::Ff:
      sum.ff += amount;
      break;
    case Kind::HalfBram:
      sum.half_bram += amount;
      break;
    case Kind::Dsp:
      sum.dsp += amount;
      break;
    case Kind::Latch:
      sum.latches += amount;
      break;
    case Kind::Free:
      break;
  }
}

}  // namespace

Resources& Resources::operator+=(Resources const& other) {
  lut += other.lut;
  lut_memory += other.lut_memory;
  ff += other.ff;
  half_bram += other.half_bram;
  dsp += other.dsp;
  latches += other.latches;
  levels = std::max(levels, other.levels);
  return *this;
}

Resources count_cells(std::string const& cells) {
  auto const report =
      nlohmann::json::parse(cells.substr(std::min(cells.find('{'), cells.size())), nullptr, false);
  if (report.is_discarded() || !report.contains("design")) {
    throw BenchError("bench synth: Yosys' statistics are not what they were; is it another one?");
  }
  Resources sum;
  for (auto const& [cell, count] : report["design"]["num_cells_by_type"].items()) {
    // What was cut out is counted elsewhere.
    if (cell.starts_with("nic.")) continue;
    add(sum, cell, count.get<unsigned>());
  }
  return sum;
}

Resources resources_of(MappedMemory const& memory) {
  Resources sum;
  add(sum, memory.cell, memory.count);
  return sum;
}

LongestPath read_longest_path(std::string const& report) {
  LongestPath path;
  std::smatch match;
  if (!std::regex_search(report, match, std::regex(R"(\(length=(-?\d+)\))"))) {
    throw BenchError("bench synth: Yosys tells no longest path");
  }
  // Without any logic the length is -1.
  path.levels = static_cast<unsigned>(std::max(0, std::stoi(match[1])));
  if (std::regex_search(report, match, std::regex(R"( 0: \\(\S+))"))) path.from = match[1];
  return path;
}

std::vector<MappedMemory> read_memories(std::string const& dump) {
  static std::regex const cell(R"(^\s*cell \\(RAM\w+) \\(\S+?)(\.\d+)*$)");
  std::map<std::pair<std::string, std::string>, unsigned> counts;
  std::istringstream lines(dump);
  std::smatch match;
  for (std::string line; std::getline(lines, line);) {
    if (std::regex_match(line, match, cell)) ++counts[{match[2], match[1]}];
  }
  std::vector<MappedMemory> memories;
  for (auto const& [key, count] : counts) memories.push_back({key.first, key.second, count});
  return memories;
}

}  // namespace ringside::testbench
