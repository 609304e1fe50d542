// ICMP of a host (RFC 792, RFC 1122 3.2.2): answers echo, hands errors to whom they concern.
#pragma once

#include <cstdint>
#include <optional>

#include "interface/seam/executor.hpp"
#include "interface/seam/story.hpp"
#include "stack/header/icmpv4.hpp"
#include "stack/network/ipv4_layer.hpp"
#include "stack/network/ping.hpp"

namespace ringside::stack {

struct IcmpStatistics {
  std::uint64_t in_messages = 0;
  std::uint64_t in_malformed = 0;  // too short, or a wrong checksum
  std::uint64_t in_echo_requests = 0;
  std::uint64_t in_echo_replies = 0;
  std::uint64_t in_errors = 0;
  std::uint64_t in_errors_unmatched = 0;  // that quote nothing of ours
  std::uint64_t in_ignored = 0;  // unknown types, source quench, redirect, echo to a broadcast
  std::uint64_t out_echo_replies = 0;
  std::uint64_t out_echo_failures = 0;  // could not be sent
  std::uint64_t copies = 0;             // echo replies that did not fit where the request lay
};

class Icmp final : public TransportProtocol {
 public:
  // Registers itself with `network`.
  Icmp(Ipv4Layer& network, Executor& executor, Story& story, Random random);

  Ping& ping() { return ping_; }
  IcmpStatistics const& statistics() const { return statistics_; }

  // TransportProtocol.
  bool receive(PacketBuffer& packet, ReceivedFrom const& from) override;
  void receive_done() override {}
  void problem(IcmpProblem problem, Ipv4Address source, Ipv4Address destination, Bytes quoted,
               std::uint16_t next_hop_mtu) override;

 private:
  void answer_echo(PacketBuffer packet, ReceivedFrom const& from);
  PacketBuffer packet_for_reply(PacketBuffer request);
  void receive_error(IcmpView const& view, ReceivedFrom const& from);

  Ipv4Layer& network_;
  Executor& executor_;
  Story& story_;
  Ping ping_;
  IcmpStatistics statistics_;
};

}  // namespace ringside::stack
