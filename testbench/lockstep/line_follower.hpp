// What the two ends of the link tell each other, and what follows for the frames that are sent:
// link faults, pauses, and when, to the cycle, a frame may begin. Hardware time stamps as well.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "interface/seam/wire.hpp"
#include "model/device/link_fault.hpp"
#include "model/device/mac_control.hpp"
#include "model/device/mac_settings.hpp"
#include "testbench/lockstep/counter_follower.hpp"
#include "testbench/lockstep/judge.hpp"
#include "testbench/nic/wire_stamp.hpp"

namespace ringside::testbench::lockstep {

class LineFollower {
 public:
  LineFollower(Judge& judge, CounterFollower& counters, model::MacSettings const& settings)
      : judge_(judge), counters_(counters), settings_(settings) {}

  // --- What comes in.
  void line_received(LineChange const& change);
  // The fault's next change at or before `at`, if there is one; to be asked until there is none.
  std::optional<LineChange> step(TimePoint at);
  // A control frame has ended, with its /T/ at that time.
  void obey(model::MacControl const& control, TimePoint end);

  // --- What goes out.
  void line_sent(LineChange const& change);
  void frame_sent(TimePoint end) { frame_end_ = end; }
  // The first cycle at or after `cycle` in which a frame may begin.
  std::int64_t first_start(std::int64_t cycle, bool of_control) const;
  // Whether somebody keeps frames back now, and until when somebody did.
  bool holds(TimePoint at) const;
  TimePoint held_until() const { return held_until_; }
  // Remote fault that should be on the wire and is not.
  bool fault_is_untold(TimePoint at) const;

  // The host has written to the MAC's registers, or resets them: when that takes effect is not seen
  // to the cycle.
  void settings_changed(TimePoint at);
  void lose_sight(TimePoint at) { unsure_from_ = at - kUnsure, unsure_until_ = kNever; }
  bool sure_of(TimePoint start) const { return start < unsure_from_ || start > unsure_until_; }

  // --- Time stamps: each frame's start has one, in order.
  void starts(WireStamp::Direction direction, TimePoint start);
  void stamped(TimePoint at, WireStamp const& stamp);
  void finish(TimePoint at);

 private:
  static constexpr Duration kUnsure = 128 * kNicCycle;
  static constexpr Duration kSlowToTell{4'000'000};  // behind the longest frame

  // From one cycle on, until another, no frame begins.
  struct Hold {
    std::int64_t from;
    std::int64_t until;
  };
  static constexpr std::size_t kKept = 64;
  using Holds = std::deque<Hold>;
  static void add(Holds& holds, Hold hold);
  static std::int64_t free_in(Holds const& holds, std::int64_t cycle);

  bool is_untold(TimePoint at) const;
  void hold_for_class(model::MacControl const& control, std::int64_t cycle);

  Judge& judge_;
  CounterFollower& counters_;
  model::MacSettings const& settings_;
  model::LinkFault link_;
  TimePoint fault_since_{};
  TimePoint cleared_at_{};
  LineSignal shown_ = LineSignal::Idle;
  TimePoint frame_end_{};
  Holds fault_holds_;
  Holds pauses_;
  Holds class_pauses_;
  std::array<std::int64_t, model::kClasses> class_until_{};
  TimePoint held_until_{};
  TimePoint unsure_from_ = kNever;
  TimePoint unsure_until_{};
  std::deque<TimePoint> received_starts_;
  std::deque<WireStamp> sent_stamps_;
};

}  // namespace ringside::testbench::lockstep
