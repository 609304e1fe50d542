// What arrives from the wire: every frame is counted, good ones go on.
#pragma once

#include <optional>
#include <vector>

#include "model/device/mac_receiver.hpp"
#include "testbench/lockstep/counter_follower.hpp"
#include "testbench/lockstep/judge.hpp"

namespace ringside::testbench::lockstep {

// A good frame without FCS, and when its last byte was there.
struct Arrival {
  TimePoint end;
  std::vector<std::uint8_t> bytes;
};

class ArrivalFollower {
 public:
  ArrivalFollower(Judge& judge, CounterFollower& counters) : judge_(judge), counters_(counters) {}

  std::optional<Arrival> received(FramePiece const& piece);

 private:
  void count_frame(TimePoint end, model::ReceivedFrame const& frame);

  Judge& judge_;
  CounterFollower& counters_;
  model::MacReceiver mac_;
};

}  // namespace ringside::testbench::lockstep
