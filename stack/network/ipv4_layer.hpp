// IPv4 of a host (RFC 791, RFC 1122 3.2.1 and 3.3): addresses, routes, and the way of a datagram
// between interfaces and transports.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "interface/base/random.hpp"
#include "interface/seam/executor.hpp"
#include "interface/seam/story.hpp"
#include "stack/header/ipv4.hpp"
#include "stack/link/arp.hpp"
#include "stack/link/ethernet_interface.hpp"
#include "stack/network/icmp_errors.hpp"
#include "stack/network/identification.hpp"
#include "stack/network/network_layer.hpp"
#include "stack/network/path_mtu.hpp"
#include "stack/network/route_table.hpp"

namespace ringside::stack {

// Every host is a member of this group (RFC 1112, 4).
inline constexpr Ipv4Address kAllHosts = Ipv4Address::of(224, 0, 0, 1);

// Counts in the sense of ipSystemStats (RFC 4293). Each received datagram ends in exactly one of
// the counters from in_header_errors to in_delivers.
struct Ipv4Statistics {
  std::uint64_t in_receives = 0;
  std::uint64_t in_header_errors = 0;     // version, lengths, options
  std::uint64_t in_checksum_errors = 0;   // of the header
  std::uint64_t in_martians = 0;          // a source or destination that cannot be on this wire
  std::uint64_t in_address_errors = 0;    // not for us
  std::uint64_t in_link_group_drops = 0;  // for us alone, but in a link broadcast
  std::uint64_t in_source_routed = 0;     // for somebody behind us
  std::uint64_t in_fragments = 0;         // dropped: there is no reassembly
  std::uint64_t in_unknown_protocols = 0;
  std::uint64_t in_no_listener = 0;  // the transport knows nobody who wants it
  std::uint64_t in_delivers = 0;

  std::uint64_t out_requests = 0;  // what transports gave us to send
  std::uint64_t out_no_routes = 0;
  std::uint64_t out_discards = 0;    // refused for another reason, or dropped below
  std::uint64_t out_loopbacks = 0;   // came back to ourselves
  std::uint64_t out_unresolved = 0;  // the neighbour did not answer
};

class Ipv4Layer final : public NetworkLayer {
 public:
  static constexpr std::size_t kMaxInterfaces = 8;
  static constexpr std::size_t kMaxLoopback = 256;  // datagrams to ourselves that wait
  static constexpr std::size_t kLoopbackBudget = 64;

  Ipv4Layer(Executor& executor, Story& story, Random random);
  ~Ipv4Layer() override;

  // Gives `link` an address and routes to its subnet. Returns the number that routes know the
  // interface by. `link` and `arp` must outlive this object.
  std::size_t add_interface(EthernetInterface& link, Arp& arp, Ipv4Address address,
                            std::uint8_t prefix_length);
  RouteTable& routes() { return routes_; }

  // Datagrams of this protocol go to `transport` from now on.
  void register_protocol(std::uint8_t protocol, TransportProtocol& transport);
  TransportProtocol* transport(std::uint8_t protocol) const { return transports_[protocol]; }

  IcmpErrors& icmp_errors() { return icmp_errors_; }
  Ipv4Statistics const& statistics() const { return statistics_; }

  // NetworkLayer.
  Result<Ipv4Address, NetworkError> source_for(Ipv4Address destination) const override;
  bool is_local(Ipv4Address address) const override;
  bool is_broadcast(Ipv4Address address) const override;
  std::uint16_t mtu_towards(Ipv4Address destination) const override;
  bool completes_checksums(Ipv4Address destination) const override;
  PacketBuffer allocate(std::uint32_t transport_headroom) override;
  Result<Done, NetworkError> send(PacketBuffer packet, Ipv4Address source, Ipv4Address destination,
                                  std::uint8_t protocol, SendOptions const& options) override;
  void confirm_reachable(Ipv4Address destination) override;
  void path_mtu_is(Ipv4Address destination, std::uint16_t mtu) override;

 private:
  // One address on one link; the link's receiver of IPv4.
  struct Interface final : LinkProtocol {
    Interface(Ipv4Layer& owner, EthernetInterface& on, Arp& resolver, Ipv4Address own,
              std::uint8_t prefix_length)
        : layer(owner), link(on), arp(resolver), address(own), prefix{own, prefix_length} {}
    void receive(PacketBuffer packet, MacAddress const&) override {
      layer.receive(std::move(packet), this);
    }
    void receive_done() override { layer.receive_done(); }

    Ipv4Layer& layer;
    EthernetInterface& link;
    Arp& arp;
    Ipv4Address address;
    Ipv4Prefix prefix;
  };
  struct Hop {
    Interface* interface;
    Ipv4Address address;
  };

  // ipv4_receive.cpp. `from` is null for what comes from ourselves.
  void receive(PacketBuffer packet, Interface* from);
  void receive_done();
  void count_header_error(Ipv4HeaderError error);
  bool is_martian(Ipv4Header const& header) const;
  bool pass_options(Bytes datagram, Bytes options, bool link_group);
  void deliver(PacketBuffer packet, Ipv4Header const& header, std::uint32_t header_size,
               bool broadcast);
  void report_unreachable(PacketBuffer const& packet);

  // ipv4_send.cpp
  Result<Hop, NetworkError> next_hop(Ipv4Address destination) const;
  void tell_no_route(Ipv4Address destination) const;
  Result<Done, NetworkError> refused(NetworkError why);
  Result<Done, NetworkError> refuse(Ipv4Address source, Ipv4Address destination,
                                    SendOptions const& options) const;
  Result<Done, NetworkError> loop_back(PacketBuffer packet);
  void drain_loopback();
  Result<Done, LinkError> transmit(PacketBuffer packet, Hop const& hop, Ipv4Address destination,
                                   bool more);

  Executor& executor_;
  Story& story_;
  std::vector<std::unique_ptr<Interface>> interfaces_;
  RouteTable routes_;
  std::array<TransportProtocol*, 256> transports_{};
  std::vector<TransportProtocol*> registered_;
  PathMtuTable path_mtu_;
  Identification identification_;
  IcmpErrors icmp_errors_;
  std::deque<PacketBuffer> loopback_;
  TimerId loopback_timer_ = kNoTimer;
  Ipv4Statistics statistics_;
};

}  // namespace ringside::stack
