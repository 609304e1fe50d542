// What send and post do: buffers that a driver offers.
#pragma once

#include "testbench/fuzz/case.hpp"

namespace ringside::testbench::fuzz {

class Rig;

void do_send(Rig& rig, Action const& action);
void do_post(Rig& rig, Action const& action);

}  // namespace ringside::testbench::fuzz
