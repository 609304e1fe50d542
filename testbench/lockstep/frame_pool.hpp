// Good frames off the wire whose fate is not known yet. The device handles them in the order of
// their arrival, whatever queue they go to, so those before one that is delivered were dropped.
#pragma once

#include <cstdint>
#include <deque>

#include "testbench/lockstep/arrival_follower.hpp"
#include "testbench/lockstep/counter_follower.hpp"
#include "testbench/lockstep/filter_follower.hpp"
#include "testbench/lockstep/steering_follower.hpp"

namespace ringside::testbench::lockstep {

class FramePool {
 public:
  // In the order of their arrival, also those of which it turns out late that they passed.
  void add(Arrival frame);

  // A session begins: frames that arrived well before it are not delivered any more.
  void start(TimePoint at);

  // Some of the frames may not have passed it; whether there are any.
  bool filter_changed(FilterFollower const& filter);
  void steering_changed(SteeringFollower const& steering);

  std::deque<Arrival> const& frames() const { return frames_; }
  // Whether one may be for that pair.
  bool any_for(std::uint16_t pair) const;

  // The frame of that index is delivered.
  Arrival take(std::size_t index);
  // One that was taken was not delivered after all.
  void drop(bool perhaps_filtered) { ++(perhaps_filtered ? dropped_or_filtered_ : dropped_); }

  // Good frames that were not delivered: for certain, and perhaps.
  CounterFollower::Range dropped() const;
  // Those of them that the filter may not have let pass.
  std::uint64_t perhaps_filtered() const;

 private:
  static constexpr std::size_t kMostFrames = 1024;  // more than fit any storage: older ones drop
  void drop_oldest(std::size_t frames);

  std::deque<Arrival> frames_;
  std::uint64_t dropped_ = 0;
  std::uint64_t dropped_or_filtered_ = 0;
};

}  // namespace ringside::testbench::lockstep
