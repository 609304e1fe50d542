// Which segment leaves next: the peer's window, the congestion window, Nagle, silly windows.
#include <algorithm>

#include "stack/header/tcp.hpp"
#include "stack/transport/tcp/sender.hpp"

namespace ringside::stack {
namespace {

// Segments sent on the first duplicate acknowledgements, one each (RFC 3042).
constexpr unsigned kLimitedTransmit = 2;

}  // namespace

// After a pause the network may have changed: no burst of a whole old window (RFC 5681 4.1).
void Sender::restart_after_idle() {
  if (outstanding() > 0 || next_ == end()) return;
  TimePoint const now = executor_.now();
  if (now - last_sent_ > rtt_.rto()) congestion_->on_idle();
  if (!persisting_) last_progress_ = now;
}

bool Sender::held_by_nagle(SendChunk const& chunk) const {
  if (no_delay_ || fin_queued_ || next_ != highest_) return false;
  bool const may_grow =
      buffer_.is_last(chunk) && chunk.packet.size() < mss_ && chunk.packet.tailroom() > 0;
  // As Minshall had it: only an unacknowledged small segment holds back another one.
  return may_grow && small_end_ > una_;
}

// How much of `chunk`, which begins at next_, may leave now; 0 for nothing.
std::uint32_t Sender::sendable(SendChunk const& chunk) const {
  std::uint32_t bytes = std::min(chunk.packet.size(), mss_);
  // Negative when the peer took back a part of its window (RFC 9293, MUST-34).
  std::int64_t const room = std::int64_t{window_} - flight();
  if (room < bytes) {
    // Less than a segment is worth it only for half of the largest window (RFC 9293 3.8.6.2.1).
    bool const worthwhile = room >= max_window_ / 2 || override_ || next_ < highest_;
    if (room <= 0 || !worthwhile) return 0;
    bytes = static_cast<std::uint32_t>(room);
  }
  std::uint32_t const limited_transmit =
      in_recovery_ ? 0 : std::min(duplicates_, kLimitedTransmit) * mss_;
  std::uint64_t const allowed = std::uint64_t{congestion_->window()} + limited_transmit;
  if (flight() > 0 && std::uint64_t{flight()} + bytes > allowed) return 0;
  return held_by_nagle(chunk) ? 0 : bytes;
}

Sender::Ready Sender::choose() {
  if (next_ == end()) return {};
  if (next_ == buffer_.end()) {
    if (std::int64_t{window_} - flight() < 1) return {};
    return {
        .packet = {}, .sequence = next_, .length = 0, .flags = kTcpFin | kTcpAck, .chosen = true};
  }
  SendChunk& chunk = buffer_.chunk_at(next_);
  std::uint32_t const bytes = sendable(chunk);
  if (bytes == 0) return {};
  if (bytes < chunk.packet.size() && !buffer_.split(chunk, bytes)) {
    blocked_below_ = true;
    return {};
  }
  return ready_chunk(buffer_.chunk_at(next_));
}

Sender::Ready Sender::ready_chunk(SendChunk& chunk) {
  PacketBuffer packet = buffer_.prepare(chunk);
  if (!packet) {
    blocked_below_ = true;
    return {};
  }
  std::uint32_t const length = packet.size();
  Ready ready{.packet = std::move(packet),
              .sequence = chunk.start,
              .length = length,
              .flags = kTcpAck,
              .chosen = true};
  bool const last = buffer_.is_last(chunk);
  if (last || chunk.push) ready.flags |= kTcpPsh;
  bool const room_for_fin = chunk.end() < una_ + window_ || fin_sent();
  if (last && fin_queued_ && room_for_fin) ready.flags |= kTcpFin;
  return ready;
}

void Sender::count_again(Sequence sequence, Retransmission why) {
  ++counters_.retransmissions;
  ++statistics_.retransmissions;
  output_.on_retransmission(sequence, why);
}

void Sender::commit(Ready const& ready) {
  bool const again = ready.sequence < highest_;
  if (ready.length > 0) {
    SendChunk& chunk = buffer_.chunk_at(ready.sequence);
    ++chunk.transmissions;
    chunk.sent_at = executor_.now();
    if (!again) ++counters_.data_packets;
    if (!again && ready.length < mss_) small_end_ = chunk.end();
  }
  if (again) count_again(ready.sequence, resend_reason_);
  next_ = ready.sequence + ready.length + ((ready.flags & kTcpFin) != 0 ? 1 : 0);
  highest_ = later(highest_, next_);
}

bool Sender::transmit(Ready ready, bool more) {
  last_sent_ = executor_.now();
  statistics_.bytes_sent += ready.length;
  auto const sent = output_.emit(std::move(ready.packet), ready.sequence, ready.flags, more);
  // Other errors are like a loss on the way; what did not even leave this host is held back.
  if (sent || sent.error() != NetworkError::NoBuffer) return true;
  next_ = ready.sequence;
  blocked_below_ = true;
  return false;
}

// Sends what the peer waits for, whatever the windows say, and leaves next_ where it is.
void Sender::retransmit_first(Retransmission why) {
  if (una_ == buffer_.end()) {
    count_again(una_, why);
    (void)output_.emit({}, una_, kTcpFin | kTcpAck, false);
    return;
  }
  std::uint32_t const largest = window_ > 0 ? std::min(mss_, window_) : mss_;
  SendChunk& chunk = buffer_.chunk_at(una_);
  if (chunk.packet.size() > largest && !buffer_.split(chunk, largest)) return;
  Ready ready = ready_chunk(buffer_.chunk_at(una_));
  if (!ready.chosen) return;  // no packet is free: the timer will try again
  SendChunk& first = buffer_.chunk_at(una_);
  ++first.transmissions;
  first.sent_at = last_sent_ = executor_.now();
  statistics_.bytes_sent += ready.length;
  count_again(una_, why);
  (void)output_.emit(std::move(ready.packet), ready.sequence, ready.flags, false);
}

}  // namespace ringside::stack
