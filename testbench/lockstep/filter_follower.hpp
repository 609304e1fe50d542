// Which frames pass the receive filter. The device judges a frame while it comes in, by the setting
// of that moment, which is not known to the cycle: a frame that came in around a change may pass or
// not.
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "model/device/receive_filter.hpp"
#include "testbench/lockstep/arrival_follower.hpp"
#include "testbench/lockstep/counter_follower.hpp"

namespace ringside::testbench::lockstep {

class FilterFollower {
 public:
  explicit FilterFollower(CounterFollower& counters) : counters_(counters) {}

  // The filter that the device has from now on, or from some time until it is settled.
  void set(model::ReceiveFilter filter, TimePoint at);
  void settled(TimePoint at);
  // Any filter from now on, and until: what commands do to it is not followed.
  void lose_sight() { blind_until_ = kNever; }
  void see_again(TimePoint at);
  model::ReceiveFilter const& filter() const { return filter_; }

  // The frame, if it may pass.
  std::optional<Arrival> received(Arrival frame);

  // A frame was let pass; now that the filter is another one: whether it may not have passed.
  bool perhaps_unwanted(Arrival const& frame) const;
  // Those that were not let pass and, now that the filter is another one, may have.
  std::vector<Arrival> take_perhaps_wanted();

  // Frames that did not pass for certain.
  std::uint64_t filtered() const { return filtered_; }

 private:
  struct Former {
    model::ReceiveFilter filter;
    TimePoint until;  // a frame that began before may be judged by it; kNever: not settled
  };

  CounterFollower& counters_;
  model::ReceiveFilter filter_;
  TimePoint set_at_{};
  std::deque<Former> former_;
  std::deque<Arrival> unwanted_;  // those of the last moment
  std::uint64_t filtered_ = 0;
  TimePoint blind_until_{};  // no frame that begins before it is judged for certain
};

}  // namespace ringside::testbench::lockstep
