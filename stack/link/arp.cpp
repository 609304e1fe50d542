#include "stack/link/arp.hpp"

#include <utility>

namespace ringside::stack {
namespace {

// Addresses that may stand for a host (RFC 1122, 3.2.1.3); only such become neighbours.
bool can_be_host(Ipv4Address address) {
  return !address.is_unspecified() && !address.is_multicast() && !address.is_limited_broadcast() &&
         !address.is_class_e() && !address.is_loopback();
}

bool can_be_station(MacAddress const& mac) { return !mac.is_group() && mac != MacAddress{}; }

}  // namespace

template <class Line>
bool Arp::transmit(ArpPacket const& packet, MacAddress const& to, Line line) {
  PacketBuffer frame = link_.pool().allocate(kLinkHeadroom);
  if (!frame || frame.tailroom() < ArpPacket::kSize) {
    ++statistics_.no_buffer;
    return false;
  }
  packet.emit(frame.append(ArpPacket::kSize));
  if (story_.wants(Layer::Arp)) tell(line());
  return link_.transmit(std::move(frame), to, EtherType::Arp, false).has_value();
}

Arp::Arp(EthernetInterface& link, Executor& executor, Story& story, Random random)
    : link_(link), story_(story), neighbours_(executor, random, *this) {
  link_.register_protocol(EtherType::Arp, *this);
}

void Arp::set_address(Ipv4Address address, Ipv4Prefix prefix) {
  address_ = address;
  prefix_ = prefix;
  // RFC 5227, 2.3: a request for our own address, which nobody answers and everybody merges.
  ArpPacket const announcement{ArpOperation::Request, link_.mac(), address_, {}, address_};
  bool const sent = transmit(announcement, kBroadcastMac, [this] {
    return "announces: " + address_.to_string() + " is at " + to_string(link_.mac());
  });
  if (sent) ++statistics_.requests_sent;
}

Result<Done, LinkError> Arp::send(PacketBuffer packet, Ipv4Address next_hop, bool more) {
  std::optional<MacAddress> const mac = neighbours_.resolve(next_hop, packet);
  if (!mac) return Done{};
  return link_.transmit(std::move(packet), *mac, EtherType::Ipv4, more);
}

void Arp::receive(PacketBuffer frame, MacAddress const&) {
  ++statistics_.received;
  auto const packet = ArpPacket::parse(std::as_const(frame).bytes());
  if (!packet || !can_be_station(packet->sender_mac)) {
    ++statistics_.malformed;
    return;
  }
  if (packet->sender_mac == link_.mac()) return;  // our own words, back from a loop
  if (is_conflict(*packet)) return;
  PacketInfo const& info = frame.info();
  merge(*packet, !info.link_broadcast && !info.link_multicast);
  bool const for_us = !address_.is_unspecified() && packet->target == address_;
  if (for_us && packet->operation == ArpOperation::Request) answer(*packet);
}

// RFC 826: what the sender says of itself is taken first, whatever the operation. New neighbours
// come only from packets meant for us, so that a busy link does not fill the cache.
void Arp::merge(ArpPacket const& packet, bool to_us_alone) {
  bool const neighbour = can_be_host(packet.sender) && prefix_.contains(packet.sender) &&
                         (!prefix_.broadcast() || packet.sender != *prefix_.broadcast());
  if (!neighbour) return;
  bool const for_us = packet.target == address_;
  auto evidence = NeighbourCache::Evidence::Mention;
  if (for_us && packet.operation == ArpOperation::Request) {
    evidence = NeighbourCache::Evidence::Contact;
  }
  if (for_us && packet.operation == ArpOperation::Reply && to_us_alone) {
    evidence = NeighbourCache::Evidence::Answer;
    if (story_.wants(Layer::Arp)) {
      tell("learns: " + packet.sender.to_string() + " is at " + to_string(packet.sender_mac));
    }
  }
  neighbours_.learn(packet.sender, packet.sender_mac, evidence);
}

bool Arp::is_conflict(ArpPacket const& packet) {
  if (address_.is_unspecified() || packet.sender != address_) return false;
  ++statistics_.conflicts;
  if (story_.wants(Layer::Arp)) {
    tell("conflict: " + to_string(packet.sender_mac) + " claims our " + address_.to_string());
  }
  if (conflict_) conflict_(packet.sender_mac);
  return true;
}

void Arp::answer(ArpPacket const& request) {
  ArpPacket const reply{ArpOperation::Reply, link_.mac(), address_, request.sender_mac,
                        request.sender};
  bool const sent = transmit(reply, request.sender_mac, [&] {
    return "answers " + request.sender.to_string() + ": " + address_.to_string() + " is at " +
           to_string(link_.mac());
  });
  if (sent) ++statistics_.replies_sent;
}

void Arp::solicit(Ipv4Address address, std::optional<MacAddress> last_known) {
  ArpPacket const request{ArpOperation::Request, link_.mac(), address_,
                          last_known.value_or(MacAddress{}), address};
  bool const sent = transmit(request, last_known.value_or(kBroadcastMac), [&] {
    return "who has " + address.to_string() + "? tell " + address_.to_string();
  });
  if (sent) ++statistics_.requests_sent;
}

void Arp::send_resolved(PacketBuffer packet, MacAddress const& to, bool more) {
  // A failure is in the link's counters; who sent the packet has long been told that it went.
  static_cast<void>(link_.transmit(std::move(packet), to, EtherType::Ipv4, more));
}

void Arp::unreachable(PacketBuffer packet, Ipv4Address) {
  if (unreachable_) unreachable_(std::move(packet));
}

void Arp::gave_up(Ipv4Address address) {
  if (story_.wants(Layer::Arp)) tell(address.to_string() + " does not answer");
}

void Arp::tell(std::string line) { story_.tell(Layer::Arp, std::move(line)); }

}  // namespace ringside::stack
