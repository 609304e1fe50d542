#include "testbench/lockstep/filter_follower.hpp"

#include <algorithm>
#include <utility>

namespace ringside::testbench::lockstep {

namespace {

// From the pins to the filter, and from a setting to the pins that show it.
constexpr Duration kMomentToFilter{1'000'000};

}  // namespace

void FilterFollower::set(model::ReceiveFilter filter, TimePoint at) {
  std::erase_if(former_, [&](Former const& former) { return former.until + kMomentToFilter < at; });
  former_.push_back({std::move(filter_), kNever});
  filter_ = std::move(filter);
  set_at_ = at;
}

void FilterFollower::settled(TimePoint at) {
  for (Former& former : former_) {
    if (former.until == kNever) former.until = at + kMomentToFilter;
  }
}

void FilterFollower::see_again(TimePoint at) {
  if (blind_until_ == kNever) blind_until_ = at + kMomentToFilter;
}

std::optional<Arrival> FilterFollower::received(Arrival frame) {
  TimePoint const start = frame.start();
  while (!unwanted_.empty() && unwanted_.front().end + 2 * kMomentToFilter < start) {
    unwanted_.pop_front();
  }
  bool const wanted = filter_.wants(frame.bytes);
  frame.perhaps_filtered =
      start < blind_until_ ||
      std::any_of(former_.begin(), former_.end(), [&](Former const& former) {
        return former.until > start && former.filter.wants(frame.bytes) != wanted;
      });
  if (frame.perhaps_filtered) counters_.lose_sight({"rx_filtered"});
  if (wanted || frame.perhaps_filtered) return frame;
  ++filtered_;
  counters_.add("rx_filtered", frame.end);
  unwanted_.push_back(std::move(frame));
  return std::nullopt;
}

bool FilterFollower::perhaps_unwanted(Arrival const& frame) const {
  return frame.end + kMomentToFilter >= set_at_ &&
         (blind_until_ == kNever || !filter_.wants(frame.bytes));
}

std::vector<Arrival> FilterFollower::take_perhaps_wanted() {
  std::vector<Arrival> taken;
  auto const passes = [&](Arrival const& frame) {
    return frame.end + kMomentToFilter >= set_at_ && filter_.wants(frame.bytes);
  };
  for (Arrival& frame : unwanted_) {
    if (!passes(frame)) continue;
    --filtered_;
    taken.push_back(frame);
    taken.back().perhaps_filtered = true;
  }
  std::erase_if(unwanted_, passes);
  return taken;
}

}  // namespace ringside::testbench::lockstep
