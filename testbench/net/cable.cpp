#include "testbench/net/cable.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ringside::testbench {

namespace {

TimePoint end_of(FramePiece const& piece) {
  return piece.start + kByteTime * static_cast<std::int64_t>(piece.bytes.size());
}

}  // namespace

CableDirection::CableDirection(Timeline& timeline, Duration delay, CableFaults const& faults,
                               Random random)
    : timeline_(timeline),
      origin_(timeline.add_origin()),
      delay_(delay),
      faults_(faults),
      random_(random) {
  draw_error_distance();
}

void CableDirection::send(FramePiece const& piece) {
  if (piece.first) begin_frame(piece);
  if (fate_ == Fate::Pass) pass_on(piece);
  sent_.take(piece, [this](WireFrame&& frame) { finish_frame(frame); });
}

void CableDirection::signal(LineChange const& change) {
  hash_.add(change.start);
  hash_.add(static_cast<std::uint64_t>(change.signal));
  if (receiver_ != nullptr) receiver_->signal({change.start + delay_, change.signal});
}

// A frame's fate is drawn when it begins, so that a good one passes without being stored.
void CableDirection::begin_frame(FramePiece const& piece) {
  fate_ = Fate::Pass;
  duplicate_ = false;
  corrupted_ = false;
  if (faults_.any()) {
    if (random_.chance(faults_.loss)) {
      fate_ = Fate::Lose;
    } else if (random_.chance(faults_.reorder) && !held_) {
      fate_ = Fate::Hold;
    }
    duplicate_ = random_.chance(faults_.duplicate);
  }
  shift_ = std::max(piece.start + delay_, line_free_) - piece.start;
}

void CableDirection::pass_on(FramePiece const& piece) {
  FramePiece moved = piece;
  moved.start += shift_;
  std::vector<std::uint8_t> damaged;
  if (faults_.bit_error_rate > 0) {
    damaged.assign(piece.bytes.begin(), piece.bytes.end());
    corrupted_ |= corrupt(damaged);
    moved.bytes = damaged;
  }
  deliver(moved);
  // Frames keep the spacing that their sender chose until one has had to wait for the line.
  if (moved.last && shift_ > delay_) line_free_ = end_of(moved) + kGap;
}

void CableDirection::finish_frame(WireFrame const& sent) {
  ++statistics_.frames;
  statistics_.octets += sent.bytes.size() - std::min(sent.bytes.size(), WireFrame::kPreambleBytes);
  hash_.add(sent.start);
  hash_.add(sent.bytes);
  if (at_sender_) at_sender_(sent);
  if (corrupted_) fault(statistics_.corrupted, sent, "damaged");
  switch (fate_) {
    case Fate::Lose:
      fault(statistics_.lost, sent, "lost");
      return;
    case Fate::Hold:
      hold(sent);
      return;
    case Fate::Pass:
      break;
  }
  if (duplicate_) {
    fault(statistics_.duplicated, sent, "doubled");
    deliver_behind(sent);
  }
  if (held_) release_held();
}

void CableDirection::fault(std::uint64_t& counter, WireFrame const& frame,
                           std::string_view what) const {
  ++counter;
  if (at_fault_) at_fault_(frame, what);
}

void CableDirection::hold(WireFrame const& frame) {
  fault(statistics_.reordered, frame, "overtaken by the next");
  held_ = frame;
  std::uint64_t const number = ++held_number_;
  timeline_.at(frame.end() + kLongestHold, origin_, [this, number] {
    if (held_ && held_number_ == number) release_held();
  });
}

void CableDirection::release_held() {
  WireFrame const frame = std::move(*held_);
  held_.reset();
  deliver_behind(frame);
}

// An extra frame, as soon as the line is free behind what has been delivered.
void CableDirection::deliver_behind(WireFrame frame) {
  frame.start = std::max({frame.end() + delay_, last_end_ + kGap, line_free_, present() + delay_});
  line_free_ = frame.end() + kGap;
  deliver(frame.as_piece());
}

void CableDirection::deliver(FramePiece const& piece) {
  last_end_ = end_of(piece);
  if (at_receiver_) {
    arrived_.take(piece, [this](WireFrame&& frame) { at_receiver_(frame); });
  }
  if (receiver_ != nullptr) receiver_->receive(piece);
}

// Errors come at exponentially distributed distances, whatever the frames' lengths.
void CableDirection::draw_error_distance() {
  bits_to_error_ = faults_.bit_error_rate > 0
                       ? -std::log(1 - random_.unit()) / faults_.bit_error_rate
                       : std::numeric_limits<double>::infinity();
}

bool CableDirection::corrupt(std::vector<std::uint8_t>& bytes) {
  auto const bits = static_cast<double>(bytes.size() * 8);
  bool any = false;
  double at = bits_to_error_;
  while (at < bits) {
    auto const bit = static_cast<std::size_t>(at);
    bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    any = true;
    draw_error_distance();
    at = static_cast<double>(bit) + 1 + bits_to_error_;
  }
  bits_to_error_ = at - bits;
  return any;
}

}  // namespace ringside::testbench
