// Makes a failing case small: leaves out actions, then brings values nearer to their simplest, as
// long as it goes on failing.
#pragma once

#include <cstddef>
#include <functional>

#include "testbench/fuzz/case.hpp"

namespace ringside::testbench::fuzz {

struct Shrunk {
  Case smallest;
  std::size_t runs = 0;
};

// `fails` tells whether a case fails in the way that counts; it is asked at most `most_runs` times.
// `drawn` itself has to fail. Actions are dropped as in Zeller's delta debugging; what is left
// fails no more if any single action is taken away, unless the runs did not suffice.
Shrunk shrink(Case const& drawn, std::function<bool(Case const&)> const& fails,
              std::size_t most_runs = 600);

}  // namespace ringside::testbench::fuzz
