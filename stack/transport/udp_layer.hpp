// UDP of a host (RFC 768, RFC 1122 4.1): between the network layer and the endpoints.
#pragma once

#include <cstdint>
#include <span>

#include "interface/base/random.hpp"
#include "interface/seam/executor.hpp"
#include "interface/seam/story.hpp"
#include "stack/header/udp.hpp"
#include "stack/network/network_layer.hpp"
#include "stack/transport/udp_endpoint.hpp"
#include "stack/transport/udp_port_table.hpp"

namespace ringside::stack {

// In the sense of the UDP group of RFC 4113. Each received datagram ends in one of the first five.
struct UdpStatistics {
  std::uint64_t in_datagrams = 0;  // queued for an endpoint
  std::uint64_t in_malformed = 0;  // lengths that contradict each other
  std::uint64_t in_checksum_errors = 0;
  std::uint64_t in_no_ports = 0;
  std::uint64_t in_queue_full = 0;

  std::uint64_t out_datagrams = 0;
  std::uint64_t out_errors = 0;
  std::uint64_t problems = 0;            // ICMP errors that concern an endpoint
  std::uint64_t problems_unmatched = 0;  // ICMP errors that concern none
  std::uint64_t copies = 0;              // of payload, between application and packet
  std::uint64_t copied_bytes = 0;
};

// Plug in with Ipv4Layer::register_protocol(kProtocolUdp, layer).
class UdpLayer final : public TransportProtocol {
 public:
  UdpLayer(NetworkLayer& network, Executor& executor, Story& story, Random random);
  ~UdpLayer() override;  // after all endpoints

  UdpStatistics const& statistics() const { return statistics_; }
  UdpPortTable const& ports() const { return ports_; }

  // TransportProtocol.
  bool receive(PacketBuffer& packet, ReceivedFrom const& from) override;
  void receive_done() override {}
  void problem(IcmpProblem problem, Ipv4Address source, Ipv4Address destination, Bytes quoted,
               std::uint16_t next_hop_mtu) override;

 private:
  friend class UdpEndpoint;

  bool receive_group(PacketBuffer const& payload, UdpHeader const& header,
                     ReceivedFrom const& from);
  void hand_over(UdpEndpoint& endpoint, PacketBuffer payload, UdpHeader const& header,
                 ReceivedFrom const& from);
  Result<Done, UdpError> transmit(std::span<Bytes const> pieces, std::size_t size, Endpoint from,
                                  Endpoint to, UdpOptions const& options);
  void count_copy(std::size_t bytes);
  void tell(char const* verb, Endpoint from, Endpoint to, std::size_t size);

  NetworkLayer& network_;
  Executor& executor_;
  Story& story_;
  Random random_;
  UdpPortTable ports_;
  UdpStatistics statistics_;
};

}  // namespace ringside::stack
