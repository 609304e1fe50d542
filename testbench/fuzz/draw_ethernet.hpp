// What is drawn of Ethernet: the line, flow control both ways, addresses.
#pragma once

#include <cstdint>

#include "testbench/fuzz/case.hpp"
#include "testbench/fuzz/dice.hpp"

namespace ringside::testbench::fuzz {

// One of to::To.
std::int64_t draw_destination(Dice& dice);
Action draw_line(Dice& dice, bool bad_wire);
Action draw_control(Dice& dice, bool bad_wire);
Action draw_flow_control(Dice& dice);

}  // namespace ringside::testbench::fuzz
