// Runs a case: one NIC of a host's, watched by every oracle there is. Once a process, since SystemC
// elaborates once.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "testbench/fuzz/case.hpp"
#include "testbench/fuzz/coverage.hpp"
#include "testbench/lockstep/lockstep.hpp"
#include "testbench/nic/nic.hpp"

namespace ringside::testbench::fuzz {

struct Outcome {
  std::string kind;  // of the failure; empty: all held
  std::string what;
  std::uint64_t hash = 0;  // of all that passed PCIe and the wire
  std::uint64_t simulated_ps = 0;
  std::vector<SessionBins> sessions;

  bool held() const { return kind.empty(); }
};

// Makes the NIC of a run. How patient its checker has to be depends on the link.
using MakeNic = std::function<NicMaker(lockstep::Patience const&)>;

// Where a run is, for whoever has to end it: another process looks while it runs.
struct Progress {
  std::atomic<std::uint32_t> action{0};
  std::atomic<std::int64_t> now_ps{0};
  std::atomic<char const*> waits_for{"nothing yet"};  // a literal
};

Outcome run(Case const& drawn, MakeNic const& make_nic, Progress& progress);

}  // namespace ringside::testbench::fuzz
