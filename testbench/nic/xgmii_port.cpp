#include "testbench/nic/xgmii_port.hpp"

#include <algorithm>
#include <cassert>

namespace ringside::testbench {

namespace {

constexpr std::uint8_t kStart = 0xFB;
constexpr std::uint8_t kTerminate = 0xFD;
constexpr std::uint8_t kError = 0xFE;
constexpr std::uint8_t kIdle = 0x07;
constexpr std::uint8_t kPreamble = 0x55;
constexpr std::uint8_t kSequence = 0x9C;
constexpr unsigned kColumnLanes = 4;
constexpr unsigned kWrongLane = 2;
constexpr Duration kSlotTime = kNicCycle / 2;

}  // namespace

void XgmiiTransmitter::take(Cycle cycle) {
  std::uint64_t const data = pins_.xgmii_txd_o;
  std::uint8_t const control = pins_.xgmii_txc_o;
  if (in_frame_ && control == 0) {
    std::size_t const size = bytes_.size();
    bytes_.resize(size + 8);
    store_le(bytes_.data() + size, data);
    return;
  }
  for (unsigned lane = 0; lane < 8; ++lane) {
    auto const byte = static_cast<std::uint8_t>(data >> (8 * lane));
    if ((control >> lane & 1) == 0) {
      if (in_frame_) bytes_.push_back(byte);
    } else if (byte == kStart) {
      begin(cycle, lane);
    } else if (in_frame_ && byte == kError) {
      error_ = true;
      bytes_.push_back(byte);
    } else if (in_frame_) {
      end();
    } else if (lane % kColumnLanes == 0 && (byte == kIdle || byte == kSequence)) {
      between_frames(cycle, lane);
    }
  }
  if (control != 0 && !in_frame_) resting_word_ = data;
}

// A column of idle, or an ordered set that tells of a fault by its last byte.
void XgmiiTransmitter::between_frames(Cycle cycle, unsigned lane) {
  LineSignal seen = LineSignal::Idle;
  if (static_cast<std::uint8_t>(pins_.xgmii_txd_o >> (8 * lane)) == kSequence) {
    auto const kind = static_cast<std::uint8_t>(pins_.xgmii_txd_o >> (8 * lane + 24));
    seen = kind == 1 ? LineSignal::LocalFault : LineSignal::RemoteFault;
  }
  if (seen != signal_) change_signal(cycle, lane, seen);
}

void XgmiiTransmitter::change_signal(Cycle cycle, unsigned lane, LineSignal signal) {
  signal_ = signal;
  LineChange const change{time_of(cycle) + kByteTime * lane, signal};
  if (observer_ != nullptr) observer_->line_sent(change);
  wire_->signal(change);
}

void XgmiiTransmitter::begin(Cycle cycle, unsigned lane) {
  if (signal_ != LineSignal::Idle) change_signal(cycle, lane, LineSignal::Idle);
  start_ = time_of(cycle) + kByteTime * lane;
  bytes_.assign(1, kPreamble);
  in_frame_ = true;
  first_ = true;
  error_ = false;
}

void XgmiiTransmitter::end() {
  in_frame_ = false;
  send(true);
  bytes_.clear();
}

void XgmiiTransmitter::send(bool last) {
  FramePiece const piece{start_, bytes_, first_, last, error_};
  if (observer_ != nullptr) observer_->sent(piece);
  wire_->send(piece);
}

void XgmiiTransmitter::flush() {
  if (!in_frame_ || bytes_.empty()) return;
  send(false);
  start_ += kByteTime * static_cast<std::int64_t>(bytes_.size());
  bytes_.clear();
  first_ = false;
  error_ = false;
}

Duration XgmiiReceiver::receive(FramePiece const& piece) {
  if (piece.first) {
    std::int64_t const slot =
        (piece.start.time_since_epoch() + kSlotTime - Duration{1}) / kSlotTime;
    frames_.push_back({std::max(slot, free_slot_), {}, 0, false, false, 0, 0, true});
    if (piece.framing == FramePiece::Framing::WrongLane) frames_.back().lane = kWrongLane;
    shift_ = TimePoint{frames_.back().slot * kSlotTime} - piece.start;
  }
  if (frames_.empty() || frames_.back().complete) return shift_;  // a tail whose head was lost
  Frame& frame = frames_.back();
  if (piece.error && !frame.error) {
    // Anywhere in the piece, but the start character stays one: last, where it harms data.
    frame.error = true;
    frame.error_at = std::max<std::size_t>(frame.bytes.size() + piece.bytes.size(), 2) - 1;
  }
  frame.bytes.insert(frame.bytes.end(), piece.bytes.begin(), piece.bytes.end());
  frame.complete = piece.last;
  if (piece.framing == FramePiece::Framing::NoEnd) frame.ends = false;
  std::int64_t const end =
      frame.slot * 4 + static_cast<std::int64_t>(frame.lane + frame.bytes.size());
  free_slot_ = (end + kMinGapBytes + 3) / 4;
  return shift_;
}

void XgmiiReceiver::put(unsigned lane, std::uint8_t byte, bool control) {
  data_ = (data_ & ~(std::uint64_t{0xFF} << (8 * lane))) | std::uint64_t{byte} << (8 * lane);
  control_ = static_cast<std::uint8_t>((control_ & ~(1U << lane)) | unsigned{control} << lane);
}

void XgmiiReceiver::drive_idle() {
  pins_.xgmii_rxd_i = XgmiiTransmitter::kIdleWord;
  pins_.xgmii_rxc_i = 0xFF;
  shown_ = false;
}

void XgmiiReceiver::build(Cycle cycle) {
  Frame* frame = frames_.empty() ? nullptr : &frames_.front();
  if (frame != nullptr && frame->sent >= 8 && frame->sent + 8 <= frame->bytes.size() &&
      !frame->error) {
    pins_.xgmii_rxd_i = load_le<std::uint64_t>(frame->bytes.data() + frame->sent);
    pins_.xgmii_rxc_i = 0;
    frame->sent += 8;
    shown_ = true;
    return;
  }
  data_ = XgmiiTransmitter::kIdleWord;
  control_ = 0xFF;
  unsigned taken = 0;  // columns with something of a frame in them
  for (unsigned lane = 0; lane < 8 && !frames_.empty(); ++lane) {
    frame = &frames_.front();
    if (frame->sent == 0 && frame->slot * 4 + frame->lane > cycle * 8 + lane) continue;
    taken |= 1U << lane / kColumnLanes;
    if (frame->sent < frame->bytes.size()) {
      bool const error = frame->error && frame->sent == frame->error_at;
      bool const start = frame->sent == 0;
      put(lane, start ? kStart : error ? kError : frame->bytes[frame->sent], start || error);
      ++frame->sent;
      continue;
    }
    assert(frame->complete && "the next piece of a frame came too late");
    put(lane, frame->ends ? kTerminate : kIdle, true);
    // What cuts a frame off may be an ordered set, in the column right behind it.
    if (!frame->ends && lane % kColumnLanes == 0) taken &= ~(1U << lane / kColumnLanes);
    frames_.pop_front();
  }
  build_columns(cycle, taken);
  pins_.xgmii_rxd_i = data_;
  pins_.xgmii_rxc_i = control_;
  shown_ = true;
}

// What stands in the columns that no frame takes.
void XgmiiReceiver::build_columns(Cycle cycle, unsigned taken) {
  for (unsigned column = 0; column < 2; ++column) {
    std::int64_t const slot = 2 * cycle + column;
    for (; !changes_.empty() && changes_.front().slot <= slot; changes_.pop_front()) {
      signal_ = changes_.front().signal;
    }
    LineSignal const shown = (taken >> column & 1) != 0 ? LineSignal::Idle : signal_;
    if (shown != LineSignal::Idle) {
      unsigned const lane = kColumnLanes * column;
      put(lane, kSequence, true);
      put(lane + 1, 0, false);
      put(lane + 2, 0, false);
      put(lane + 3, shown == LineSignal::LocalFault ? 1 : 2, false);
    }
    if (shown == shown_signal_) continue;
    shown_signal_ = shown;
    if (observer_ != nullptr) observer_->line_received({TimePoint{slot * kSlotTime}, shown});
  }
  line_busy_ = !changes_.empty() || signal_ != LineSignal::Idle;
}

Cycle XgmiiReceiver::signal(LineChange const& change) {
  std::int64_t const slot = (change.start.time_since_epoch() + kSlotTime - Duration{1}) / kSlotTime;
  changes_.push_back({slot, change.signal});
  line_busy_ = true;
  return slot / 2;
}

}  // namespace ringside::testbench
