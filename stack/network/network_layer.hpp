// What a transport protocol and the network layer below it may ask of each other.
#pragma once

#include <cstdint>

#include "interface/base/result.hpp"
#include "interface/seam/net_device.hpp"
#include "stack/header/ipv4_address.hpp"

namespace ringside::stack {

enum class NetworkError : std::uint8_t {
  NoRoute,         // ENETUNREACH
  NoAddress,       // the source is none of ours
  MessageTooLong,  // EMSGSIZE: longer than the MTU, fragments were not allowed
  NoBuffer,        // ENOBUFS: the pool or a queue below is full
  Forbidden,       // EACCES: broadcast without leave
};

// What ICMP said about a datagram of ours (RFC 792; RFC 1122 3.2.2), or, SilentNeighbour, what we
// know without it: that the next hop was asked for and did not answer.
enum class IcmpProblem : std::uint8_t {
  NetUnreachable,
  HostUnreachable,
  ProtocolUnreachable,
  PortUnreachable,
  FragmentationNeeded,
  TimeExceeded,
  ParameterProblem,
  SilentNeighbour,
};

struct SendOptions {
  std::uint8_t time_to_live = 64;
  std::uint8_t traffic_class = 0;  // DSCP and ECN
  bool dont_fragment = true;
  bool allow_broadcast = false;
  bool more = false;  // another packet follows at once: notifying the device may wait
};

// How a received datagram came.
struct ReceivedFrom {
  Ipv4Address source;
  Ipv4Address destination;  // as the sender wrote it
  std::uint8_t time_to_live = 0;
  std::uint8_t traffic_class = 0;
  bool broadcast = false;          // link or network broadcast, or multicast
  bool checksum_verified = false;  // the device has checked the transport checksum
};

// Room that a transport leaves in front of its own header: IPv4 without options, Ethernet, device.
inline constexpr std::uint32_t kNetworkHeadroom = 20 + 14 + kTransmitHeadroom;

// The layer as its transports see it. All calls in the host's Executor.
class NetworkLayer {
 public:
  virtual ~NetworkLayer() = default;

  // The address of ours that a datagram to `destination` would carry (RFC 1122 3.3.4.3).
  virtual Result<Ipv4Address, NetworkError> source_for(Ipv4Address destination) const = 0;
  virtual bool is_local(Ipv4Address address) const = 0;
  virtual bool is_broadcast(Ipv4Address address) const = 0;

  // Largest datagram, IPv4 header included, that fits the first hop (and the path, where known).
  virtual std::uint16_t mtu_towards(Ipv4Address destination) const = 0;

  // Datagrams to `destination` leave by a device that completes transport checksums
  // (PacketInfo::checksum_bytes). Asked for each of them: a route may change, and a device too.
  virtual bool completes_checksums(Ipv4Address /*destination*/) const { return false; }

  // An empty packet with kNetworkHeadroom + `transport_headroom` in front; invalid when none is
  // left.
  virtual PacketBuffer allocate(std::uint32_t transport_headroom) = 0;

  // Sends `packet` (transport header and payload) with IPv4 in front. What it can not send it
  // drops.
  virtual Result<Done, NetworkError> send(PacketBuffer packet, Ipv4Address source,
                                          Ipv4Address destination, std::uint8_t protocol,
                                          SendOptions const& options) = 0;

  // The transport saw forward progress: the neighbour is reachable (RFC 4861 7.3.1).
  virtual void confirm_reachable(Ipv4Address destination) = 0;

  // The transport has made sure (RFC 5927, 7) that a FragmentationNeeded concerned a datagram of
  // its own: no more than `mtu` passes on the way there, 0 if the router did not say how much.
  // Changes mtu_towards().
  virtual void path_mtu_is(Ipv4Address /*destination*/, std::uint16_t /*mtu*/) {}
};

// A transport as the network layer sees it. Runs in Context::Softirq.
class TransportProtocol {
 public:
  virtual ~TransportProtocol() = default;

  // Transport header and payload, padding trimmed. Returns false if nobody listens there: the
  // network layer then answers with ICMP port unreachable where that is due. (TCP answers by itself
  // with RST and returns true.)
  virtual bool receive(PacketBuffer& packet, ReceivedFrom const& from) = 0;

  // The poll that brought the packets is over: held back acknowledgements go out.
  virtual void receive_done() = 0;

  // There is a problem with a datagram of ours: `quoted` begins with its transport header (at
  // least 8 bytes). `next_hop_mtu` only for FragmentationNeeded, 0 if the router did not say.
  virtual void problem(IcmpProblem problem, Ipv4Address source, Ipv4Address destination,
                       Bytes quoted, std::uint16_t next_hop_mtu) = 0;
};

}  // namespace ringside::stack
