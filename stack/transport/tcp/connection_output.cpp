// Segments on their way out: header, options, window, checksum.
#include <algorithm>

#include "stack/transport/tcp/connection.hpp"
#include "stack/transport/tcp/layer.hpp"

namespace ringside::stack {

Result<Done, NetworkError> TcpConnection::send_segment(TcpHeader const& header,
                                                       PacketBuffer payload, bool more) {
  if (!payload) payload = layer_.network().allocate(kTcpHeadroom);
  if (!payload) return NetworkError::NoBuffer;
  auto const size = static_cast<std::uint32_t>(header.emitted_size());
  emit_tcp(header, payload.push(size));
  layer_.put_checksum(payload, local_.address, remote_.address);
  ++layer_.counters().segments_out;
  ++segments_out_;
  return layer_.network().send(std::move(payload), local_.address, remote_.address, kProtocolTcp,
                               {.more = more});
}

Result<Done, NetworkError> TcpConnection::emit(PacketBuffer payload, Sequence sequence,
                                               std::uint8_t flags, bool more) {
  TcpHeader header{.source_port = local_.port,
                   .destination_port = remote_.port,
                   .sequence = sequence.value,
                   .acknowledgement = receiver_.next().value,
                   .flags = flags,
                   .window = receiver_.announce(),
                   .urgent = 0,
                   .options = {}};
  if (wants_story() && (flags & kTcpFin) != 0) tell("FIN sent");
  // Whatever leaves carries the acknowledgement.
  ack_pending_ = false;
  delayed_ack_.stop();
  return send_segment(header, std::move(payload), more);
}

Result<Done, NetworkError> TcpConnection::emit_syn() {
  bool const answer = state_ == TcpState::SynReceived;
  bool const scales = state_ == TcpState::SynSent || receive_shift_ > 0 || send_shift_ > 0;
  TcpHeader header{.source_port = local_.port,
                   .destination_port = remote_.port,
                   .sequence = (sender_.highest() - 1).value,
                   .acknowledgement = answer ? receiver_.next().value : 0,
                   .flags = static_cast<std::uint8_t>(kTcpSyn | (answer ? kTcpAck : 0)),
                   .window = receiver_.window_in_syn(),
                   .urgent = 0,
                   .options = {}};
  header.options.mss = own_mss();
  if (scales) header.options.window_shift = receive_shift_;
  if (wants_story()) {
    std::string line = answer ? "SYN/ACK sent, MSS " : "SYN sent, MSS ";
    line += std::to_string(own_mss());
    if (scales) line += ", window scale " + std::to_string(receive_shift_);
    tell(std::move(line));
  }
  return send_segment(header, {}, false);
}

void TcpConnection::send_ack() { (void)emit({}, sender_.highest(), kTcpAck, false); }

// A segment that proves nothing is answered, so that an honest peer can correct itself, but not so
// often that two confused ends keep each other busy. Counted here, not shared between connections:
// a shared limit could be measured from outside (RFC 5961 7, CVE-2016-5696).
void TcpConnection::challenge_ack() {
  TimePoint const now = layer_.executor().now();
  if (last_challenge_ && now - *last_challenge_ < layer_.settings().challenge_ack_spacing) return;
  last_challenge_ = now;
  ++layer_.counters().challenge_acks;
  send_ack();
}

void TcpConnection::send_reset() {
  TcpHeader const header{.source_port = local_.port,
                         .destination_port = remote_.port,
                         .sequence = sender_.highest().value,
                         .acknowledgement = receiver_.next().value,
                         .flags = kTcpRst | kTcpAck,
                         .window = 0,
                         .urgent = 0,
                         .options = {}};
  if (wants_story()) tell("RST sent");
  ++layer_.counters().resets_out;
  (void)send_segment(header, {}, false);
}

void TcpConnection::on_retransmission(Sequence sequence, Retransmission why) {
  if (!wants_story()) return;
  constexpr char const* kReasons[]{"timeout", "three duplicate ACKs", "partial ACK",
                                   "smaller path MTU"};
  tell("retransmits byte " + std::to_string((sequence - (sender_.initial() + 1))) + ": " +
       kReasons[static_cast<std::size_t>(why)]);
}

void TcpConnection::on_window_probe() {
  if (wants_story()) tell("keeps its window closed: probing");
}

}  // namespace ringside::stack
