#include "testbench/bench/measurement.hpp"

#include <algorithm>

namespace ringside::testbench {

std::vector<Measurement> const& measurements() {
  static std::vector<Measurement> const all{
      {"kernel", "speed of the simulation: bulk TCP against the bare Verilated NIC",
       measure_kernel},
      {"moderation", "fewer interrupts against delay: a sweep of packets, microseconds and load",
       measure_moderation},
      {"nic64", "64-byte frames back to back in both directions: packets a second, drops",
       measure_nic64},
      {"synth", "what the NIC takes of an FPGA, by Yosys: LUT, FF, BRAM, DSP, levels of logic",
       measure_synth},
  };
  return all;
}

Measurement const* find_measurement(std::string_view name) {
  auto const& all = measurements();
  auto const found = std::find_if(all.begin(), all.end(),
                                  [&](Measurement const& entry) { return entry.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace ringside::testbench
