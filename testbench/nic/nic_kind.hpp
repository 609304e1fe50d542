// The NICs that a simulation can be given, by name.
#pragma once

#include <string>
#include <vector>

#include "testbench/nic/clock_loop_options.hpp"
#include "testbench/nic/nic.hpp"

namespace ringside::testbench {

std::vector<std::string> nic_kinds();

// `clock` is for NICs that have one.
NicMaker nic_maker(std::string const& kind, ClockLoopOptions const& clock);

}  // namespace ringside::testbench
