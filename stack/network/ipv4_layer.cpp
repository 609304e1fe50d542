// Addresses and routes. How datagrams are received and sent is in ipv4_receive.cpp and
// ipv4_send.cpp.
#include "stack/network/ipv4_layer.hpp"

#include <algorithm>
#include <cassert>

namespace ringside::stack {

Ipv4Layer::Ipv4Layer(Executor& executor, Story& story, Random random)
    : executor_(executor),
      story_(story),
      identification_(random.stream("identification")),
      icmp_errors_(*this, executor) {
  interfaces_.reserve(kMaxInterfaces);
}

Ipv4Layer::~Ipv4Layer() { executor_.cancel(loopback_timer_); }

std::size_t Ipv4Layer::add_interface(EthernetInterface& link, Arp& arp, Ipv4Address address,
                                     std::uint8_t prefix_length) {
  assert(interfaces_.size() < kMaxInterfaces && prefix_length <= 32);
  std::size_t const number = interfaces_.size();
  interfaces_.push_back(std::make_unique<Interface>(*this, link, arp, address, prefix_length));
  Interface& interface = *interfaces_.back();
  link.register_protocol(EtherType::Ipv4, interface);
  link.join(multicast_mac(kAllHosts));
  arp.on_unreachable([this](PacketBuffer packet) { report_unreachable(packet); });
  arp.set_address(address, interface.prefix);
  // A second interface on the same subnet finds the route there already; the first one serves.
  static_cast<void>(routes_.add({interface.prefix, std::nullopt, number, 0}));
  return number;
}

void Ipv4Layer::register_protocol(std::uint8_t protocol, TransportProtocol& transport) {
  assert(transports_[protocol] == nullptr);
  transports_[protocol] = &transport;
  if (std::find(registered_.begin(), registered_.end(), &transport) == registered_.end()) {
    registered_.push_back(&transport);
  }
}

Result<Ipv4Address, NetworkError> Ipv4Layer::source_for(Ipv4Address destination) const {
  if (is_local(destination)) return destination;
  auto const hop = next_hop(destination);
  if (!hop) {
    tell_no_route(destination);
    return hop.error();
  }
  return hop->interface->address;
}

bool Ipv4Layer::is_local(Ipv4Address address) const {
  if (address.is_loopback()) return true;
  return std::any_of(interfaces_.begin(), interfaces_.end(),
                     [&](auto const& interface) { return interface->address == address; });
}

bool Ipv4Layer::is_broadcast(Ipv4Address address) const {
  if (address.is_limited_broadcast()) return true;
  return std::any_of(interfaces_.begin(), interfaces_.end(), [&](auto const& interface) {
    return interface->prefix.broadcast() == address;
  });
}

std::uint16_t Ipv4Layer::mtu_towards(Ipv4Address destination) const {
  auto const hop = next_hop(destination);
  // To ourselves, and where nothing can be sent anyway, the first interface's packets set the size.
  if (!hop) return interfaces_.empty() ? std::uint16_t{0} : interfaces_.front()->link.mtu();
  return path_mtu_.towards(destination, hop->interface->link.mtu(), executor_.now());
}

bool Ipv4Layer::completes_checksums(Ipv4Address destination) const {
  auto const hop = next_hop(destination);
  return hop && hop->interface->link.device().completes_checksums();
}

PacketBuffer Ipv4Layer::allocate(std::uint32_t transport_headroom) {
  assert(!interfaces_.empty());
  return interfaces_.front()->link.pool().allocate(kNetworkHeadroom + transport_headroom);
}

void Ipv4Layer::confirm_reachable(Ipv4Address destination) {
  if (auto const hop = next_hop(destination)) {
    hop->interface->arp.neighbours().confirm(hop->address);
  }
}

void Ipv4Layer::path_mtu_is(Ipv4Address destination, std::uint16_t mtu) {
  auto const hop = next_hop(destination);
  if (hop) path_mtu_.learn(destination, mtu, hop->interface->link.mtu(), executor_.now());
}

}  // namespace ringside::stack
