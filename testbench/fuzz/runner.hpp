// Runs cases, each in a process of its own: SystemC elaborates once in one, and a case that crashes
// or never ends takes no other with it.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

#include "testbench/fuzz/case.hpp"
#include "testbench/fuzz/run.hpp"

namespace ringside::testbench::fuzz {

class Runner {
 public:
  struct Limits {
    std::chrono::seconds processor{30};  // of a case; many times what the longest takes
    std::chrono::seconds wall{900};      // for one that waits for something outside
  };
  explicit Runner(MakeNic make_nic) : Runner(std::move(make_nic), Limits{}) {}
  Runner(MakeNic make_nic, Limits limits) : make_nic_(std::move(make_nic)), limits_(limits) {}

  Outcome run(Case const& drawn) const;

  // Runs `count` cases, up to `jobs` at once, and hands over their outcomes in order. Stops early
  // once `done` says false; what is under way then is ended.
  using Draw = std::function<Case(std::size_t index)>;
  using Done = std::function<bool(std::size_t index, Case const& drawn, Outcome const& outcome)>;
  void run_all(std::size_t count, std::size_t jobs, Draw const& draw, Done const& done) const;

 private:
  MakeNic make_nic_;
  Limits limits_;
};

}  // namespace ringside::testbench::fuzz
