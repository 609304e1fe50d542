// Frames that the reference sends, and those that come out of the RTL's MAC, compared byte by byte:
// preamble, frame, padding, FCS. Each begins in the very lane and cycle that the rules give it.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "interface/base/mac_address.hpp"
#include "interface/seam/wire.hpp"
#include "testbench/lockstep/counter_follower.hpp"
#include "testbench/lockstep/judge.hpp"
#include "testbench/lockstep/line_follower.hpp"
#include "testbench/lockstep/transmit_pace.hpp"
#include "testbench/net/frame_assembler.hpp"

namespace ringside::testbench::lockstep {

class WireFollower {
 public:
  WireFollower(Judge& judge, CounterFollower& counters, LineFollower& line,
               model::MacSettings const& settings, MacAddress const& station)
      : judge_(judge), counters_(counters), line_(line), settings_(settings), station_(station) {}

  // The engine before it: told of packets that are read and given back.
  TransmitPace& pace() { return pace_; }
  // A frame is to leave: destination address to FCS; of which packet, to the pace: they leave in
  // that order. `optional`: or it stays, if nothing of it has left.
  void expect(TimePoint at, std::vector<std::uint8_t> frame, std::uint64_t packet, bool optional);
  // The session is over: what has not left yet may leave or not, whole.
  void release();
  // Frames leave that nobody can foresee, until one leaves that is expected.
  void lose_sight() {
    expected_.clear();
    blind_ = true;
  }
  void sent(FramePiece const& piece);

  // Frames have been read that have not left yet.
  bool has_waiting() const { return !expected_.empty(); }
  // Since when a frame has been waiting that has to leave; kNever: none has to, or may.
  TimePoint waiting_since(TimePoint at) const;

 private:
  struct Expected {
    TimePoint at;
    std::vector<std::uint8_t> bytes;
    std::uint64_t packet;
    bool optional;
  };
  void begin(TimePoint start);
  void end(WireFrame const& frame);
  void compare(WireFrame const& frame);
  void compare_control(WireFrame const& frame);
  std::optional<std::uint16_t> asks_for(Bytes frame) const;
  void note_told(std::optional<std::uint16_t> quanta, TimePoint start);
  void check_start(TimePoint ready, bool of_control);

  Judge& judge_;
  CounterFollower& counters_;
  LineFollower& line_;
  model::MacSettings const& settings_;
  MacAddress station_;
  TransmitPace pace_;
  std::deque<Expected> expected_;
  FrameAssembler assembler_;
  bool blind_ = false;
  // The start of the frame under way, and the earliest that it could have: both in bytes.
  std::int64_t start_ = 0;
  std::int64_t earliest_ = 0;
  std::int64_t deficit_ = 0;       // bytes that gaps fell short of 12 before it
  std::int64_t next_deficit_ = 0;  // behind it, if it began at the earliest
  bool first_ = true;              // no frame before it
  // What the other end was told last.
  enum class Told : std::uint8_t { Go, Stop, Unknown } told_ = Told::Go;
  TimePoint again_at_{};  // then it may be told to stop again
  TimePoint sent_end_{};  // of the last frame: those behind it have waited for it
};

}  // namespace ringside::testbench::lockstep
