// Which receive queues a frame may go to. The device hashes a frame by the setting of the moment at
// which it begins, and looks for its queue when those before it are gone, by that of then; a change
// of setting is not known to the cycle.
#pragma once

#include <deque>

#include "model/device/steering.hpp"
#include "testbench/lockstep/arrival_follower.hpp"

namespace ringside::testbench::lockstep {

class SteeringFollower {
 public:
  // The steering that the device has from now on, or from some time until it is settled. Frames
  // that wait go through changed_for() then.
  void set(model::Steering steering, TimePoint at);
  void settled(TimePoint at);
  model::Steering const& steering() const { return steering_; }

  // Notes where a new frame may go.
  void look_at(Arrival& frame) const;
  // Where else one may go now.
  void changed_for(Arrival& frame) const;

 private:
  struct Former {
    model::Steering steering;
    TimePoint until;  // a frame before may be handled by it; kNever: not settled
  };

  static void add_hash(Arrival& frame, model::Steering const& steering);
  static void add_pairs(Arrival& frame, model::Steering const& steering);

  model::Steering steering_;
  TimePoint set_at_{};
  std::deque<Former> former_;
};

}  // namespace ringside::testbench::lockstep
