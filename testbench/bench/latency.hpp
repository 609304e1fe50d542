// How long the NIC takes for one frame when it has nothing else to do.
#pragma once

#include "testbench/bench/load_testbed.hpp"
#include "testbench/bench/measurement.hpp"

namespace ringside::testbench {

// Keys rx_cycles_wire_to_used and tx_cycles_doorbell_to_wire: means, in cycles of the NIC.
Figures measure_latency(LoadCase const& wanted);

}  // namespace ringside::testbench
