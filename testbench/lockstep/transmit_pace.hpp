// When, at the latest, what has been read of packets is ready for the wire. The transmit engine
// works on one packet at a time, a beat or an element a cycle, and begins none while the packet
// before it waits to be given back: a link that takes no writes holds frames up as well.
#pragma once

#include <cstdint>
#include <map>

#include "interface/base/time.hpp"

namespace ringside::testbench::lockstep {

class TransmitPace {
 public:
  // A session begins.
  void start() { packets_.clear(); }
  // The engine takes a packet of some queue up, behind all others before it. Gives its number. When
  // it takes up one of which it reads nothing (`silent`) does not show: its place among those of
  // other queues is not known.
  std::uint64_t enter(bool silent);
  // Its last byte has come; it takes that many steps to get it through, to the wire or not.
  void read(std::uint64_t number, TimePoint at, std::int64_t steps);
  // It has been given back.
  void returned(std::uint64_t number, TimePoint at);
  // kNever: nobody can tell, since a packet before it, or perhaps before it, has not been given
  // back.
  TimePoint ready(std::uint64_t number) const;
  // Nobody asks for this packet any more, nor for those before it.
  void forget(std::uint64_t number);

 private:
  struct Packet {
    TimePoint read = kNever;
    TimePoint returned = kNever;
    std::int64_t steps = 0;
    bool silent = false;
    bool forgotten = false;
  };

  std::map<std::uint64_t, Packet> packets_;  // but those that are forgotten and given back
  std::uint64_t next_ = 0;
};

}  // namespace ringside::testbench::lockstep
