#include "model/device/mac_receiver.hpp"

#include <algorithm>
#include <utility>

namespace ringside::model {
namespace {

constexpr std::uint64_t kSfdPosition = 7;  // behind the start character and six bytes of preamble
constexpr std::uint8_t kSfd = 0xD5;

}  // namespace

ReceivedFrame ReceivedFrame::of(Bytes frame_with_fcs) {
  FrameCheckSequence fcs;
  fcs.add(frame_with_fcs);
  Bytes const stored = frame_with_fcs.first(std::min(frame_with_fcs.size(), kMostStored));
  return {.bytes = {stored.begin(), stored.end()},
          .length = frame_with_fcs.size(),
          .fcs_good = fcs.good()};
}

MacReceiver::Outcome MacReceiver::receive(FramePiece const& piece) {
  Outcome outcome;
  if (piece.first) {
    if (open_) {
      frame_.framing_error = true;
      outcome.broken = std::move(frame_);
    }
    open_ = true;
    position_ = 0;
    fcs_ = {};
    frame_ = {};
  }
  if (!open_) return outcome;  // the rest of something whose beginning was not a frame's

  frame_.symbol_error = frame_.symbol_error || piece.error;
  frame_.framing_error = frame_.framing_error || piece.framing != FramePiece::Framing::Right;
  add(piece.bytes);
  if (piece.last) {
    if (position_ <= kSfdPosition) frame_.framing_error = true;
    frame_.fcs_good = fcs_.good();
    open_ = false;
    outcome.ended = std::move(frame_);
  }
  return outcome;
}

void MacReceiver::add(Bytes bytes) {
  while (!bytes.empty() && position_ <= kSfdPosition) {
    if (position_ == kSfdPosition && bytes[0] != kSfd) frame_.framing_error = true;
    bytes = bytes.subspan(1);
    ++position_;
  }
  position_ += bytes.size();
  fcs_.add(bytes);
  frame_.length += bytes.size();
  std::size_t const room = ReceivedFrame::kMostStored - frame_.bytes.size();
  Bytes const stored = bytes.first(std::min(bytes.size(), room));
  frame_.bytes.insert(frame_.bytes.end(), stored.begin(), stored.end());
}

}  // namespace ringside::model
