// The seam between two devices on a cable: 10 Gb/s Ethernet frames with the exact time of each
// byte.
#pragma once

#include <array>
#include <cstdint>

#include "interface/base/bytes.hpp"
#include "interface/base/time.hpp"

namespace ringside {

// What a frame begins with on the wire: the start character, told as 0x55, the rest, and the SFD.
inline constexpr std::array<std::uint8_t, 8> kPreamble{0x55, 0x55, 0x55, 0x55,
                                                       0x55, 0x55, 0x55, 0xD5};

// Consecutive bytes of one frame: preamble (the start character counts as its first 0x55), SFD,
// frame, FCS. A device that knows the frame sends it as one piece; one that makes it word by word
// sends pieces, each starting where the one before ended (`start` + 800 ps a byte).
struct FramePiece {
  TimePoint start;     // when the first of `bytes` is on the wire
  Bytes bytes;         // valid during the call only
  bool first = false;  // the frame begins here: bytes[0] is the start character
  bool last = false;   // the frame ends behind `bytes` (which may then be empty)
  bool error = false;  // an error character lies in this piece; the frame is bad

  // What is wrong with where the frame begins (told with its first piece) or ends (with its last).
  enum class Framing : std::uint8_t {
    Right,
    WrongLane,  // the start is in a lane in which no frame may start: nothing of it is one
    NoEnd       // idle follows the last byte, without the character that ends a frame
  };
  Framing framing = Framing::Right;

  // A frame begins here, however it may go on.
  bool starts() const { return first && framing != Framing::WrongLane; }
};

// What a wire carries where there is no frame: idle, or ordered sets in every column of four bytes
// (IEEE 802.3, 46.3.4). A local fault is what a PHY says that receives nothing; a remote fault is
// what a station sends that is told of a local one.
enum class LineSignal : std::uint8_t { Idle, LocalFault, RemoteFault };

// From `start` on.
struct LineChange {
  TimePoint start;
  LineSignal signal;
};

// An end of a wire. The sender calls ahead of time: `piece.start` is at least the wire's delay away
// from the present, and pieces come in the order of their time.
class WireReceiver {
 public:
  virtual ~WireReceiver() = default;
  virtual void receive(FramePiece const& piece) = 0;
  // For those who care about more than frames. Changes and pieces come in the order of their time.
  virtual void signal(LineChange const& /*change*/) {}
};

// What a device sends into. `delay()` is the least time until anything sent can be noticed at the
// other end: the lookahead by which a simulation may let the sender run ahead.
class Wire {
 public:
  virtual ~Wire() = default;
  virtual void send(FramePiece const& piece) = 0;
  virtual void signal(LineChange const& /*change*/) {}
  virtual Duration delay() const = 0;
};

}  // namespace ringside
