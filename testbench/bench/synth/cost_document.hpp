// docs/fpga-cost.md: the figures of a synthesis, committed, and whether they are still those of the
// RTL.
#pragma once

#include <filesystem>
#include <string>

#include "testbench/bench/synth/synthesis.hpp"

namespace ringside::testbench {

std::string cost_document(Synthesis const& synthesis);

// Throws BenchError, with what to do, unless `path` holds what cost_document() printed for this
// state of the RTL and this version of Yosys. Takes no synthesis.
void check_cost_document(std::filesystem::path const& path, std::string const& state,
                         std::string const& yosys);

}  // namespace ringside::testbench
