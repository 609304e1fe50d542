#include "stack/link/ethernet_interface.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace ringside::stack {

EthernetInterface::EthernetInterface(NetDevice& device) : device_(device), mac_(device.mac()) {
  protocols_.reserve(kMaxProtocols);
  groups_.reserve(kMaxGroups);
  device_.on_transmit_ready([this] { drain_backlog(); });
  // A stopped device never says that there is room again.
  device_.on_link_change([this](bool up) {
    if (!up) drop_backlog();
  });
  device_.set_receiver(this);
}

EthernetInterface::~EthernetInterface() {
  device_.set_receiver(nullptr);
  device_.on_transmit_ready({});
  device_.on_link_change({});
}

void EthernetInterface::register_protocol(EtherType type, LinkProtocol& protocol) {
  assert(protocols_.size() < kMaxProtocols && protocol_of(type) == nullptr);
  protocols_.push_back({type, &protocol});
}

bool EthernetInterface::join(MacAddress const& group) {
  assert(group.is_group());
  if (std::find(groups_.begin(), groups_.end(), group) != groups_.end()) return true;
  if (groups_.size() == kMaxGroups) return false;
  groups_.push_back(group);
  return true;
}

void EthernetInterface::receive(PacketBuffer packet) {
  auto const header = EthernetHeader::parse(std::as_const(packet).bytes());
  if (!header) {
    ++statistics_.rx_malformed;
    return;
  }
  if (!is_for_us(header->destination, packet.info())) {
    ++statistics_.rx_not_for_us;
    return;
  }
  LinkProtocol* const protocol = protocol_of(header->type);
  if (protocol == nullptr) {
    ++statistics_.rx_unknown_protocol;
    return;
  }
  ++statistics_.rx_delivered;
  packet.pull(EthernetHeader::kSize);
  protocol->receive(std::move(packet), header->source);
}

void EthernetInterface::receive_done() {
  for (Registration const& registration : protocols_) registration.protocol->receive_done();
}

bool EthernetInterface::is_for_us(MacAddress const& destination, PacketInfo& info) const {
  if (!destination.is_group()) return destination == mac_;
  info.link_broadcast = destination.is_broadcast();
  info.link_multicast = !info.link_broadcast;
  return info.link_broadcast ||
         std::find(groups_.begin(), groups_.end(), destination) != groups_.end();
}

LinkProtocol* EthernetInterface::protocol_of(EtherType type) const {
  for (Registration const& registration : protocols_) {
    if (registration.type == type) return registration.protocol;
  }
  return nullptr;
}

Result<Done, LinkError> EthernetInterface::transmit(PacketBuffer packet,
                                                    MacAddress const& destination, EtherType type,
                                                    bool more) {
  EthernetHeader{destination, mac_, type}.emit(packet.push(EthernetHeader::kSize));
  // Nobody overtakes the packets that wait.
  if (backlog_count_ > 0) return keep_for_later(packet);
  return give_to_device(packet, more);
}

Result<Done, LinkError> EthernetInterface::give_to_device(PacketBuffer& packet, bool more) {
  auto const taken = device_.transmit(packet, more);
  if (taken) {
    ++statistics_.tx_given_to_device;
    return Done{};
  }
  switch (taken.error()) {
    case TransmitError::QueueFull:
      return keep_for_later(packet);
    case TransmitError::LinkDown:
      return dropped(LinkError::LinkDown);
    case TransmitError::TooLong:
      break;
  }
  return dropped(LinkError::TooLong);
}

Result<Done, LinkError> EthernetInterface::keep_for_later(PacketBuffer& packet) {
  if (backlog_count_ == kMaxBacklog) return dropped(LinkError::QueueFull);
  backlog_[(backlog_first_ + backlog_count_) % kMaxBacklog] = std::move(packet);
  ++backlog_count_;
  ++statistics_.tx_backlogged;
  return Done{};
}

void EthernetInterface::drain_backlog() {
  while (backlog_count_ > 0) {
    PacketBuffer& packet = backlog_[backlog_first_];
    auto const taken = device_.transmit(packet, backlog_count_ > 1);
    if (!taken && taken.error() == TransmitError::QueueFull) return;
    if (taken) {
      ++statistics_.tx_given_to_device;
    } else {
      ++statistics_.tx_dropped;
      packet = {};
    }
    backlog_first_ = (backlog_first_ + 1) % kMaxBacklog;
    --backlog_count_;
  }
}

void EthernetInterface::drop_backlog() {
  statistics_.tx_dropped += backlog_count_;
  for (PacketBuffer& packet : backlog_) packet = {};
  backlog_count_ = 0;
}

LinkError EthernetInterface::dropped(LinkError why) {
  ++statistics_.tx_dropped;
  return why;
}

}  // namespace ringside::stack
