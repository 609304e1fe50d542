// What arrives from the wire: every frame is counted, good ones go on, but for those that are for
// the MAC alone.
#pragma once

#include <optional>
#include <vector>

#include "model/device/mac_receiver.hpp"
#include "model/device/steering.hpp"
#include "testbench/lockstep/counter_follower.hpp"
#include "testbench/lockstep/judge.hpp"
#include "testbench/lockstep/line_follower.hpp"

namespace ringside::testbench::lockstep {

// A good frame without FCS, and when its last byte was there.
struct Arrival {
  TimePoint end;
  std::vector<std::uint8_t> bytes;
  bool perhaps_filtered = false;             // the receive filter may not have let it pass
  std::vector<model::FrameHashes> hashes{};  // one of these has been made of it
  std::uint32_t pairs = 0;                   // and one of these is the queue pair: a bit each

  TimePoint start() const { return end - kByteTime * static_cast<std::int64_t>(bytes.size()); }
  bool may_be_for(std::uint16_t pair) const { return (pairs >> pair & 1) != 0; }
};

class ArrivalFollower {
 public:
  ArrivalFollower(Judge& judge, CounterFollower& counters, LineFollower& line,
                  MacAddress const& station)
      : judge_(judge), counters_(counters), line_(line), station_(station) {}

  std::optional<Arrival> received(FramePiece const& piece);

 private:
  void count_frame(TimePoint end, model::ReceivedFrame const& frame);

  Judge& judge_;
  CounterFollower& counters_;
  LineFollower& line_;
  MacAddress station_;
  model::MacReceiver mac_;
};

}  // namespace ringside::testbench::lockstep
