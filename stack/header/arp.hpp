// The ARP packet for IPv4 over Ethernet (RFC 826).
#pragma once

#include <cstdint>
#include <optional>

#include "interface/base/bytes.hpp"
#include "interface/base/mac_address.hpp"
#include "stack/header/ipv4_address.hpp"

namespace ringside::stack {

enum class ArpOperation : std::uint16_t { Request = 1, Reply = 2 };

struct ArpPacket {
  static constexpr std::uint32_t kSize = 28;

  ArpOperation operation = ArpOperation::Request;  // may hold any number that came over the wire
  MacAddress sender_mac;
  Ipv4Address sender;
  MacAddress target_mac;
  Ipv4Address target;

  // Nothing unless hardware type, protocol type and both lengths are those of IPv4 over Ethernet.
  static std::optional<ArpPacket> parse(Bytes bytes);
  // `into` has kSize bytes or more.
  void emit(MutableBytes into) const;

  bool operator==(ArpPacket const&) const = default;
};

}  // namespace ringside::stack
