// What no hardware of ours has: latches, combinational loops, wires with several drivers or none.
#pragma once

#include <filesystem>
#include <string>

namespace ringside::testbench {

// Checks the instance at the given place ("nic" is all) of the RTL below `rtl`. Throws BenchError
// with the first problem and the number of all.
void check_hardware(std::filesystem::path const& rtl, std::string const& instance,
                    std::filesystem::path const& work);

// A pattern of Yosys' that the module of this instance matches.
std::string module_pattern(std::string instance);

}  // namespace ringside::testbench
