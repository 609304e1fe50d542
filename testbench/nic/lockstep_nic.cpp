#include "testbench/nic/lockstep_nic.hpp"

namespace ringside::testbench {

std::optional<LockStep::Counters> counters_at_end(RtlNic& nic) {
  LockStep::Counters counters{};
  for (std::size_t i = 0; i < counters.size(); ++i) {
    auto const offset = static_cast<std::uint16_t>(layout::kStatisticsBlock.offset + 8 * i);
    auto const low = nic.read_at_end(offset);
    auto const high = nic.read_at_end(offset + 4);
    if (!low || !high) return std::nullopt;
    counters[i] = std::uint64_t{*high} << 32 | *low;
  }
  return counters;
}

void LockStepNic::finish() {
  if (checker_.difference()) return;
  if (auto const counters = counters_at_end(rtl_)) checker_.finish(rtl_.reached(), *counters);
}

std::optional<Trouble> LockStepNic::trouble() const {
  if (auto const& broken = rules_.violation()) {
    return Trouble{time_of(broken->cycle), "the RTL breaks a rule of AXI: " + broken->what};
  }
  if (!checker_.difference()) return std::nullopt;
  return Trouble{checker_.difference()->at, "RTL and reference differ at " + checker_.account()};
}

}  // namespace ringside::testbench
