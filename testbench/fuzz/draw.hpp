// Draws a case from a seed: a temper first, which says how rough the run is, then what fits it.
#pragma once

#include <cstdint>

#include "testbench/fuzz/case.hpp"

namespace ringside::testbench::fuzz {

// The same seed gives the same case, on every machine.
Case draw(std::uint64_t seed);

}  // namespace ringside::testbench::fuzz
