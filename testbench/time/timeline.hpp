// The order of everything that happens outside the NICs: one queue of events over the SystemC
// kernel.
#pragma once

#include <algorithm>
#include <cstdint>
#include <systemc>
#include <vector>

#include "interface/base/time.hpp"
#include "interface/base/unique_function.hpp"

namespace ringside::testbench {

inline sc_core::sc_time to_sc_time(Duration duration) {
  return sc_core::sc_time::from_value(static_cast<std::uint64_t>(duration.count()));
}

// SystemC's time, whose resolution is its default, one picosecond.
inline TimePoint kernel_time() {
  return TimePoint{Duration{static_cast<std::int64_t>(sc_core::sc_time_stamp().value())}};
}

namespace detail {
// The event that the Timeline runs, where that is ahead of the kernel.
inline TimePoint event_time{};
}  // namespace detail

// Simulated time.
inline TimePoint present() { return std::max(kernel_time(), detail::event_time); }

// Who schedules an event. At equal times a lower origin goes first, and one origin's events go in
// the order in which it scheduled them. So the order depends on nothing but the simulated causes:
// not on how far a clock loop runs ahead, nor on SystemC's choice among runnable processes.
using Origin = std::uint32_t;

class Timeline final : public sc_core::sc_module {
 public:
  explicit Timeline(sc_core::sc_module_name name);

  // Names a new origin; called while the simulation is composed.
  Origin add_origin() { return origins_++; }

  // Runs `event` at `when`, which must not have passed.
  void at(TimePoint when, Origin origin, UniqueFunction<void()> event);

  // Lets so much time pass. What passes time by sc_start() alone works too, but slower: only here
  // is it known how far events may be run in one go.
  void advance(Duration duration);

  // From now on no event runs before SystemC's time has reached it: for processes that wait for
  // times of their own there.
  void keep_to_kernel() { keeps_to_kernel_ = true; }

  // For events only: lets a process that waits for `resume` run until it waits again, before the
  // next event. This is how a host's CPU takes its turn in the order of events.
  void yield_to(sc_core::sc_event& resume);

  std::uint64_t executed() const { return executed_; }

  // Makes the simulation return from sc_start() once the present event is over.
  void stop() { stopping_ = true; }

 private:
  struct Event {
    TimePoint when;
    Origin origin;
    std::uint64_t sequence;
    UniqueFunction<void()> run;
  };
  struct Later {
    bool operator()(Event const& a, Event const& b) const {
      if (a.when != b.when) return a.when > b.when;
      if (a.origin != b.origin) return a.origin > b.origin;
      return a.sequence > b.sequence;
    }
  };

  void dispatch();
  bool reach(TimePoint when);
  void sleep();

  std::vector<Event> heap_;
  std::vector<std::uint64_t> sequences_;
  sc_core::sc_event earlier_;
  Origin origins_ = 0;
  std::uint64_t executed_ = 0;
  bool sleeping_ = false;
  bool stopping_ = false;
  bool keeps_to_kernel_ = false;
  TimePoint limit_{};  // what advance() goes to
};

}  // namespace ringside::testbench
