// A Verilated NIC as its users begin with it, and its clock.
#pragma once

#include <memory>

#include "interface/base/mac_address.hpp"
#include "testbench/nic/pins.hpp"
#include "testbench/nic/waves.hpp"

#pragma push_macro("SYSTEMC_VERSION")
#undef SYSTEMC_VERSION
#include "Vnic___024root.h"
#pragma pop_macro("SYSTEMC_VERSION")

namespace ringside::testbench {

std::unique_ptr<Dut> make_dut(VerilatedContext& context, MacAddress mac);

// Takes a NIC through its reset; the input pins stay as they are.
void reset(Dut& dut);

// With RINGSIDE_TWO_EVALS both clock edges are evaluated; waveforms show both, too.
#ifdef RINGSIDE_TWO_EVALS
inline constexpr bool kOneEval = false;
#else
inline constexpr bool kOneEval = !kWaves;
#endif

// Nothing in the NIC happens at the falling edge, so instead of evaluating it the clock is said to
// have been low before. The name is private to the version of Verilator that the build asks for.
inline void rising_edge(Dut& dut) {
  dut.clk_i = 1;
  dut.eval();
  if constexpr (kOneEval) dut.rootp->__Vtrigrprev__TOP__clk_i = 0;
}
inline void falling_edge(Dut& dut) {
  if constexpr (kOneEval) return;
  dut.clk_i = 0;
  dut.eval();
}

// A cycle as Verilator's manual tells; what the two above must equal.
inline void both_edges(Dut& dut) {
  dut.clk_i = 1;
  dut.eval();
  dut.clk_i = 0;
  dut.eval();
}

}  // namespace ringside::testbench
