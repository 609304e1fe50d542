#include "testbench/nic/dut.hpp"

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

}  // namespace ringside::testbench
