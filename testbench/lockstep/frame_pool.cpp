#include "testbench/lockstep/frame_pool.hpp"

#include <algorithm>
#include <utility>

namespace ringside::testbench::lockstep {

namespace {

constexpr Duration kMomentToDrop{1'000'000};

}  // namespace

void FramePool::add(Arrival frame) {
  auto const place = std::find_if(frames_.rbegin(), frames_.rend(),
                                  [&](Arrival const& other) { return other.end <= frame.end; });
  frames_.insert(place.base(), std::move(frame));
  if (frames_.size() > kMostFrames) drop_oldest(1);
}

void FramePool::start(TimePoint at) {
  std::size_t late = 0;
  while (late < frames_.size() && frames_[late].end + kMomentToDrop < at) ++late;
  drop_oldest(late);
}

bool FramePool::filter_changed(FilterFollower const& filter) {
  bool any = false;
  for (Arrival& frame : frames_) {
    if (!filter.perhaps_unwanted(frame)) continue;
    frame.perhaps_filtered = any = true;
  }
  return any;
}

void FramePool::steering_changed(SteeringFollower const& steering) {
  for (Arrival& frame : frames_) steering.changed_for(frame);
}

bool FramePool::any_for(std::uint16_t pair) const {
  return std::any_of(frames_.begin(), frames_.end(),
                     [pair](Arrival const& frame) { return frame.may_be_for(pair); });
}

Arrival FramePool::take(std::size_t index) {
  drop_oldest(index);
  Arrival taken = std::move(frames_.front());
  frames_.pop_front();
  return taken;
}

void FramePool::drop_oldest(std::size_t frames) {
  for (std::size_t i = 0; i < frames; ++i) drop(frames_[i].perhaps_filtered);
  frames_.erase(frames_.begin(), frames_.begin() + static_cast<std::ptrdiff_t>(frames));
}

CounterFollower::Range FramePool::dropped() const {
  return {dropped_, dropped_ + dropped_or_filtered_ + frames_.size()};
}

std::uint64_t FramePool::perhaps_filtered() const {
  auto const waiting = std::count_if(frames_.begin(), frames_.end(),
                                     [](Arrival const& frame) { return frame.perhaps_filtered; });
  return dropped_or_filtered_ + static_cast<std::uint64_t>(waiting);
}

}  // namespace ringside::testbench::lockstep
