// What a driver says over the control queue, drawn.
#pragma once

#include "testbench/fuzz/case.hpp"
#include "testbench/fuzz/dice.hpp"

namespace ringside::testbench::fuzz {

// Which of its features a session agrees on, and how many queue pairs it uses.
void draw_control_features(Dice& dice, Action& start);

// `odd`: now and then what there is not, or laid out as it must not be.
Action draw_command(Dice& dice, bool odd);
Action announcement_seen();

}  // namespace ringside::testbench::fuzz
