// One attachment to an Ethernet: takes frames from a device, finds out whom they concern, and
// sends.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "interface/seam/net_device.hpp"
#include "stack/header/ethernet.hpp"

namespace ringside::stack {

// Room that whoever sends through an EthernetInterface leaves in front of its bytes.
inline constexpr std::uint32_t kLinkHeadroom = EthernetHeader::kSize + kTransmitHeadroom;

enum class LinkError : std::uint8_t {
  QueueFull,  // the backlog is full too
  LinkDown,
  TooLong,
};

// What runs on Ethernet, by EtherType. Called in Context::Softirq.
class LinkProtocol {
 public:
  virtual ~LinkProtocol() = default;
  // The bytes behind the Ethernet header, padding included.
  virtual void receive(PacketBuffer packet, MacAddress const& source) = 0;
  // The poll that brought the packets is over.
  virtual void receive_done() {}
};

// Counts since the interface came into being. Every frame ends in exactly one of each group.
struct LinkStatistics {
  std::uint64_t rx_delivered = 0;
  std::uint64_t rx_malformed = 0;         // too short, or an 802.3 length instead of a type
  std::uint64_t rx_not_for_us = 0;        // another unicast address, or a group not joined
  std::uint64_t rx_unknown_protocol = 0;  // no protocol for this EtherType
  std::uint64_t tx_given_to_device = 0;
  std::uint64_t tx_dropped = 0;  // backlog full, link down, too long

  std::uint64_t tx_backlogged = 0;  // had to wait; counted again when they leave or drop
};

// Sets itself as the receiver of `device`; both must live as long as anything may arrive.
class EthernetInterface final : public PacketReceiver {
 public:
  static constexpr std::size_t kMaxProtocols = 8;
  static constexpr std::size_t kMaxGroups = 16;
  static constexpr std::size_t kMaxBacklog = 128;  // packets that wait for room in the device

  explicit EthernetInterface(NetDevice& device);
  ~EthernetInterface() override;
  EthernetInterface(EthernetInterface const&) = delete;
  EthernetInterface& operator=(EthernetInterface const&) = delete;

  // Before the first frame; at most kMaxProtocols, which must live as long as this.
  void register_protocol(EtherType type, LinkProtocol& protocol);
  // Frames to this group address are accepted from now on. False if there is no room for it.
  bool join(MacAddress const& group);

  // Puts the header in front of `packet`, which has kLinkHeadroom, and sends it. A packet that the
  // device has no room for waits; one that fails is gone.
  Result<Done, LinkError> transmit(PacketBuffer packet, MacAddress const& destination,
                                   EtherType type, bool more);

  MacAddress mac() const { return mac_; }
  std::uint16_t mtu() const { return device_.mtu(); }
  PacketPool& pool() { return device_.pool(); }
  NetDevice& device() { return device_; }
  LinkStatistics const& statistics() const { return statistics_; }
  std::size_t backlog() const { return backlog_count_; }

  // PacketReceiver.
  void receive(PacketBuffer packet) override;
  void receive_done() override;

 private:
  struct Registration {
    EtherType type;
    LinkProtocol* protocol;
  };

  bool is_for_us(MacAddress const& destination, PacketInfo& info) const;
  LinkProtocol* protocol_of(EtherType type) const;
  Result<Done, LinkError> give_to_device(PacketBuffer& packet, bool more);
  Result<Done, LinkError> keep_for_later(PacketBuffer& packet);
  void drain_backlog();
  void drop_backlog();
  LinkError dropped(LinkError why);

  NetDevice& device_;
  MacAddress const mac_;
  std::vector<Registration> protocols_;
  std::vector<MacAddress> groups_;
  std::array<PacketBuffer, kMaxBacklog> backlog_;  // a ring
  std::size_t backlog_first_ = 0;
  std::size_t backlog_count_ = 0;
  LinkStatistics statistics_;
};

}  // namespace ringside::stack
