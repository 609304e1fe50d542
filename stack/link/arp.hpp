// The Address Resolution Protocol on one interface (RFC 826, RFC 1122 2.3.2, RFC 5227).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "interface/base/random.hpp"
#include "interface/seam/executor.hpp"
#include "interface/seam/story.hpp"
#include "stack/header/arp.hpp"
#include "stack/link/ethernet_interface.hpp"
#include "stack/link/neighbour_cache.hpp"

namespace ringside::stack {

struct ArpStatistics {
  std::uint64_t requests_sent = 0;
  std::uint64_t replies_sent = 0;
  std::uint64_t received = 0;
  std::uint64_t malformed = 0;  // not IPv4 over Ethernet, or a sender that cannot be
  std::uint64_t conflicts = 0;  // somebody else claims our address
  std::uint64_t no_buffer = 0;  // could not be sent: the pool was used up
};

// Sends datagrams to neighbours whose link address it finds out, and answers who asks for ours.
class Arp final : public LinkProtocol, private NeighbourProtocol {
 public:
  // Registers itself with `link`.
  Arp(EthernetInterface& link, Executor& executor, Story& story, Random random);

  // Answers for `address` from now on (and for no other) and announces it. `prefix` says who may
  // be a neighbour.
  void set_address(Ipv4Address address, Ipv4Prefix prefix);

  // An IPv4 datagram to the neighbour `next_hop`. It may wait for an answer.
  Result<Done, LinkError> send(PacketBuffer packet, Ipv4Address next_hop, bool more);

  // Gets a datagram back that waited in vain.
  void on_unreachable(std::function<void(PacketBuffer packet)> handler) {
    unreachable_ = std::move(handler);
  }
  // Told when another station claims our address.
  void on_conflict(std::function<void(MacAddress const& claimant)> handler) {
    conflict_ = std::move(handler);
  }

  NeighbourCache& neighbours() { return neighbours_; }
  NeighbourCache const& neighbours() const { return neighbours_; }
  ArpStatistics const& statistics() const { return statistics_; }

  // LinkProtocol.
  void receive(PacketBuffer packet, MacAddress const& source) override;

 private:
  void merge(ArpPacket const& packet, bool to_us_alone);
  bool is_conflict(ArpPacket const& packet);
  void answer(ArpPacket const& request);
  // What `line` gives is told before the packet goes, so that the story has cause before effect.
  template <class Line>
  bool transmit(ArpPacket const& packet, MacAddress const& to, Line line);
  void tell(std::string line);

  // NeighbourProtocol.
  void solicit(Ipv4Address address, std::optional<MacAddress> last_known) override;
  void send_resolved(PacketBuffer packet, MacAddress const& to, bool more) override;
  void unreachable(PacketBuffer packet, Ipv4Address neighbour) override;
  void gave_up(Ipv4Address address) override;

  EthernetInterface& link_;
  Story& story_;
  NeighbourCache neighbours_;
  Ipv4Address address_;
  Ipv4Prefix prefix_;
  std::function<void(PacketBuffer)> unreachable_;
  std::function<void(MacAddress const&)> conflict_;
  ArpStatistics statistics_;
};

}  // namespace ringside::stack
