// A segment in a synchronised state, in the order of RFC 9293 3.10.7.4 with RFC 5961.
#include "stack/transport/tcp/connection.hpp"
#include "stack/transport/tcp/layer.hpp"

namespace ringside::stack {

void TcpConnection::on_segment(TcpSegment& segment) {
  ++segments_in_;
  last_heard_ = layer_.executor().now();
  unanswered_probes_ = 0;
  switch (state_) {
    case TcpState::Closed:
    case TcpState::Listen:
      return;
    case TcpState::SynSent:
      on_segment_syn_sent(segment);
      break;
    case TcpState::TimeWait:
      on_segment_time_wait(segment);
      break;
    case TcpState::SynReceived:
      if (on_segment_syn_received(segment)) on_segment_synchronised(segment);
      break;
    default:
      on_segment_synchronised(segment);
  }
  deliver_events();
}

void TcpConnection::on_segment_synchronised(TcpSegment& segment) {
  if (!receiver_.acceptable(segment.sequence(), segment.length())) {
    on_unacceptable(segment);
    return;
  }
  if (segment.has(kTcpRst)) {
    on_reset(segment);
    return;
  }
  if (segment.has(kTcpSyn)) {
    challenge_ack();
    return;
  }
  if (!segment.has(kTcpAck)) {
    ++layer_.counters().dropped_in;
    return;
  }
  if (!on_acknowledgement(segment) || state_ == TcpState::Closed) return;
  on_payload(segment);
  if (state_ != TcpState::Closed && state_ != TcpState::TimeWait) sender_.send_pending();
}

void TcpConnection::on_unacceptable(TcpSegment const& segment) {
  if (segment.has(kTcpRst)) return;
  if (segment.has(kTcpSyn) || segment.payload.empty()) {
    // Proves nothing, and an answer to each could go on for ever (RFC 5961 4, 7).
    challenge_ack();
  } else {
    send_ack();
  }
}

void TcpConnection::on_reset(TcpSegment const& segment) {
  // Only the one number that nobody guesses ends it (RFC 5961 3.2).
  if (segment.sequence() != receiver_.next()) {
    challenge_ack();
    return;
  }
  ++layer_.counters().resets_in;
  if (wants_story()) tell("RST received");
  switch (state_) {
    case TcpState::SynReceived:
      end(listener_ ? std::nullopt : std::optional{TcpError::ConnectionRefused});
      break;
    case TcpState::Closing:
    case TcpState::LastAck:
      end(std::nullopt);
      break;
    default:
      end(TcpError::ConnectionReset);
  }
}

// True if the rest of the segment counts.
bool TcpConnection::on_acknowledgement(TcpSegment const& segment) {
  if (!sender_.syn_acknowledged()) return open_by_acknowledgement(segment);
  Sequence const ack = segment.acknowledgement();
  // Older than any window could explain, or for what was never sent (RFC 5961 5.2).
  if (ack > sender_.highest() || ack < sender_.unacknowledged() - sender_.max_window()) {
    challenge_ack();
    return false;
  }
  std::uint32_t const window = std::uint32_t{segment.header.window} << send_shift_;
  if (sender_.acknowledge(ack, segment.sequence(), window, segment.length() == 0)) {
    layer_.network().confirm_reachable(remote_.address);
    wake_writer();
  }
  if (fin_queued_ && sender_.fin_acknowledged()) on_fin_acknowledged();
  return true;
}

void TcpConnection::on_fin_acknowledged() {
  switch (state_) {
    case TcpState::FinWait1:
      state_ = TcpState::FinWait2;
      if (orphan_) close_timer_.start(layer_.settings().fin_wait_2);
      break;
    case TcpState::Closing:
      enter_time_wait();
      break;
    case TcpState::LastAck:
      end(std::nullopt);
      break;
    default:
      break;
  }
}

void TcpConnection::on_payload(TcpSegment& segment) {
  bool const receiving = state_ == TcpState::Established || state_ == TcpState::FinWait1 ||
                         state_ == TcpState::FinWait2;
  if (!receiving) return;
  if (orphan_ && !segment.payload.empty()) {
    // Nobody will ever read it: the peer must not believe that somebody did (RFC 1122 4.2.2.13).
    send_reset();
    end(std::nullopt);
    return;
  }
  auto const arrival =
      receiver_.take(segment.sequence(), std::move(segment.payload), segment.has(kTcpFin));
  if (arrival.readable) events_.readable = true;
  if (arrival.finished) on_finish();
  schedule_ack(arrival);
}

void TcpConnection::on_finish() {
  if (wants_story()) tell("FIN received: the peer has sent all it had");
  switch (state_) {
    case TcpState::Established:
      state_ = TcpState::CloseWait;
      break;
    case TcpState::FinWait1:
      state_ = TcpState::Closing;
      break;
    case TcpState::FinWait2:
      enter_time_wait();
      break;
    default:
      break;
  }
}

void TcpConnection::schedule_ack(Receiver::Arrival const& arrival) {
  switch (arrival.ack) {
    case AckNeed::None:
      break;
    case AckNeed::Delayed:
      ack_pending_ = true;
      if (!delayed_ack_.running()) delayed_ack_.start(layer_.settings().delayed_ack);
      break;
    case AckNeed::EndOfPoll:
      ack_pending_ = true;
      if (!std::exchange(flush_queued_, true)) layer_.flush_later(shared_from_this());
      break;
    case AckNeed::Now:
      // What is owed for data in order goes first, so that all of these count as duplicates.
      if (arrival.early && ack_pending_) send_ack();
      send_ack();
  }
}

void TcpConnection::on_poll_done() {
  flush_queued_ = false;
  if (ack_pending_ && state_ != TcpState::Closed) send_ack();
}

void TcpConnection::on_segment_time_wait(TcpSegment const& segment) {
  // An RST does not cut it short (RFC 1337). A FIN again: our last acknowledgement was lost.
  if (segment.has(kTcpRst)) return;
  if (segment.has(kTcpSyn)) {
    challenge_ack();
  } else if (segment.has(kTcpFin) || !segment.payload.empty()) {
    send_ack();
    if (segment.has(kTcpFin)) close_timer_.start(layer_.settings().time_wait);
  } else if (segment.sequence() != receiver_.next() ||
             segment.acknowledgement() != sender_.highest()) {
    challenge_ack();
  }
}

std::optional<Sequence> TcpConnection::yields_to(TcpSegment const& segment) const {
  bool const fresh_syn = segment.has(kTcpSyn) && !segment.has(kTcpAck | kTcpRst);
  if (state_ != TcpState::TimeWait || !fresh_syn) return std::nullopt;
  if (segment.sequence() <= receiver_.next()) return std::nullopt;
  // Behind everything that old duplicates of this connection could carry.
  return sender_.highest() + 0x1'0001;
}

}  // namespace ringside::stack
