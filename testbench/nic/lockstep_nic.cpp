#include "testbench/nic/lockstep_nic.hpp"

namespace ringside::testbench {

std::optional<Trouble> LockStepNic::trouble() const {
  if (!checker_.difference()) return std::nullopt;
  return Trouble{checker_.difference()->at, "RTL and reference differ at " + checker_.account()};
}

}  // namespace ringside::testbench
