// What a driver says over the control queue, right or not (virtio 1.3, 5.1.6.5).
#pragma once

#include <cstdint>
#include <vector>

#include "testbench/fuzz/case.hpp"

namespace ringside::testbench::fuzz {

// The bytes of a command::... action, class and number first.
std::vector<std::uint8_t> command_bytes(Action const& action);

// Whether no device may carry it out, however it lies in memory and whatever was negotiated: there
// is no such command, or its length is wrong.
bool is_malformed(Action const& action);

class Rig;
void do_command(Rig& rig, Action const& action);

}  // namespace ringside::testbench::fuzz
