// A host's one CPU: runs the host's work in an SC_THREAD and lets simulated time pass for it.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <systemc>
#include <unordered_map>

#include "interface/seam/executor.hpp"
#include "testbench/host/cost_model.hpp"
#include "testbench/time/timeline.hpp"

namespace ringside::testbench {

// Takes its turns in the order of the Timeline only (see Origin), so what a host does is the same
// whatever else is simulated beside it.
class Cpu final : public sc_core::sc_module, public Executor {
 public:
  Cpu(sc_core::sc_module_name name, Timeline& timeline, CostModel const& cost);

  TimePoint now() const override { return present(); }
  void post(Context context, UniqueFunction<void()> work) override;
  TimerId run_at(TimePoint when, Context context, UniqueFunction<void()> work) override;
  void cancel(TimerId timer) override;
  void spend(Work work, std::uint64_t amount) override;

  // For the host's own work: stands still until another event calls continue_work(). This is how a
  // register read waits for its answer.
  void stall();
  // For events: ends stall().
  void continue_work();

  // The end of the host: what waits is forgotten, what comes is ignored, nothing takes time. For
  // taking a simulation down between two events. Work that stands still goes on to its end if the
  // kernel is given one more delta cycle; without that, what lies on its stack is left behind.
  void halt();
  bool halted() const { return halted_; }
  // In the middle of something, standing still included.
  bool at_work() const { return !idle_; }

  // How long the CPU has been at work, stalls included.
  Duration busy_time() const { return busy_; }
  // How long by kind of work.
  Duration spent_on(Work work) const { return spent_[static_cast<std::size_t>(work)]; }

 private:
  // Applications run on it; SystemC's default is meant for hardware.
  static constexpr int kStackBytes = 1 << 20;

  struct Timer {
    TimePoint when;
    Context context;
    UniqueFunction<void()> work;
  };

  void run();
  bool run_next();
  void wake();
  void arm();
  void expire();

  Timeline& timeline_;
  Origin origin_;
  CostModel cost_;
  sc_core::sc_event resume_;
  std::array<std::deque<UniqueFunction<void()>>, 3> ready_;
  bool idle_ = true;
  bool wake_pending_ = false;
  bool halted_ = false;

  std::map<std::pair<TimePoint, TimerId>, Timer> timers_;
  std::unordered_map<TimerId, TimePoint> timer_times_;
  // Timers whose time has come but whose turn has not: they can still be cancelled.
  std::unordered_map<TimerId, UniqueFunction<void()>> due_;
  TimerId last_timer_ = kNoTimer;
  TimePoint armed_ = kNever;

  Duration busy_{0};
  std::array<Duration, 7> spent_{};
};

}  // namespace ringside::testbench
