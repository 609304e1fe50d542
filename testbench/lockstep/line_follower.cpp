#include "testbench/lockstep/line_follower.hpp"

#include <algorithm>

#include "testbench/nic/cycle.hpp"

namespace ringside::testbench::lockstep {

namespace {

// Cycles from the word that decides to the first start that obeys it (rtl/ethernet/README.md):
// behind a fourth ordered set, or the silence that ends a fault; behind a control frame's /T/, when
// it stops, and when its time is over that began with it.
constexpr std::int64_t kFaultToStart = 3;
constexpr std::int64_t kPauseToStart = 9;
constexpr std::int64_t kPauseToResume = 10;
constexpr std::int64_t kClassesToStart = 9;  // besides: they are gone through
constexpr std::int64_t kCyclesOfQuantum = model::kQuantum / kNicCycle;

constexpr Cycle kForever = INT64_MAX;

Cycle cycle_of(TimePoint at) { return at.time_since_epoch() / kNicCycle; }

}  // namespace

// --- Holds: the last that has begun counts, so one that begins within another ends it.

void LineFollower::add(Holds& holds, Hold hold) {
  if (!holds.empty() && hold.from <= holds.back().until) {
    holds.back().until = hold.until;
    return;
  }
  holds.push_back(hold);
  if (holds.size() > kKept) holds.pop_front();
}

std::int64_t LineFollower::free_in(Holds const& holds, std::int64_t cycle) {
  for (Hold const& hold : holds) {
    if (hold.from <= cycle && cycle < hold.until) cycle = hold.until;
  }
  return cycle;
}

std::int64_t LineFollower::first_start(std::int64_t cycle, bool of_control) const {
  for (;;) {
    std::int64_t next = free_in(fault_holds_, cycle);
    if (!of_control) next = free_in(class_pauses_, free_in(pauses_, next));
    if (next == cycle || next == kForever) return next;
    cycle = next;
  }
}

bool LineFollower::holds(TimePoint at) const {
  Cycle const now = cycle_of(at);
  return first_start(now, false) != now;
}

// --- Faults.

void LineFollower::line_received(LineChange const& change) { link_.change(change); }

std::optional<LineChange> LineFollower::step(TimePoint at) {
  LineSignal const before = link_.fault();
  auto const change = link_.step(at);
  if (!change) return change;
  judge_.note(Side::Reference, change->start, Topic::Wire,
              change->signal == LineSignal::Idle ? "is told that the link is well"
                                                 : "is told of a fault of kind",
              0, static_cast<std::uint64_t>(change->signal));
  if (change->signal == LineSignal::LocalFault) {
    counters_.add("local_faults", change->start);
    fault_since_ = change->start;
  }
  if (change->signal == LineSignal::RemoteFault) counters_.add("remote_faults", change->start);
  if (before == LineSignal::LocalFault) {
    if (is_untold(change->start)) {
      judge_.differ(change->start, Topic::Wire, "a local fault was not told");
    }
    cleared_at_ = change->start;
  }
  Cycle const from = cycle_of(change->start) + kFaultToStart;
  add(fault_holds_, {from, change->signal == LineSignal::Idle ? from : kForever});
  if (change->signal == LineSignal::Idle) held_until_ = std::max(held_until_, time_of(from));
  return change;
}

bool LineFollower::fault_is_untold(TimePoint at) const {
  return link_.fault() == LineSignal::LocalFault && is_untold(at);
}

bool LineFollower::is_untold(TimePoint at) const {
  return shown_ != LineSignal::RemoteFault && at - std::max(fault_since_, frame_end_) > kSlowToTell;
}

// Remote fault comes at once, or right behind the frame that is under way.
void LineFollower::line_sent(LineChange const& change) {
  constexpr Cycle kBehindAFrame = 5;
  judge_.note(Side::Rtl, change.start, Topic::Wire, "shows a line of kind", 0,
              static_cast<std::uint64_t>(change.signal));
  shown_ = change.signal;
  Cycle const at = cycle_of(change.start);
  bool const begins = change.signal != LineSignal::Idle;
  Cycle const first = cycle_of(begins ? fault_since_ : cleared_at_) + kFaultToStart;
  Cycle const last = begins ? std::max(first, cycle_of(frame_end_) + kBehindAFrame) : first;
  bool const told = begins == (link_.fault() == LineSignal::LocalFault);
  if (change.signal != LineSignal::LocalFault && told && at >= first && at <= last) return;
  judge_.differ(change.start, Topic::Wire,
                std::string(begins ? "a fault is told" : "a fault is no longer told") +
                    " in cycle " + std::to_string(at) + ", reference: " + std::to_string(first) +
                    " to " + std::to_string(last) + (told ? "" : ", but there is no reason"));
}

// --- Pauses.

void LineFollower::obey(model::MacControl const& control, TimePoint end) {
  Cycle const cycle = cycle_of(end);
  if (control.kind == model::MacControl::Kind::ClassPause && settings_.obeys_pfc()) {
    hold_for_class(control, cycle);
  }
  if (control.kind != model::MacControl::Kind::Pause || !settings_.obeys_pause()) return;
  Cycle const from = cycle + kPauseToStart;
  Cycle const until =
      control.quanta == 0 ? from : cycle + kPauseToResume + control.quanta * kCyclesOfQuantum;
  add(pauses_, {from, until});
  held_until_ = std::max(held_until_, time_of(until));
  judge_.note(Side::Reference, end, Topic::Wire, "is asked to pause for quanta", 0, control.quanta);
}

void LineFollower::hold_for_class(model::MacControl const& control, std::int64_t cycle) {
  Cycle const from = cycle + kPauseToStart + kClassesToStart;
  Cycle until = from;
  for (std::size_t i = 0; i < model::kClasses; ++i) {
    if ((control.classes >> i & 1) != 0) {
      class_until_[i] = cycle + kPauseToResume + control.class_quanta[i] * kCyclesOfQuantum;
    }
    if ((settings_.pfc_stops() >> i & 1) == 0) continue;
    until = std::max(until, class_until_[i]);
  }
  add(class_pauses_, {from, until});
  held_until_ = std::max(held_until_, time_of(until));
  judge_.note(Side::Reference, time_of(cycle), Topic::Wire, "is asked to pause classes", 0,
              control.classes);
}

void LineFollower::settings_changed(TimePoint at) {
  Cycle const cycle = cycle_of(at);
  if (!settings_.obeys_pause()) add(pauses_, {cycle, cycle});
  if (!settings_.obeys_pfc()) {
    add(class_pauses_, {cycle, cycle});
    class_until_ = {};
  }
  unsure_from_ = at - kUnsure;
  unsure_until_ = at + kUnsure;
}

// --- Time stamps.

void LineFollower::starts(WireStamp::Direction direction, TimePoint start) {
  if (direction == WireStamp::Direction::Received) {
    received_starts_.push_back(start);
    return;
  }
  if (sent_stamps_.empty()) {
    judge_.differ(start, Topic::Wire, "a frame is sent without a time stamp");
    return;
  }
  TimePoint const stamp = sent_stamps_.front().start;
  sent_stamps_.pop_front();
  if (stamp == start) return;
  judge_.differ(
      start, Topic::Wire,
      "the time stamp of a frame sent is " + std::to_string((stamp - start).count()) + " ps off");
}

void LineFollower::stamped(TimePoint at, WireStamp const& stamp) {
  if (stamp.direction == WireStamp::Direction::Sent) {
    sent_stamps_.push_back(stamp);
    return;
  }
  if (received_starts_.empty()) {
    judge_.differ(at, Topic::Wire, "a time stamp of a frame that was not received");
    return;
  }
  TimePoint const start = received_starts_.front();
  received_starts_.pop_front();
  if (stamp.start == start) return;
  judge_.differ(at, Topic::Wire,
                "the time stamp of a frame received is " +
                    std::to_string((stamp.start - start).count()) + " ps off");
}

void LineFollower::finish(TimePoint at) {
  constexpr Duration kSettling = 8 * kNicCycle;
  bool const missing = !received_starts_.empty() && received_starts_.front() + kSettling < at;
  if (missing) judge_.differ(at, Topic::Wire, "a frame received has no time stamp");
}

}  // namespace ringside::testbench::lockstep
