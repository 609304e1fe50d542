#include "testbench/nic/nic_clock.hpp"

// As the two in the header: compares each clock with what it was.
void Vnic___024root___eval_triggers__act(Vnic___024root* root);

namespace ringside::testbench {

void NicClock::reset() {
  constexpr int kResetCycles = 8;
  dut_.rst_i = 1;
  for (int i = 0; i < kResetCycles; ++i) {
    drive(kAll);
    dut_.eval();
    drive(0);
    dut_.eval();
  }
  dut_.rst_i = 0;
  if (parts_) learn_triggers();
}

// Which flag belongs to which clock is Verilator's choice, so each clock rises once to show it.
void NicClock::learn_triggers() {
  for (unsigned i = 0; i < kRegions; ++i) {
    drive(1U << i);
    Vnic___024root___eval_triggers__act(&root_);
    for (unsigned rising = 0; rising <= kAll; ++rising) {
      if ((rising >> i & 1) != 0) triggers_[rising].set(root_.__VactTriggered);
    }
    drive(0);
    Vnic___024root___eval_triggers__act(&root_);
  }
}

}  // namespace ringside::testbench
