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
    std::int64_t next = free_in(faults_, cycle);
    if (!of_control) next = free_in(class_pauses_.holds, free_in(pauses_.holds, next));
    if (next == cycle || next == kForever) return next;
    cycle = next;
  }
}

std::int64_t LineFollower::free_start(std::int64_t cycle, bool of_control) const {
  for (;;) {
    std::int64_t next = free_in(unsure_, first_start(cycle, of_control));
    if (!of_control) next = free_in(class_pauses_.doubts, free_in(pauses_.doubts, next));
    if (next == cycle || next == kForever) return next;
    cycle = next;
  }
}

bool LineFollower::sure_of(TimePoint start, bool of_control) const {
  Cycle const cycle = cycle_of(start);
  if (free_in(unsure_, cycle) != cycle) return false;
  return of_control ||
         (free_in(pauses_.doubts, cycle) == cycle && free_in(class_pauses_.doubts, cycle) == cycle);
}

bool LineFollower::holds(TimePoint at) const {
  Cycle const now = cycle_of(at);
  return first_start(now, false) != now || !sure_of(at, false);
}

TimePoint LineFollower::held_until(TimePoint at) const {
  Cycle const now = cycle_of(at);
  Cycle until = 0;
  for (Holds const* holds : {&faults_, &pauses_.holds, &pauses_.doubts, &class_pauses_.holds,
                             &class_pauses_.doubts, &unsure_}) {
    for (Hold const& hold : *holds) {
      if (hold.from <= now) until = std::max(until, std::min(hold.until, now));
    }
  }
  return time_of(until);
}

// --- Faults.

void LineFollower::line_received(LineChange const& change) { link_.change(change); }

std::optional<LineChange> LineFollower::step(TimePoint at) {
  for (; !asked_.empty() && asked_.front().end <= at; asked_.pop_front()) {
    obey(asked_.front().control, asked_.front().end);
  }
  auto const change = link_.step(at);
  if (!change) return change;
  judge_.note(Side::Reference, change->start, Topic::Wire,
              change->signal == LineSignal::Idle ? "is told that the link is well"
                                                 : "is told of a fault of kind",
              0, static_cast<std::uint64_t>(change->signal));
  if (change->signal == LineSignal::LocalFault) counters_.add("local_faults", change->start);
  if (change->signal == LineSignal::RemoteFault) counters_.add("remote_faults", change->start);
  Cycle const from = cycle_of(change->start) + kFaultToStart;
  add(faults_, {from, change->signal == LineSignal::Idle ? from : kForever});
  tell_from(from, change->signal == LineSignal::LocalFault);
  return change;
}

void LineFollower::tell_from(std::int64_t cycle, bool told) {
  if (tellings_.back().told == told) return;
  if (is_late(time_of(cycle))) {
    judge_.differ(time_of(cycle), Topic::Wire,
                  told ? "the end of a local fault was not told" : "a local fault was not told");
  }
  tellings_.push_back({cycle, told});
  if (tellings_.size() > kKept) tellings_.pop_front();
}

LineFollower::Telling const& LineFollower::telling(std::int64_t cycle) const {
  auto const next = std::find_if(tellings_.begin() + 1, tellings_.end(),
                                 [cycle](Telling const& each) { return each.from > cycle; });
  return *(next - 1);
}

bool LineFollower::is_late(TimePoint at) const {
  Telling const& last = tellings_.back();
  bool const shown = shown_ == LineSignal::RemoteFault;
  return shown != last.told && at - std::max(time_of(last.from), frame_end_) > kSlowToTell;
}

