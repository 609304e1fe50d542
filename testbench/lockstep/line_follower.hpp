// What the two ends of the link tell each other, and what follows for the frames that are sent:
// link faults, pauses, and when, to the cycle, a frame may begin. Hardware time stamps as well.
#pragma once

#include <array>
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
  // A control frame ends, with its /T/ at that time, which may be still to come.
  void ask(model::MacControl const& control, TimePoint end) { asked_.push_back({control, end}); }

  // --- What goes out.
  void line_sent(LineChange const& change);
  void frame_sent(TimePoint end) { frame_end_ = end; }
  // Whether the line tells of a fault that is over, or not of one that there is.
  bool is_late(TimePoint at) const;
  // The first cycle at or after `cycle` in which a frame may begin.
  std::int64_t first_start(std::int64_t cycle, bool of_control) const;
  // The first in which nothing can hold it: behind a pause that may have been obeyed or not, too.
  std::int64_t free_start(std::int64_t cycle, bool of_control) const;
  // Whether somebody keeps the host's frames back then, or may; and until when somebody did before.
  bool holds(TimePoint at) const;
  TimePoint held_until(TimePoint at) const;

  // The host has written to the MAC's registers, or resets them: when that takes effect is not seen
  // to the cycle, nor whether a control frame at that moment is still, or already, obeyed. All that
  // came before has been told to step().
  void settings_changed(TimePoint at);
  void lose_sight(TimePoint at);
  // Whether first_start() says for certain what may begin then.
  bool sure_of(TimePoint start, bool of_control) const;

  // --- Time stamps: each frame's start has one, in order.
  void starts(WireStamp::Direction direction, TimePoint start);
  void stamped(TimePoint at, WireStamp const& stamp);
  void finish(TimePoint at);

 private:
  static constexpr std::int64_t kUnsureCycles = 128;
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

  struct Asked {
    model::MacControl control;
    TimePoint end;
  };
  // Frames of one kind that ask for silence.
  struct Pauses {
    Holds holds;
    Holds doubts;  // besides: perhaps a hold
    // The last of them, and until when it holds frames back if it is obeyed.
    std::int64_t asked = INT64_MIN;
    std::int64_t would_hold = 0;
  };
  // Remote fault is to be told from that cycle on, or no longer.
  struct Telling {
    std::int64_t from;
    bool told;
  };

  void obey(model::MacControl const& control, TimePoint end);
  void obey_pause(std::uint16_t quanta, std::int64_t cycle);
  void obey_classes(model::MacControl const& control, std::int64_t cycle);
  void hold(Pauses& pauses, Hold hold);
  void settings_changed(Pauses& pauses, bool changed, bool obeyed, std::int64_t cycle);
  void tell_from(std::int64_t cycle, bool told);
  Telling const& telling(std::int64_t cycle) const;

  Judge& judge_;
  CounterFollower& counters_;
  model::MacSettings const& settings_;
  model::MacSettings known_;  // those before the last change
  model::LinkFault link_;
  std::deque<Telling> tellings_{{0, false}};
  LineSignal shown_ = LineSignal::Idle;
  TimePoint frame_end_{};
  std::deque<Asked> asked_;  // whose time has not come
  Holds faults_;
  Pauses pauses_;
  Pauses class_pauses_;
  std::array<std::int64_t, model::kClasses> class_until_{};
  Holds unsure_;
  std::deque<TimePoint> received_starts_;
  std::deque<WireStamp> sent_stamps_;
};

}  // namespace ringside::testbench::lockstep
