// What each kind of action does.
#pragma once

#include "testbench/fuzz/case.hpp"

namespace ringside::testbench::fuzz {

class Rig;

// Throws Failure. What needs a session does nothing without one.
void perform(Rig& rig, Action const& action);

}  // namespace ringside::testbench::fuzz
