// The way in: from a link, or from ourselves, to a transport.
#include <cassert>
#include <utility>

#include "stack/network/ipv4_layer.hpp"

namespace ringside::stack {

void Ipv4Layer::receive(PacketBuffer packet, Interface* from) {
  ++statistics_.in_receives;
  auto const view = Ipv4View::of(std::as_const(packet).bytes());
  if (!view) return count_header_error(view.error());
  Ipv4Header const header = view->header();
  packet.trim(header.total_length);  // Ethernet pads
  if (from != nullptr && is_martian(header)) {
    ++statistics_.in_martians;
    return;
  }
  bool const for_us_alone = is_local(header.destination);
  bool const for_group =
      !for_us_alone && (header.destination == kAllHosts || is_broadcast(header.destination));
  if (!for_us_alone && !for_group) {
    ++statistics_.in_address_errors;
    return;
  }
  bool const link_group = packet.info().link_broadcast || packet.info().link_multicast;
  if (for_us_alone && link_group) {
    ++statistics_.in_link_group_drops;
    return;
  }
  if (!view->options().empty() && !pass_options(view->bytes(), view->options(), link_group)) {
    return;
  }
  if (header.is_fragment()) {
    ++statistics_.in_fragments;
    return;
  }
  deliver(std::move(packet), header, view->header_size(), for_group);
}

void Ipv4Layer::receive_done() {
  for (TransportProtocol* const transport : registered_) transport->receive_done();
}

void Ipv4Layer::count_header_error(Ipv4HeaderError error) {
  ++(error == Ipv4HeaderError::BadChecksum ? statistics_.in_checksum_errors
                                           : statistics_.in_header_errors);
}

// What no station on our links can have sent (RFC 1122, 3.2.1.3), our own addresses included.
bool Ipv4Layer::is_martian(Ipv4Header const& header) const {
  Ipv4Address const from = header.source;
  return from.is_unspecified() || from.is_multicast() || from.is_class_e() || is_broadcast(from) ||
         is_local(from) || header.destination.is_loopback();
}

bool Ipv4Layer::pass_options(Bytes datagram, Bytes options, bool link_group) {
  Ipv4Options const found = Ipv4Options::scan(options);
  if (found.broken_at) {
    ++statistics_.in_header_errors;
    icmp_errors_.report(IcmpType::ParameterProblem, 0, std::uint32_t{*found.broken_at} << 24,
                        datagram, link_group);
    return false;
  }
  if (found.unfinished_source_route) {
    ++statistics_.in_source_routed;
    return false;
  }
  return true;
}

void Ipv4Layer::deliver(PacketBuffer packet, Ipv4Header const& header, std::uint32_t header_size,
                        bool broadcast) {
  PacketInfo const info = packet.info();
  bool const link_group = info.link_broadcast || info.link_multicast;
  // Stays in place when the header is pulled off: an error may have to quote it.
  Bytes const datagram = std::as_const(packet).bytes();
  packet.pull(header_size);
  TransportProtocol* const transport = transports_[header.protocol];
  if (transport == nullptr) {
    ++statistics_.in_unknown_protocols;
    icmp_errors_.report(IcmpType::DestinationUnreachable, kProtocolUnreachable, 0, datagram,
                        link_group);
    return;
  }
  ReceivedFrom from;
  from.source = header.source;
  from.destination = header.destination;
  from.time_to_live = header.time_to_live;
  from.traffic_class = header.traffic_class;
  from.broadcast = broadcast || link_group;
  from.checksum_verified = info.checksum_verified;
  if (transport->receive(packet, from)) {
    ++statistics_.in_delivers;
    return;
  }
  assert(packet.valid() && "a transport that refuses a packet leaves it alone");
  ++statistics_.in_no_listener;
  icmp_errors_.report(IcmpType::DestinationUnreachable, kPortUnreachable, 0, datagram, link_group);
}

// A datagram of ours comes back from ARP: no answer (RFC 1122, 2.3.2.2: the packet, or the news of
// its loss, must not vanish).
void Ipv4Layer::report_unreachable(PacketBuffer const& packet) {
  ++statistics_.out_unresolved;
  auto const view = Ipv4View::of_quoted(packet.bytes());
  assert(view.has_value());
  Ipv4Header const header = view->header();
  TransportProtocol* const transport = transports_[header.protocol];
  if (transport == nullptr) return;
  transport->problem(IcmpProblem::SilentNeighbour, header.source, header.destination,
                     view->payload(), 0);
}

}  // namespace ringside::stack
