// A Verilated NIC as its users begin with it.
#pragma once

#include <memory>

#include "interface/base/mac_address.hpp"
#include "testbench/nic/pins.hpp"

namespace ringside::testbench {

std::unique_ptr<Dut> make_dut(VerilatedContext& context, MacAddress mac);

}  // namespace ringside::testbench
