// Collects the pieces of frames on a wire into whole frames.
#pragma once

#include <utility>
#include <vector>

#include "interface/seam/wire.hpp"

namespace ringside::testbench {

// A frame as it was on the wire: preamble, SFD, frame, FCS.
struct WireFrame {
  TimePoint start;
  std::vector<std::uint8_t> bytes;
  bool error = false;  // an error character lay in it
  FramePiece::Framing framing = FramePiece::Framing::Right;

  TimePoint end() const { return start + kByteTime * static_cast<std::int64_t>(bytes.size()); }

  static constexpr std::size_t kPreambleBytes = kPreamble.size();
  static constexpr std::size_t kFcsBytes = 4;
  static constexpr std::size_t kMinBytes = kPreambleBytes + 64;

  // What a capture shows: from the destination address to the end of the payload.
  Bytes contents() const {
    if (bytes.size() < kPreambleBytes + kFcsBytes) return {};
    return Bytes(bytes).subspan(kPreambleBytes, bytes.size() - kPreambleBytes - kFcsBytes);
  }
  FramePiece as_piece() const { return {start, bytes, true, true, error, framing}; }
};

// Whether the FCS of a frame matches and it is long enough to be one.
bool is_intact(WireFrame const& frame);

// What a station makes of `contents` (destination address to payload): padded to the minimum, with
// preamble and FCS. A bad station pads to `least` bytes only.
inline constexpr std::size_t kLeastContents = 60;
WireFrame frame_of(TimePoint start, Bytes contents, std::size_t least = kLeastContents);

class FrameAssembler {
 public:
  // Hands each completed frame to `done(WireFrame&&)`. Pieces without a beginning are ignored:
  // their frame began before anyone listened.
  template <class Done>
  void take(FramePiece const& piece, Done&& done) {
    if (piece.first) {
      frame_ = {piece.start, {}};
      open_ = true;
    }
    if (!open_) return;
    frame_.bytes.insert(frame_.bytes.end(), piece.bytes.begin(), piece.bytes.end());
    frame_.error |= piece.error;
    if (frame_.framing == FramePiece::Framing::Right) frame_.framing = piece.framing;
    if (!piece.last) return;
    open_ = false;
    done(std::move(frame_));
  }

 private:
  WireFrame frame_{};
  bool open_ = false;
};

// The far end of a wire, where whole frames are kept.
struct CollectingReceiver : WireReceiver {
  void receive(FramePiece const& piece) override {
    started += piece.first ? 1 : 0;
    assembler.take(piece, [this](WireFrame&& frame) { frames.push_back(std::move(frame)); });
  }
  void signal(LineChange const& change) override { changes.push_back(change); }
  FrameAssembler assembler;
  std::size_t started = 0;
  std::vector<WireFrame> frames;
  std::vector<LineChange> changes;
};

}  // namespace ringside::testbench
