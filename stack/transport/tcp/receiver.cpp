#include "stack/transport/tcp/receiver.hpp"

#include <algorithm>

namespace ringside::stack {
namespace {

constexpr std::uint32_t kMaxWindowField = 0xFFFF;
constexpr std::uint32_t kOverhangSteps = 16;
// Whatever the peer sends, its full segments are at least of this size (RFC 9293, MUST-15).
constexpr std::uint32_t kSmallestFullSegment = 536;

}  // namespace

void Receiver::start(Sequence first, std::uint32_t mss) {
  buffer_.start(first + 1);
  edge_ = first + 1 + window_in_syn();
  mss_ = mss;
  quick_acks_ = settings_.quick_acks;
}

bool Receiver::acceptable(Sequence start, std::uint32_t length) const {
  Sequence const from = next();
  Sequence const to = edge();
  if (start == from) return true;
  if (start > from && start < to) return true;
  Sequence const last = start + (length - 1);
  return length > 0 && last >= from && last < to;
}

Receiver::Arrival Receiver::take(Sequence start, PacketBuffer payload, bool fin) {
  Arrival arrival;
  std::uint32_t const size = payload.valid() ? payload.size() : 0;
  if (finished_ || (size == 0 && !fin)) return arrival;
  Sequence end = start + size;
  if (end > edge()) {
    // What lies behind the window goes, and with it the FIN behind that.
    Sequence const cut = later(start, edge());
    payload.trim(bytes_between(start, cut));
    end = cut;
    fin = false;
  }
  if (fin && (!fin_at_ || *fin_at_ == end)) fin_at_ = end;
  std::uint32_t const before = buffer_.readable();
  largest_segment_ = std::max(largest_segment_, size);
  if (end > start) {
    auto const result = buffer_.insert(start, std::move(payload));
    arrival.early = result == ReceiveBuffer::Insert::OutOfOrder;
    arrival.ack = judge(result, buffer_.readable() - before);
  } else {
    arrival.ack = AckNeed::Now;
  }
  arrival.readable = buffer_.readable() > before;
  if (fin_at_ && buffer_.next() == *fin_at_) {
    finished_ = true;
    arrival.finished = true;
    arrival.readable = true;
    arrival.ack = AckNeed::EndOfPoll;
  }
  return arrival;
}

AckNeed Receiver::judge(ReceiveBuffer::Insert result, std::uint32_t advanced) {
  using Insert = ReceiveBuffer::Insert;
  bytes_received_ += advanced;
  switch (result) {
    case Insert::InOrder:
      break;
    case Insert::FilledGap:
      return AckNeed::Now;
    case Insert::OutOfOrder:
      ++out_of_order_;
      return AckNeed::Now;
    case Insert::Duplicate:
      return AckNeed::Now;
    case Insert::NoRoom:
      return AckNeed::Now;
  }
  unacknowledged_ += advanced;
  bool const second_full = unacknowledged_ >= 2 * std::max(largest_segment_, kSmallestFullSegment);
  if (quick_acks_ > 0) {
    --quick_acks_;
    return AckNeed::EndOfPoll;
  }
  return second_full ? AckNeed::EndOfPoll : AckNeed::Delayed;
}

std::uint32_t Receiver::free_space() const {
  std::uint32_t const capacity = settings_.receive_buffer;
  return capacity - std::min(capacity, buffer_.readable());
}

// How far rounding may promise beyond the buffer.
std::uint32_t Receiver::overhang() const {
  std::uint32_t const step = 1u << shift_;
  return std::clamp(settings_.receive_buffer / 16, step, kOverhangSteps * step);
}

std::uint32_t Receiver::possible_advance() const {
  Sequence const possible = next() + free_space();
  return possible > edge() ? bytes_between(edge(), possible) : 0;
}

std::uint16_t Receiver::announce() {
  unacknowledged_ = 0;
  std::uint32_t const current = announced_window();
  std::uint32_t const advance = possible_advance();
  bool const worthwhile = advance >= std::min(mss_, settings_.receive_buffer / 2);
  std::uint32_t const wanted = worthwhile ? current + advance : current;
  std::uint32_t field = wanted >> shift_;
  // Rounding down would take back a little of what was promised (RFC 7323 2.4), rounding up at
  // each acknowledgement would promise ever more while nobody reads: so up, within a bound.
  std::uint32_t const step = 1u << shift_;
  std::uint32_t const rounded_up = (current + step - 1) >> shift_;
  std::uint32_t const filled = buffer_.readable() + (rounded_up << shift_);
  if (field << shift_ < current && filled < settings_.receive_buffer + overhang()) {
    field = rounded_up;
  }
  field = std::min(field, kMaxWindowField);
  edge_ = later(edge(), next() + (field << shift_));
  return static_cast<std::uint16_t>(field);
}

std::uint16_t Receiver::window_in_syn() const {
  return static_cast<std::uint16_t>(std::min(settings_.receive_buffer, kMaxWindowField));
}

bool Receiver::update_due() const {
  std::uint32_t const current = announced_window();
  std::uint32_t const advance = possible_advance();
  // While the peer has half of what it could have, the next acknowledgement tells it in time.
  return advance >= std::min(mss_, settings_.receive_buffer / 2) && advance >= current;
}

}  // namespace ringside::stack
