// A 48-bit Ethernet address, in the order of its bytes on the wire.
#pragma once

#include <array>
#include <compare>
#include <cstdint>

namespace ringside {

struct MacAddress {
  std::array<std::uint8_t, 6> bytes{};

  constexpr bool is_group() const { return (bytes[0] & 1) != 0; }
  constexpr bool is_broadcast() const;
  auto operator<=>(MacAddress const&) const = default;
};

inline constexpr MacAddress kBroadcastMac{{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}};

constexpr bool MacAddress::is_broadcast() const { return *this == kBroadcastMac; }

}  // namespace ringside
