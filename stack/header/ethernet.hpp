// The Ethernet II header (IEEE 802.3, 3.1; RFC 894).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "interface/base/bytes.hpp"
#include "interface/base/mac_address.hpp"
#include "stack/header/ipv4_address.hpp"

namespace ringside::stack {

enum class EtherType : std::uint16_t { Ipv4 = 0x0800, Arp = 0x0806, Ipv6 = 0x86DD };

// From here on the field is a type, up to 1500 it is a length (IEEE 802.3, 3.2.6).
inline constexpr std::uint16_t kLeastEtherType = 0x0600;

struct EthernetHeader {
  static constexpr std::uint32_t kSize = 14;

  MacAddress destination;
  MacAddress source;
  EtherType type = EtherType::Ipv4;  // may hold any number that came over the wire

  // Nothing if `frame` is too short for a header, or holds a length where the type should be.
  static std::optional<EthernetHeader> parse(Bytes frame);
  // `into` has kSize bytes or more.
  void emit(MutableBytes into) const;

  bool operator==(EthernetHeader const&) const = default;
};

// "02:00:00:00:00:01".
std::string to_string(MacAddress const& mac);

// Where datagrams to an IPv4 group are sent (RFC 1112, 6.4).
MacAddress multicast_mac(Ipv4Address group);

}  // namespace ringside::stack
