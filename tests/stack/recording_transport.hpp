// A transport protocol that only writes down what it is told.
#pragma once

#include <utility>
#include <vector>

#include "stack/network/network_layer.hpp"

namespace ringside::stack {

struct RecordingTransport final : TransportProtocol {
  bool receive(PacketBuffer& packet, ReceivedFrom const& from) override {
    Bytes const bytes = std::as_const(packet).bytes();
    received.emplace_back(std::vector<std::uint8_t>(bytes.begin(), bytes.end()), from);
    return listening;
  }
  void receive_done() override { ++polls; }
  void problem(IcmpProblem what, Ipv4Address source, Ipv4Address destination, Bytes quoted,
               std::uint16_t next_hop_mtu) override {
    problems.push_back({what, source, destination, {quoted.begin(), quoted.end()}, next_hop_mtu});
  }

  struct Problem {
    IcmpProblem what;
    Ipv4Address source;
    Ipv4Address destination;
    std::vector<std::uint8_t> quoted;
    std::uint16_t next_hop_mtu;
  };
  bool listening = true;
  int polls = 0;
  std::vector<std::pair<std::vector<std::uint8_t>, ReceivedFrom>> received;
  std::vector<Problem> problems;
};

}  // namespace ringside::stack
