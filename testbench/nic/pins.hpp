// The Verilated NIC: the same class with and without waveform tracing, by the library linked.
#pragma once

#include <cstdint>
#include <cstring>

#include "testbench/nic/cycle.hpp"

// The model is built without SystemC; where SystemC is around, its version macro would make
// Verilator's headers expect a model that is not.
#pragma push_macro("SYSTEMC_VERSION")
#undef SYSTEMC_VERSION
#include "Vnic.h"
#include "Vnic___024root.h"
#pragma pop_macro("SYSTEMC_VERSION")

namespace ringside::testbench {

using Dut = Vnic;

// Its pins, by their names in the RTL. A Dut has them too, but behind a reference each.
using Pins = Vnic___024root;

}  // namespace ringside::testbench
