#include "testbench/nic/dut.hpp"

#include "testbench/nic/nic_clock.hpp"

namespace ringside::testbench {

std::unique_ptr<Dut> make_dut(VerilatedContext& context, MacAddress mac) {
  context.randReset(0);
  auto dut = std::make_unique<Dut>(&context);
  std::uint64_t number = 0;
  for (unsigned i = 0; i < 6; ++i) number |= std::uint64_t{mac.bytes[i]} << (8 * i);
  dut->mac_i = number;
  dut->link_up_i = 1;
  return dut;
}

void NicClock::reset() {
  constexpr int kResetCycles = 8;
  dut_.rst_i = 1;
  for (int i = 0; i < kResetCycles; ++i) {
    rise();
    fall();
  }
  dut_.rst_i = 0;
}

}  // namespace ringside::testbench
