// XGMII: the words of a MAC become pieces of frames on a wire, and back.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <vector>

#include "interface/seam/wire.hpp"
#include "testbench/nic/observer.hpp"
#include "testbench/nic/pins.hpp"

namespace ringside::testbench {

// From the MAC's transmit side to a wire. Data leaves in pieces as large as the clock loop's
// window.
class XgmiiTransmitter {
 public:
  XgmiiTransmitter(Pins& pins) : pins_(pins) {}

  void connect(Wire& wire) { wire_ = &wire; }
  void observe(NicObserver* observer) { observer_ = observer; }

  // After the clock edge that begins `cycle`: takes the word that is now on the pins.
  void sample(Cycle cycle) {
    if (pins_.xgmii_txd_o == resting_word_ && !in_frame_ && pins_.xgmii_txc_o != 0) return;
    take(cycle);
  }
  // Sends what has been collected. Called at the end of each window, before time passes.
  void flush();

  bool in_frame() const { return in_frame_; }

  static constexpr std::uint64_t kIdleWord = 0x0707070707070707;

 private:
  void take(Cycle cycle);
  void begin(Cycle cycle, unsigned lane);
  void end();
  void between_frames(Cycle cycle, unsigned lane);
  void change_signal(Cycle cycle, unsigned lane, LineSignal signal);
  void send(bool last);

  Pins& pins_;
  Wire* wire_ = nullptr;
  NicObserver* observer_ = nullptr;
  std::vector<std::uint8_t> bytes_;
  TimePoint start_{};
  std::uint64_t resting_word_ = kIdleWord;  // what has been told of
  LineSignal signal_ = LineSignal::Idle;
  bool in_frame_ = false;
  bool first_ = false;
  bool error_ = false;
};

// From a wire to the MAC's receive side. A frame starts in the first lane 0 or 4 at or after its
// time, and at least a minimum gap behind the frame before; one that is to start wrong, a lane
// later. In columns without any of a frame stand ordered sets if the line says so.
class XgmiiReceiver {
 public:
  XgmiiReceiver(Pins& pins) : pins_(pins) { drive_idle(); }

  void observe(NicObserver* observer) { observer_ = observer; }

  // Returns by how much later than told the piece is at the pins.
  Duration receive(FramePiece const& piece);
  // Returns the cycle in which it is seen.
  Cycle signal(LineChange const& change);
  // The cycle in which the frame received last begins.
  Cycle last_start() const { return frames_.back().slot / 2; }

  // Before the clock edge that ends `cycle`: puts the word of this cycle on the pins.
  void drive(Cycle cycle) {
    if (!line_busy_ && (frames_.empty() || frames_.front().slot / 2 > cycle)) {
      if (shown_) drive_idle();
      return;
    }
    build(cycle);
  }
  Cycle next(Cycle cycle) const {
    if (shown_) return cycle;
    Cycle const frame = frames_.empty() ? kNoCycle : frames_.front().slot / 2;
    return line_busy_ && !changes_.empty() ? std::min(frame, changes_.front().slot / 2) : frame;
  }

 private:
  static constexpr unsigned kMinGapBytes = 5;  // terminate included (IEEE 802.3, 46.3.1.4)

  struct Frame {
    std::int64_t slot;  // start, in half words of 3.2 ns
    std::vector<std::uint8_t> bytes;
    std::size_t sent = 0;
    bool complete = false;
    bool error = false;
    std::size_t error_at = 0;
    unsigned lane = 0;  // of its start, behind that of the slot; not 0: a wrong one
    bool ends = true;   // with the character that ends a frame
  };

  struct Change {
    std::int64_t slot;
    LineSignal signal;
  };

  void build(Cycle cycle);
  void build_columns(Cycle cycle, unsigned taken);
  void drive_idle();
  void put(unsigned lane, std::uint8_t byte, bool control);

  Pins& pins_;
  NicObserver* observer_ = nullptr;
  std::deque<Frame> frames_;
  std::deque<Change> changes_;
  LineSignal signal_ = LineSignal::Idle;
  LineSignal shown_signal_ = LineSignal::Idle;  // in the column before
  bool line_busy_ = false;                      // there are ordered sets, or changes to come
  Duration shift_{0};           // of the frame received last, by its place in columns
  std::int64_t free_slot_ = 0;  // the earliest start after the frames known so far
  std::uint64_t data_ = 0;
  std::uint8_t control_ = 0;
  bool shown_ = false;  // something else than idle is on the pins
};

}  // namespace ringside::testbench