// Remote fault comes at once, or right behind the frame that is under way, and goes at once.
void LineFollower::line_sent(LineChange const& change) {
  constexpr Cycle kBehindAFrame = 5;
  judge_.note(Side::Rtl, change.start, Topic::Wire, "shows a line of kind", 0,
              static_cast<std::uint64_t>(change.signal));
  shown_ = change.signal;
  Cycle const at = cycle_of(change.start);
  bool const begins = change.signal != LineSignal::Idle;
  auto const [first, wanted] = telling(at);
  Cycle const last = begins ? std::max(first, cycle_of(frame_end_) + kBehindAFrame) : first;
  bool const told = begins == wanted;
  if (change.signal != LineSignal::LocalFault && told && at >= first && at <= last) return;
  judge_.differ(change.start, Topic::Wire,
                std::string(begins ? "a fault is told" : "a fault is no longer told") +
                    " in cycle " + std::to_string(at) + ", reference: " + std::to_string(first) +
                    " to " + std::to_string(last) + (told ? "" : ", but there is no reason"));
}

// --- Pauses.

void LineFollower::obey(model::MacControl const& control, TimePoint end) {
  if (control.kind == model::MacControl::Kind::Pause) obey_pause(control.quanta, cycle_of(end));
  if (control.kind == model::MacControl::Kind::ClassPause) obey_classes(control, cycle_of(end));
}

void LineFollower::obey_pause(std::uint16_t quanta, std::int64_t cycle) {
  Cycle const from = cycle + kPauseToStart;
  Cycle const until = quanta == 0 ? from : cycle + kPauseToResume + quanta * kCyclesOfQuantum;
  pauses_.asked = cycle;
  pauses_.would_hold = until;
  if (!settings_.obeys_pause()) return;
  hold(pauses_, {from, until});
  judge_.note(Side::Reference, time_of(cycle), Topic::Wire, "is asked to pause for quanta", 0,
              quanta);
}

void LineFollower::obey_classes(model::MacControl const& control, std::int64_t cycle) {
  Cycle const from = cycle + kPauseToStart + kClassesToStart;
  Cycle until = from;
  class_pauses_.asked = cycle;
  for (std::size_t i = 0; i < model::kClasses; ++i) {
    if ((control.classes >> i & 1) != 0) {
      class_until_[i] = cycle + kPauseToResume + control.class_quanta[i] * kCyclesOfQuantum;
    }
    class_pauses_.would_hold = std::max(class_pauses_.would_hold, class_until_[i]);
    if ((settings_.pfc_stops() >> i & 1) != 0) until = std::max(until, class_until_[i]);
  }
  if (!settings_.obeys_pfc()) return;
  hold(class_pauses_, {from, until});
  judge_.note(Side::Reference, time_of(cycle), Topic::Wire, "is asked to pause classes", 0,
              control.classes);
}

void LineFollower::hold(Pauses& pauses, Hold hold) {
  add(pauses.holds, hold);
  // Whatever became of those before it, this one is obeyed; of classes it may be about others.
  if (&pauses == &pauses_) add(pauses.doubts, {hold.from, hold.from});
}

void LineFollower::settings_changed(TimePoint at) {
  Cycle const cycle = cycle_of(at);
  add(unsure_, {cycle - kUnsureCycles, cycle + kUnsureCycles});
  settings_changed(pauses_, settings_.obeys_pause() != known_.obeys_pause(),
                   settings_.obeys_pause(), cycle);
  bool const classes_changed =
      settings_.obeys_pfc() != known_.obeys_pfc() || settings_.pfc_stops() != known_.pfc_stops();
  settings_changed(class_pauses_, classes_changed, settings_.obeys_pfc(), cycle);
  if (!settings_.obeys_pfc()) class_until_ = {};
  known_ = settings_;
}

void LineFollower::settings_changed(Pauses& pauses, bool changed, bool obeyed, std::int64_t cycle) {
  if (!obeyed) {
    add(pauses.holds, {cycle, cycle});
    add(pauses.doubts, {cycle, cycle});
  } else if (changed && pauses.asked >= cycle - kUnsureCycles) {
    add(pauses.doubts, {cycle, pauses.would_hold});
  }
}

void LineFollower::lose_sight(TimePoint at) {
  add(unsure_, {cycle_of(at) - kUnsureCycles, kForever});
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
