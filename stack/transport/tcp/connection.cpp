#include "stack/transport/tcp/connection.hpp"

#include "stack/transport/tcp/layer.hpp"

namespace ringside::stack {

TcpConnection::TcpConnection(TcpLayer& layer, Endpoint local, Endpoint remote)
    : layer_(layer),
      local_(local),
      remote_(remote),
      sender_(layer.executor(), layer.network(), layer.settings(), layer.counters(), *this),
      receiver_(layer.executor(), layer.settings(), layer.counters()),
      delayed_ack_(layer.executor(), [this] { on_delayed_ack(); }),
      close_timer_(layer.executor(), [this] { on_close_timer(); }),
      keep_alive_(layer.executor(), [this] { on_keep_alive(); }) {}

bool TcpConnection::wants_story() const { return layer_.story().wants(Layer::Tcp); }

void TcpConnection::tell(std::string line) {
  layer_.story().tell(Layer::Tcp, remote_.address.to_string() + ":" + std::to_string(remote_.port) +
                                      " " + std::move(line));
}

void TcpConnection::enter_time_wait() {
  state_ = TcpState::TimeWait;
  keep_alive_.stop();
  sender_.stop();
  close_timer_.start(layer_.settings().time_wait);
}

void TcpConnection::stop_all() {
  delayed_ack_.stop();
  close_timer_.stop();
  keep_alive_.stop();
  sender_.stop();
  ack_pending_ = false;
}

void TcpConnection::drop() {
  stop_all();
  receiver_.clear();
  observer_ = nullptr;
  state_ = TcpState::Closed;
}

void TcpConnection::end(std::optional<TcpError> error) {
  if (state_ == TcpState::Closed) return;
  if (auto const listener = std::exchange(listener_, nullptr)) listener->half_open_ended();
  stop_all();
  if (orphan_) receiver_.clear();
  state_ = TcpState::Closed;
  if (error) {
    error_ = error;
    events_.error = true;
  }
  layer_.forget(*this);
}

void TcpConnection::deliver_events() {
  Events const events = std::exchange(events_, {});
  if (auto const listener = std::exchange(completed_on_, nullptr)) {
    if (listener->observer() != nullptr) listener->observer()->on_acceptable();
  }
  // Each call may change who observes, or end it.
  if (events.connected && observer_ != nullptr) observer_->on_connected();
  if (events.readable && observer_ != nullptr) observer_->on_readable();
  if (events.writable && observer_ != nullptr) observer_->on_writable();
  if (events.error && observer_ != nullptr) observer_->on_error(*error_);
}

void TcpConnection::wake_writer() {
  if (!want_write_ || sender_.space() < layer_.settings().send_buffer / 3) return;
  want_write_ = false;
  events_.writable = true;
}

Result<std::size_t, TcpError> TcpConnection::receive(MutableBytes into) {
  if (into.empty()) return std::size_t{0};
  if (receiver_.readable() > 0) {
    std::size_t const done = receiver_.read(into);
    bool const open = state_ == TcpState::Established || state_ == TcpState::FinWait1 ||
                      state_ == TcpState::FinWait2;
    if (open && receiver_.update_due()) send_ack();
    return done;
  }
  if (error_) return *error_;
  if (receiver_.finished()) return TcpError::Eof;
  return state_ == TcpState::Closed ? TcpError::NotConnected : TcpError::WouldBlock;
}

Result<std::size_t, TcpError> TcpConnection::send(std::span<Bytes const> pieces) {
  if (error_) return *error_;
  if (fin_queued_) return TcpError::BrokenPipe;
  if (state_ == TcpState::Closed) return TcpError::NotConnected;
  std::size_t wanted = 0;
  for (Bytes const piece : pieces) wanted += piece.size();
  if (wanted == 0) return std::size_t{0};
  if (state_ == TcpState::SynSent || state_ == TcpState::SynReceived) return TcpError::WouldBlock;
  std::size_t taken = 0;
  for (Bytes const piece : pieces) {
    std::size_t const part = piece.empty() ? 0 : sender_.append(piece);
    taken += part;
    if (part < piece.size()) break;
  }
  want_write_ = taken < wanted;
  if (taken == 0) return TcpError::WouldBlock;
  sender_.send_pending();
  return taken;
}

Result<Done, TcpError> TcpConnection::shutdown_send() {
  if (error_) return *error_;
  if (state_ == TcpState::Closed || state_ == TcpState::SynSent) return TcpError::NotConnected;
  begin_close();
  return Done{};
}

// FIN leaves behind the last byte of the buffer; the state changes at once (RFC 9293 3.10.4).
void TcpConnection::begin_close() {
  if (std::exchange(fin_queued_, true)) return;
  state_ = state_ == TcpState::CloseWait ? TcpState::LastAck : TcpState::FinWait1;
  sender_.finish();
  sender_.send_pending();
}

void TcpConnection::close() {
  observer_ = nullptr;
  orphan_ = true;
  if (state_ == TcpState::Closed) {
    receiver_.clear();
  } else if (state_ == TcpState::SynSent) {
    end(std::nullopt);
  } else if (receiver_.readable() > 0 && state_ != TcpState::TimeWait) {
    // The peer must learn that what it sent was not read (RFC 2525 2.17).
    send_reset();
    end(std::nullopt);
  } else {
    receiver_.clear();
    begin_close();
    if (state_ == TcpState::FinWait2) close_timer_.start(layer_.settings().fin_wait_2);
  }
}

void TcpConnection::abort() {
  observer_ = nullptr;
  orphan_ = true;
  receiver_.clear();
  if (state_ == TcpState::Closed) return;
  if (state_ != TcpState::SynSent && state_ != TcpState::TimeWait) send_reset();
  end(TcpError::ConnectionAborted);
}

void TcpConnection::set_no_delay(bool no_delay) {
  sender_.set_no_delay(no_delay);
  if (no_delay && state_ != TcpState::Closed) sender_.send_pending();
}

void TcpConnection::set_keep_alive(bool keep_alive) {
  keep_alive_wanted_ = keep_alive;
  keep_alive_.stop();
  bool const open = state_ == TcpState::Established || state_ == TcpState::CloseWait;
  if (keep_alive && open) keep_alive_.start(layer_.settings().keep_alive_idle);
}

TcpInfo TcpConnection::info() const {
  TcpInfo info;
  info.state = state_;
  info.congestion_window = sender_.congestion().window();
  info.slow_start_threshold = sender_.congestion().slow_start_threshold();
  info.send_window = sender_.window();
  info.receive_window = receiver_.announced_window();
  info.bytes_in_flight = bytes_between(sender_.unacknowledged(), sender_.highest());
  info.mss = static_cast<std::uint16_t>(sender_.mss());
  info.send_window_shift = send_shift_;
  info.receive_window_shift = receive_shift_;
  info.in_recovery = sender_.in_recovery();
  info.backoff = sender_.rtt().backoff();
  info.smoothed_rtt = sender_.rtt().srtt();
  info.rtt_variance = sender_.rtt().variance();
  info.rto = sender_.rtt().rto();
  info.retransmissions = sender_.statistics().retransmissions;
  info.fast_retransmits = sender_.statistics().fast_retransmits;
  info.timeouts = sender_.statistics().timeouts;
  info.bytes_sent = sender_.statistics().bytes_sent;
  info.bytes_acked = sender_.statistics().bytes_acked;
  info.bytes_received = receiver_.bytes_received();
  info.segments_in = segments_in_;
  info.segments_out = segments_out_;
  info.out_of_order = receiver_.out_of_order();
  return info;
}

}  // namespace ringside::stack
