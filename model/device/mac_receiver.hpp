// The receiving MAC up to the end of a frame: finds the frame among preamble and errors, keeps its
// bytes as far as they can matter, and checks the FCS over all of them.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "interface/layout/limits.hpp"
#include "interface/seam/wire.hpp"
#include "model/device/frame_check_sequence.hpp"

namespace ringside::model {

// What the wire brought between two gaps.
struct ReceivedFrame {
  std::vector<std::uint8_t> bytes;  // destination address to FCS; cut behind kMostStored
  std::uint64_t length = 0;         // of all there was
  bool fcs_good = false;
  bool symbol_error = false;   // an error character in it
  bool framing_error = false;  // no SFD where it belongs, or no end before the next start

  // A frame that came whole and without errors of the physical layer.
  static ReceivedFrame of(Bytes frame_with_fcs);

  static constexpr std::size_t kMostStored = layout::kMaxFrameBytes + FrameCheckSequence::kBytes;
};

class MacReceiver {
 public:
  // Pieces come in the order of their time. A frame that never ended is known when the next one
  // begins, so that one piece may end two.
  struct Outcome {
    std::optional<ReceivedFrame> broken;  // ended by the start of this piece's frame
    std::optional<ReceivedFrame> ended;   // ended with this piece
  };
  Outcome receive(FramePiece const& piece);

 private:
  void add(Bytes bytes);

  bool open_ = false;
  std::uint64_t position_ = 0;  // in the frame on the wire, start character included
  FrameCheckSequence fcs_;
  ReceivedFrame frame_;
};

}  // namespace ringside::model
