// The Verilated NIC with the reference in lock-step beside it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "testbench/lockstep/lockstep.hpp"
#include "testbench/nic/rtl_nic.hpp"

namespace ringside::testbench {

// What the counters say when the simulation is over, in the order of the layout; nothing if a
// register access was under way.
std::optional<LockStep::Counters> counters_at_end(RtlNic& nic);

// It is the RTL that the host and the wire see; the reference only watches, and AXI's rules beside
// it. At the first difference the simulation pauses.
class LockStepNic final : public SimulatedNic {
 public:
  LockStepNic(std::string const& name, PcieLink& link, MacAddress mac, ClockLoopOptions options,
              lockstep::Patience const& patience = {})
      : rtl_(name.c_str(), link, mac, options),
        checker_(
            mac, [] { sc_core::sc_pause(); }, patience) {
    rtl_.observe(&checker_);
    rtl_.hold_to(&rules_);
  }

  WireReceiver& receiver() override { return rtl_.receiver(); }
  void connect(Wire& wire) override { rtl_.connect(wire); }
  void on_time_stamp(std::function<void(WireStamp const&)> listener) override {
    rtl_.on_time_stamp(std::move(listener));
  }
  std::uint64_t cycles() const override { return rtl_.cycles(); }
  std::uint64_t evaluated() const override { return rtl_.evaluated(); }
  void finish() override;
  std::optional<Trouble> trouble() const override;

  RtlNic& rtl() { return rtl_; }

 private:
  RtlNic rtl_;
  LockStep checker_;
  AxiRules rules_;
};

}  // namespace ringside::testbench
