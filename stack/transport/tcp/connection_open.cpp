// How a connection begins: actively, passively, or from both ends at once (RFC 9293 3.5).
#include <algorithm>

#include "stack/transport/tcp/connection.hpp"
#include "stack/transport/tcp/layer.hpp"

namespace ringside::stack {
namespace {

constexpr std::uint32_t kIpAndTcpHeader = 40;
// Without the option (RFC 9293, MUST-15), and the least that is believed: a peer that asks for
// less makes us send headers and nothing else.
constexpr std::uint16_t kDefaultMss = 536;
constexpr std::uint16_t kLeastMss = 48;

}  // namespace

std::uint16_t TcpConnection::own_mss() const {
  std::uint32_t const mtu = layer_.network().mtu_towards(remote_.address);
  std::uint32_t const mss = mtu - std::min(mtu, kIpAndTcpHeader);
  return static_cast<std::uint16_t>(
      std::clamp<std::uint32_t>(mss, kLeastMss, layer_.settings().max_mss));
}

Result<Done, TcpError> TcpConnection::connect() {
  ++layer_.counters().active_opens;
  receive_shift_ = layer_.settings().window_shift;
  state_ = TcpState::SynSent;
  auto const sent = sender_.open(layer_.initial_sequence(local_, remote_));
  if (sent || sent.error() == NetworkError::NoBuffer) return Done{};
  end(std::nullopt);
  return sent.error() == NetworkError::NoAddress ? TcpError::AddressNotAvailable
                                                 : TcpError::NetworkUnreachable;
}

void TcpConnection::accept_syn(TcpSegment const& syn, std::shared_ptr<TcpListener> listener,
                               std::optional<Sequence> not_before) {
  ++layer_.counters().passive_opens;
  if (wants_story()) tell("SYN received");
  listener_ = std::move(listener);
  listener_->half_opened();
  last_heard_ = layer_.executor().now();
  ++segments_in_;
  receive_shift_ = layer_.settings().window_shift;
  state_ = TcpState::SynReceived;
  take_syn_options(syn);
  Sequence initial = layer_.initial_sequence(local_, remote_);
  if (not_before) initial = later(initial, *not_before);
  (void)sender_.open(initial);
}

// Also what a SYN promises for the other direction.
void TcpConnection::take_syn_options(TcpSegment const& syn) {
  TcpOptions const& options = syn.header.options;
  initial_received_ = syn.sequence();
  receiver_.start(syn.sequence(), own_mss());
  // Both scale or neither does (RFC 7323 2.2).
  send_shift_ = options.window_shift.value_or(0);
  if (!options.window_shift) receive_shift_ = 0;
  receiver_.set_window_shift(receive_shift_);
  std::uint16_t const peer = std::max(options.mss.value_or(kDefaultMss), kLeastMss);
  sender_.set_peer(std::min(peer, own_mss()), syn.sequence(), syn.header.window);
}

void TcpConnection::on_segment_syn_sent(TcpSegment& segment) {
  bool const answers = segment.has(kTcpAck);
  if (answers && segment.acknowledgement() != sender_.highest()) {
    layer_.refuse(segment);
    return;
  }
  if (segment.has(kTcpRst)) {
    if (!answers) return;
    ++layer_.counters().resets_in;
    if (wants_story()) tell("refused the connection (RST)");
    end(TcpError::ConnectionRefused);
    return;
  }
  if (!segment.has(kTcpSyn)) return;
  take_syn_options(segment);
  if (answers) {
    if (wants_story()) tell("SYN/ACK received");
    sender_.acknowledge(segment.acknowledgement(), segment.sequence(), segment.header.window, true);
    established();
    send_ack();
    sender_.send_pending();
  } else {
    // Simultaneous open: the SYN/ACK has the number of our SYN.
    if (wants_story()) tell("SYN received, both sides open at once");
    state_ = TcpState::SynReceived;
    (void)emit_syn();
  }
}

// True if the segment goes on to the common processing.
bool TcpConnection::on_segment_syn_received(TcpSegment& segment) {
  if (!segment.has(kTcpSyn) || segment.has(kTcpRst)) return true;
  if (segment.sequence() != initial_received_) return true;
  if (!segment.has(kTcpAck)) {
    (void)emit_syn();  // our answer to its first SYN got lost
    return false;
  }
  // The peer's half of a simultaneous open: its SYN has been counted, the rest is news.
  segment.header.flags &= static_cast<std::uint8_t>(~kTcpSyn);
  ++segment.header.sequence;
  return true;
}

bool TcpConnection::open_by_acknowledgement(TcpSegment const& segment) {
  if (segment.acknowledgement() <= sender_.unacknowledged() ||
      segment.acknowledgement() > sender_.highest()) {
    layer_.refuse(segment);
    return false;
  }
  if (listener_ && listener_->closed()) {
    send_reset();
    end(std::nullopt);
    return false;
  }
  sender_.acknowledge(segment.acknowledgement(), segment.sequence(),
                      std::uint32_t{segment.header.window} << send_shift_, segment.length() == 0);
  // FIN may be queued already (close() in SYN-RECEIVED); the state then was left by begin_close().
  if (state_ == TcpState::SynReceived) established();
  return true;
}

void TcpConnection::established() {
  state_ = TcpState::Established;
  last_heard_ = layer_.executor().now();
  layer_.network().confirm_reachable(remote_.address);
  if (keep_alive_wanted_) set_keep_alive(true);
  if (wants_story()) {
    tell("established, MSS " + std::to_string(sender_.mss()) + ", window " +
         std::to_string(sender_.window()));
  }
  if (listener_) {
    listener_->completed(shared_from_this());
    completed_on_ = std::exchange(listener_, nullptr);
  } else {
    events_.connected = true;
  }
}

}  // namespace ringside::stack
