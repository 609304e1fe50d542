// The way out: from a transport to a link, or back to ourselves.
#include <cassert>
#include <utility>

#include "stack/network/ipv4_layer.hpp"

namespace ringside::stack {
namespace {

NetworkError network_error(LinkError error) {
  switch (error) {
    // Both pass: a device that is down is mostly one that is being reset.
    case LinkError::QueueFull:
    case LinkError::LinkDown:
      return NetworkError::NoBuffer;
    case LinkError::TooLong:
      break;
  }
  return NetworkError::MessageTooLong;
}

}  // namespace

Result<Done, NetworkError> Ipv4Layer::send(PacketBuffer packet, Ipv4Address source,
                                           Ipv4Address destination, std::uint8_t protocol,
                                           SendOptions const& options) {
  ++statistics_.out_requests;
  if (auto const allowed = refuse(source, destination, options); !allowed) {
    return refused(allowed.error());
  }
  bool const to_ourselves = is_local(destination);
  Hop hop{nullptr, {}};
  std::uint16_t mtu = interfaces_.empty() ? std::uint16_t{0} : interfaces_.front()->link.mtu();
  if (!to_ourselves) {
    auto const found = next_hop(destination);
    if (!found) {
      tell_no_route(destination);
      return refused(found.error());
    }
    hop = *found;
    mtu = hop.interface->link.mtu();
    // Without leave to fragment, the whole way counts; routers may cut up the others.
    if (options.dont_fragment) mtu = path_mtu_.towards(destination, mtu, executor_.now());
  }
  std::uint32_t const length = packet.size() + Ipv4Header::kSize;
  if (length > mtu) return refused(NetworkError::MessageTooLong);

  Ipv4Header header;
  header.traffic_class = options.traffic_class;
  header.total_length = static_cast<std::uint16_t>(length);
  // An atomic datagram needs no number of its own (RFC 6864, 4.1).
  header.identification = options.dont_fragment
                              ? std::uint16_t{0}
                              : identification_.next(source, destination, protocol);
  header.dont_fragment = options.dont_fragment;
  header.time_to_live = options.time_to_live;
  header.protocol = protocol;
  header.source = source;
  header.destination = destination;
  header.emit(packet.push(Ipv4Header::kSize));

  if (to_ourselves) return loop_back(std::move(packet));
  auto const sent = transmit(std::move(packet), hop, destination, options.more);
  if (!sent) return refused(network_error(sent.error()));
  return Done{};
}

Result<Done, NetworkError> Ipv4Layer::refuse(Ipv4Address source, Ipv4Address destination,
                                             SendOptions const& options) const {
  assert(options.time_to_live > 0);
  if (!is_local(source)) return NetworkError::NoAddress;
  // 127/8 never leaves a host (RFC 1122, 3.2.1.3 (g)).
  if (source.is_loopback() && !is_local(destination)) return NetworkError::NoAddress;
  if (destination.is_unspecified() || destination.is_class_e()) return NetworkError::NoRoute;
  if (is_broadcast(destination) && !options.allow_broadcast) return NetworkError::Forbidden;
  return Done{};
}

Result<Done, NetworkError> Ipv4Layer::refused(NetworkError why) {
  ++(why == NetworkError::NoRoute ? statistics_.out_no_routes : statistics_.out_discards);
  return why;
}

// The interface and the neighbour that a datagram goes to. Groups are their own neighbours.
Result<Ipv4Layer::Hop, NetworkError> Ipv4Layer::next_hop(Ipv4Address destination) const {
  if (is_local(destination)) return NetworkError::NoRoute;
  Route const* const route = routes_.find(destination, [this](Route const& candidate) {
    if (!candidate.gateway) return true;
    auto const& neighbours = interfaces_[candidate.interface]->arp.neighbours();
    return !neighbours.failed_lately(*candidate.gateway);
  });
  if (route != nullptr) {
    return Hop{interfaces_[route->interface].get(), route->gateway.value_or(destination)};
  }
  bool const group = destination.is_multicast() || destination.is_limited_broadcast();
  if (group && !interfaces_.empty()) return Hop{interfaces_.front().get(), destination};
  return NetworkError::NoRoute;
}

void Ipv4Layer::tell_no_route(Ipv4Address destination) const {
  if (story_.wants(Layer::Ip)) story_.tell(Layer::Ip, "no route to " + destination.to_string());
}

Result<Done, LinkError> Ipv4Layer::transmit(PacketBuffer packet, Hop const& hop,
                                            Ipv4Address destination, bool more) {
  EthernetInterface& link = hop.interface->link;
  if (destination.is_multicast()) {
    return link.transmit(std::move(packet), multicast_mac(destination), EtherType::Ipv4, more);
  }
  bool const broadcast =
      destination.is_limited_broadcast() || hop.interface->prefix.broadcast() == destination;
  if (broadcast) {
    return link.transmit(std::move(packet), kBroadcastMac, EtherType::Ipv4, more);
  }
  return hop.interface->arp.send(std::move(packet), hop.address, more);
}

// Not delivered at once: no code of a host is re-entered, and the sender may hold half-changed
// state while it sends.
Result<Done, NetworkError> Ipv4Layer::loop_back(PacketBuffer packet) {
  if (loopback_.size() == kMaxLoopback) return refused(NetworkError::NoBuffer);
  ++statistics_.out_loopbacks;
  packet.info() = {};
  packet.info().checksum_verified = true;  // no wire could have spoilt it
  loopback_.push_back(std::move(packet));
  if (loopback_timer_ == kNoTimer) {
    loopback_timer_ =
        executor_.run_at(executor_.now(), Context::Softirq, [this] { drain_loopback(); });
  }
  return Done{};
}

void Ipv4Layer::drain_loopback() {
  std::size_t budget = kLoopbackBudget;
  for (; budget > 0 && !loopback_.empty(); --budget) {
    PacketBuffer packet = std::move(loopback_.front());
    loopback_.pop_front();
    receive(std::move(packet), nullptr);
  }
  receive_done();
  loopback_timer_ = kNoTimer;
  if (loopback_.empty()) return;
  loopback_timer_ =
      executor_.run_at(executor_.now(), Context::Softirq, [this] { drain_loopback(); });
}

}  // namespace ringside::stack
