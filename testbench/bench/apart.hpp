// Measurements in processes of their own, because SystemC elaborates once in one.
#pragma once

#include <functional>
#include <vector>

#include "testbench/bench/measurement.hpp"

namespace ringside::testbench {

// Makes each, as many at a time as there are processors, and gives their figures in this order.
// Throws BenchError if one could not be made.
std::vector<Figures> measure_apart(std::vector<std::function<Figures()>> const& measurements);

}  // namespace ringside::testbench
