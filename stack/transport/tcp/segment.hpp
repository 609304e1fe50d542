// A segment that has arrived: its header and payload, and the places it takes.
#pragma once

#include "stack/header/tcp.hpp"
#include "stack/network/network_layer.hpp"
#include "stack/transport/tcp/sequence.hpp"

namespace ringside::stack {

struct TcpSegment {
  TcpHeader header;
  PacketBuffer payload;
  ReceivedFrom from;

  Endpoint local() const { return {from.destination, header.destination_port}; }
  Endpoint remote() const { return {from.source, header.source_port}; }
  Sequence sequence() const { return {header.sequence}; }
  Sequence acknowledgement() const { return {header.acknowledgement}; }
  bool has(std::uint8_t flag) const { return header.has(flag); }
  // SYN and FIN take a place each (RFC 9293 3.4).
  std::uint32_t length() const {
    return payload.size() + (has(kTcpSyn) ? 1 : 0) + (has(kTcpFin) ? 1 : 0);
  }
};

}  // namespace ringside::stack
