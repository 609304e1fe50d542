#include "stack/transport/udp_layer.hpp"

#include <algorithm>
#include <cassert>
#include <string>
#include <utility>

#include "stack/header/ipv4.hpp"

namespace ringside::stack {
namespace {

constexpr std::size_t kHeaders = Ipv4Header::kSize + UdpHeader::kSize;
constexpr std::size_t kMaxPayload = 0xFFFF - kHeaders;

UdpError udp_error(NetworkError error) {
  switch (error) {
    case NetworkError::NoRoute:
      return UdpError::NetUnreachable;
    case NetworkError::NoAddress:
      return UdpError::NoAddress;
    case NetworkError::MessageTooLong:
      return UdpError::MessageTooLong;
    case NetworkError::NoBuffer:
      return UdpError::NoBuffer;
    case NetworkError::Forbidden:
      break;
  }
  return UdpError::Forbidden;
}

UdpError udp_error(IcmpProblem problem) {
  switch (problem) {
    case IcmpProblem::NetUnreachable:
      return UdpError::NetUnreachable;
    case IcmpProblem::PortUnreachable:
    case IcmpProblem::ProtocolUnreachable:
      return UdpError::Refused;
    case IcmpProblem::FragmentationNeeded:
      return UdpError::MessageTooLong;
    case IcmpProblem::HostUnreachable:
    case IcmpProblem::TimeExceeded:
    case IcmpProblem::ParameterProblem:
    case IcmpProblem::SilentNeighbour:
      break;
  }
  return UdpError::HostUnreachable;
}

std::string text_of(Endpoint endpoint) {
  return endpoint.address.to_string() + ':' + std::to_string(endpoint.port);
}

}  // namespace

UdpLayer::UdpLayer(NetworkLayer& network, Executor& executor, Story& story, Random random)
    : network_(network), executor_(executor), story_(story), random_(random) {}

UdpLayer::~UdpLayer() { assert(ports_.size() == 0 && "an endpoint outlives its layer"); }

bool UdpLayer::receive(PacketBuffer& packet, ReceivedFrom const& from) {
  auto const view = UdpView::of(std::as_const(packet).bytes(),
                                {from.source, from.destination, from.checksum_verified});
  if (!view) {
    ++(view.error() == UdpHeaderError::BadChecksum ? statistics_.in_checksum_errors
                                                   : statistics_.in_malformed);
    return true;
  }
  UdpHeader const header = view->header();
  UdpEndpoint* const endpoint =
      from.broadcast ? nullptr
                     : ports_.most_specific({from.destination, header.destination_port},
                                            {from.source, header.source_port});
  if (endpoint == nullptr && !from.broadcast) {
    ++statistics_.in_no_ports;
    return false;
  }
  auto const payload_size = static_cast<std::uint32_t>(view->payload().size());
  packet.pull(UdpHeader::kSize);
  packet.trim(payload_size);
  if (from.broadcast) return receive_group(packet, header, from);
  hand_over(*endpoint, std::move(packet), header, from);
  return true;
}

// A datagram for a group goes to all that want it. Nobody is told if none does.
bool UdpLayer::receive_group(PacketBuffer const& payload, UdpHeader const& header,
                             ReceivedFrom const& from) {
  auto const takers = ports_.group(header.destination_port, {from.source, header.source_port});
  if (takers.empty()) ++statistics_.in_no_ports;
  for (UdpEndpoint* const endpoint : takers) {
    // A handler called for one of them may have closed another.
    if (!ports_.holds(header.destination_port, endpoint)) continue;
    hand_over(*endpoint, payload.clone(), header, from);
  }
  return true;
}

void UdpLayer::hand_over(UdpEndpoint& endpoint, PacketBuffer payload, UdpHeader const& header,
                         ReceivedFrom const& from) {
  tell("receives", {from.source, header.source_port}, {from.destination, header.destination_port},
       payload.size());
  UdpEndpoint::Datagram datagram{std::move(payload),
                                 {from.source, header.source_port},
                                 from.destination,
                                 from.time_to_live,
                                 from.traffic_class};
  ++(endpoint.deliver(std::move(datagram)) ? statistics_.in_datagrams : statistics_.in_queue_full);
}

void UdpLayer::problem(IcmpProblem problem, Ipv4Address source, Ipv4Address destination,
                       Bytes quoted, std::uint16_t next_hop_mtu) {
  assert(quoted.size() >= UdpHeader::kSize);
  Endpoint const local{source, load_be<std::uint16_t>(quoted.data())};
  Endpoint const remote{destination, load_be<std::uint16_t>(quoted.data() + 2)};
  UdpEndpoint* const endpoint = ports_.most_specific(local, remote);
  if (endpoint == nullptr) {
    ++statistics_.problems_unmatched;
    return;
  }
  ++statistics_.problems;
  if (problem == IcmpProblem::FragmentationNeeded) network_.path_mtu_is(destination, next_hop_mtu);
  if (endpoint->remote() || endpoint->options().report_errors) {
    endpoint->report(udp_error(problem));
  }
}

Result<Done, UdpError> UdpLayer::transmit(std::span<Bytes const> pieces, std::size_t size,
                                          Endpoint from, Endpoint to, UdpOptions const& options) {
  bool const too_long = size > kMaxPayload || (options.dont_fragment &&
                                               size + kHeaders > network_.mtu_towards(to.address));
  PacketBuffer packet = too_long ? PacketBuffer{} : network_.allocate(UdpHeader::kSize);
  if (!packet || packet.tailroom() < size) {
    ++statistics_.out_errors;
    return too_long || packet ? UdpError::MessageTooLong : UdpError::NoBuffer;
  }
  for (Bytes const piece : pieces) {
    std::copy(piece.begin(), piece.end(),
              packet.append(static_cast<std::uint32_t>(piece.size())).begin());
  }
  count_copy(size);
  packet.push(UdpHeader::kSize);
  UdpHeader const header{from.port, to.port};
  if (network_.completes_checksums(to.address)) {
    header.emit_unsummed(packet.bytes(), from.address, to.address);
    packet.info().checksum_bytes = static_cast<std::uint16_t>(packet.size());
    packet.info().checksum_offset = UdpHeader::kChecksumOffset;
  } else {
    header.emit(packet.bytes(), from.address, to.address);
  }

  SendOptions send;
  send.time_to_live = options.time_to_live;
  send.traffic_class = options.traffic_class;
  send.dont_fragment = options.dont_fragment;
  send.allow_broadcast = options.allow_broadcast;
  tell("sends", from, to, size);
  auto const sent = network_.send(std::move(packet), from.address, to.address, kProtocolUdp, send);
  if (!sent) {
    ++statistics_.out_errors;
    return udp_error(sent.error());
  }
  ++statistics_.out_datagrams;
  return Done{};
}

void UdpLayer::count_copy(std::size_t bytes) {
  if (bytes == 0) return;
  ++statistics_.copies;
  statistics_.copied_bytes += bytes;
  executor_.spend(Work::CopyByte, bytes);
}

void UdpLayer::tell(char const* verb, Endpoint from, Endpoint to, std::size_t size) {
  if (!story_.wants(Layer::Udp)) return;
  story_.tell(Layer::Udp, std::string(verb) + ' ' + std::to_string(size) + " bytes, " +
                              text_of(from) + " to " + text_of(to));
}

}  // namespace ringside::stack
