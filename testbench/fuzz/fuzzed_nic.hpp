// The NIC of random runs: the RTL, in lock-step. A header of its own, because whoever includes it
// chooses the RTL by what it links.
#pragma once

#include <memory>
#include <string>

#include "testbench/fuzz/run.hpp"
#include "testbench/nic/lockstep_nic.hpp"

namespace ringside::testbench::fuzz {

inline MakeNic make_fuzzed_nic(ClockLoopOptions const& clock = {}) {
  return [clock](lockstep::Patience const& patience) -> NicMaker {
    return [clock, patience](std::string const& name, Timeline&, PcieLink& link, MacAddress mac) {
      return std::make_unique<LockStepNic>(name, link, mac, clock, patience);
    };
  };
}

}  // namespace ringside::testbench::fuzz
