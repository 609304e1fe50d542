// When, at the latest, what has been read of packets is ready for the wire. The transmit engine
// works on one packet at a time, a beat or an element a cycle, and begins none while the packet
// before it waits to be given back: a link that takes no writes holds frames up as well.
#pragma once

#include <cstdint>
#include <deque>

#include "interface/base/time.hpp"

namespace ringside::testbench::lockstep {

class TransmitPace {
 public:
  // A session begins.
  void start() { ready_.clear(), unfinished_.clear(), first_ = next_; }
  // A packet's last byte has come; it takes that many steps to get it through, to the wire or not.
  // Gives the packet's number.
  std::uint64_t read(TimePoint at, std::int64_t steps);
  // The oldest that has not been given back is, now.
  void returned(TimePoint at);
  // kNever: nobody can tell, since the packet before it has not been given back.
  TimePoint ready(std::uint64_t number) const;
  // Nobody asks for this packet any more, nor for those before it.
  void forget(std::uint64_t number);

 private:
  struct Unfinished {
    TimePoint read;
    std::int64_t steps;
  };
  void settle(TimePoint from);

  std::deque<Unfinished> unfinished_;  // read, not given back
  std::deque<TimePoint> ready_;        // of each packet from first_ on as far as it is known
  std::uint64_t first_ = 0;
  std::uint64_t next_ = 0;
};

}  // namespace ringside::testbench::lockstep
