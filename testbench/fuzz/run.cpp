#include "testbench/fuzz/run.hpp"

#include <exception>

#include "testbench/check/narrator.hpp"
#include "testbench/fuzz/failure.hpp"
#include "testbench/fuzz/perform.hpp"
#include "testbench/fuzz/rig.hpp"

namespace ringside::testbench::fuzz {

Outcome run(Case const& drawn, MakeNic const& make_nic, Progress& progress) {
  Outcome outcome;
  Rig rig(drawn, make_nic, progress);
  try {
    for (Action const& action : drawn.actions) {
      progress.waits_for = "the driver acts";
      perform(rig, action);
      ++progress.action;
    }
    rig.settle();
    rig.self_test();
    rig.finish();
  } catch (Failure const& failure) {
    outcome.kind = failure.kind;
    outcome.what = failure.what;
    while (outcome.what.ends_with('\n')) outcome.what.pop_back();
    std::size_t const action = progress.action;
    outcome.what += action < drawn.actions.size()
                        ? "\n  in action " + std::to_string(action + 1) + " of " +
                              std::to_string(drawn.actions.size()) + ": " +
                              to_text(drawn.actions[action])
                        : "\n  behind the last action";
    outcome.what += ", at " + format_microseconds(present());
  }
  outcome.hash = rig.hash();
  outcome.simulated_ps = static_cast<std::uint64_t>(present().time_since_epoch().count());
  outcome.sessions = rig.sessions;
  return outcome;
}

}  // namespace ringside::testbench::fuzz
