#include "testbench/lockstep/interrupt_follower.hpp"

#include <algorithm>

namespace ringside::testbench::lockstep {

void InterruptFollower::start(model::QueueSettings const& queue, bool event_idx) {
  stop();
  queue_ = queue;
  event_idx_ = event_idx;
  held_until_.reset();
}

void InterruptFollower::stop() {
  packets_.clear();
  looking_ = looked_ = false;
  low_ = high_ = former_low_ = former_high_ = 0;
  due_ = kNever;
}

void InterruptFollower::set_moderation(model::Moderation::Setting const& setting, TimePoint at) {
  while (!former_.empty() && former_.front().until < at) former_.pop_front();
  former_.push_back({setting_, kNever});
  setting_ = setting;
  free_at_ = at;
  find_due();
}

void InterruptFollower::moderation_settled(TimePoint at) {
  for (Former& former : former_) {
    if (former.until != kNever) continue;
    former.until = at + patience_.decision;
    free_at_ = at;
    find_due();
  }
}

// One look may be held back several times.
void InterruptFollower::hold(TimePoint at) {
  if (!was_held(at)) held_at_ = at;
}

bool InterruptFollower::was_held(TimePoint at) const {
  return held_until_ && at < *held_until_ + patience_.decision;
}

void InterruptFollower::let_go(TimePoint at) {
  held_until_ = at;
  free_at_ = std::max(free_at_, at);
  find_due();
}

void InterruptFollower::used(TimePoint at, std::uint64_t slots) {
  packets_.push_back({at, slots});
  find_due();
}

// Whether a look now can not be right, whatever the last one counted.
bool InterruptFollower::early(TimePoint at) const {
  if (packets_.empty()) return true;
  // By which setting it was decided on can not be told of a look that was held back.
  if (was_held(at)) return false;
  auto const too_early = [&](model::Moderation::Setting const& setting) {
    return setting.moderates() && packets_.size() < setting.max_packets &&
           at < packets_.front().at + setting.time();
  };
  return too_early(setting_) &&
         std::all_of(former_.begin(), former_.end(), [&](Former const& former) {
           return former.until < at || too_early(former.setting);
         });
}

void InterruptFollower::look_begun(TimePoint at) {
  judge_.note(Side::Rtl, at, Topic::Interrupts, "reads the event area at", queue_.driver_events);
  if (looking_) {
    judge_.differ(at, Topic::Interrupts, "a second read of the event area before the first ended");
  } else if (early(at)) {
    judge_.differ(at, Topic::Interrupts,
                  "the event area is read too early: packets counted " +
                      std::to_string(packets_.size()) + ", of " +
                      std::to_string(setting_.max_packets) + " or " +
                      std::to_string(setting_.max_usecs) + " us");
  }
  looking_ = true;
  former_low_ = low_;
  former_high_ = high_;
  // A look has a reason: a packet that the last one did not count.
  low_ = former_low_;
  for (Packet const& packet : packets_) {
    if (packet.slots <= low_) continue;
    low_ = packet.slots;
    break;
  }
  TimePoint const decided = was_held(at) ? std::min(at, held_at_) : at;
  for (Packet const& packet : packets_) {
    if (packet.at + patience_.decision <= decided) low_ = std::max(low_, packet.slots);
    high_ = std::max(high_, packet.slots);
  }
  while (!packets_.empty() && packets_.front().slots <= low_) packets_.pop_front();
  due_ = kNever;
}

// Whether the driver's wish is met by the slots from one count to the other.
bool InterruptFollower::wanted(layout::EventSuppression const& wish, std::uint64_t from,
                               std::uint64_t to) const {
  model::UsedSince since;
  since.end.offset = static_cast<std::uint16_t>(to % queue_.size);
  since.end.wrap = to / queue_.size % 2 == 0;
  std::uint64_t const two_laps = 2U * queue_.size;
  since.slots = static_cast<std::uint32_t>(std::min(to - std::min(from, to), two_laps));
  since.first_question = !looked_;
  return model::wants_interrupt(wish, since, queue_.size, event_idx_);
}

InterruptFollower::Verdict InterruptFollower::decide(TimePoint at, Bytes area) {
  layout::EventSuppression const wish{load_le<std::uint16_t>(&area[0]),
                                      load_le<std::uint16_t>(&area[2])};
  bool const most = wanted(wish, former_low_, high_);
  bool const least = wanted(wish, former_high_, low_);
  looking_ = false;
  looked_ = true;
  free_at_ = at;
  find_due();
  Verdict const verdict = least ? Verdict::Yes : most ? Verdict::Either : Verdict::No;
  constexpr char const* kTexts[] = {"wants no interrupt", "wants an interrupt",
                                    "wants an interrupt or not"};
  judge_.note(Side::Reference, at, Topic::Interrupts, kTexts[static_cast<std::size_t>(verdict)]);
  return verdict;
}

// Of the packets that the last look surely did not count.
void InterruptFollower::find_due() {
  due_ = kNever;
  if (looking_) return;
  std::uint32_t count = 0;
  TimePoint first{};
  for (Packet const& packet : packets_) {
    if (packet.slots <= high_) continue;
    if (count++ == 0) first = packet.at;
    bool const now = !setting_.moderates() || count >= setting_.max_packets;
    if (now) due_ = std::min(due_, packet.at);
  }
  if (count != 0 && setting_.moderates()) {
    due_ = std::min(due_, first + setting_.time());
  }
  if (due_ != kNever) due_ = std::max(due_, free_at_);
}

}  // namespace ringside::testbench::lockstep
