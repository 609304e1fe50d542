// Frames that the reference sends, and those that come out of the RTL's MAC, compared byte by byte:
// preamble, frame, padding, FCS, and the gap between them.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "interface/seam/wire.hpp"
#include "testbench/lockstep/counter_follower.hpp"
#include "testbench/lockstep/judge.hpp"
#include "testbench/net/frame_assembler.hpp"

namespace ringside::testbench::lockstep {

class WireFollower {
 public:
  WireFollower(Judge& judge, CounterFollower& counters) : judge_(judge), counters_(counters) {}

  // A frame is to leave: destination address to FCS. `optional`: or it stays, if nothing of it has
  // left.
  void expect(TimePoint at, std::vector<std::uint8_t> frame, bool optional);
  // The session is over: what has not left yet may leave or not, whole.
  void release();
  // Frames leave that nobody can foresee, until one leaves that is expected.
  void lose_sight() {
    expected_.clear();
    blind_ = true;
  }
  void sent(FramePiece const& piece);

  // Since when a frame has been waiting that has to leave; kNever: none has to.
  TimePoint waiting_since() const;

 private:
  struct Expected {
    TimePoint at;
    std::vector<std::uint8_t> bytes;
    bool optional;
  };
  void compare(WireFrame const& frame);
  void check_gap(TimePoint start);

  Judge& judge_;
  CounterFollower& counters_;
  std::deque<Expected> expected_;
  FrameAssembler assembler_;
  bool blind_ = false;
  TimePoint free_{};          // the end of the frame before
  std::int64_t deficit_ = 0;  // bytes that gaps have fallen short of 12 so far
};

}  // namespace ringside::testbench::lockstep
