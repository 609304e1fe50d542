// An IPv4 address and a prefix, as numbers in host byte order.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ringside::stack {

struct Ipv4Address {
  std::uint32_t value = 0;

  static constexpr Ipv4Address of(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
    return {std::uint32_t{a} << 24 | std::uint32_t{b} << 16 | std::uint32_t{c} << 8 | d};
  }
  // Dotted quad only; nothing else parses.
  static std::optional<Ipv4Address> parse(std::string_view text);
  std::string to_string() const;

  constexpr bool is_unspecified() const { return value == 0; }
  constexpr bool is_loopback() const { return value >> 24 == 127; }
  constexpr bool is_multicast() const { return value >> 28 == 0xE; }
  constexpr bool is_limited_broadcast() const { return value == 0xFFFF'FFFF; }
  constexpr bool is_class_e() const { return value >> 28 == 0xF && !is_limited_broadcast(); }

  auto operator<=>(Ipv4Address const&) const = default;
};

struct Ipv4Prefix {
  Ipv4Address address;
  std::uint8_t length = 0;  // 0 to 32

  // "10.9.0.0/24".
  static std::optional<Ipv4Prefix> parse(std::string_view text);

  constexpr std::uint32_t mask() const {
    return length == 0 ? 0 : ~std::uint32_t{0} << (32 - length);
  }
  constexpr bool contains(Ipv4Address other) const {
    return ((other.value ^ address.value) & mask()) == 0;
  }
  // The directed broadcast address; /31 and /32 have none (RFC 3021).
  constexpr std::optional<Ipv4Address> broadcast() const {
    if (length >= 31) return std::nullopt;
    return Ipv4Address{address.value | ~mask()};
  }
};

// One end of a transport: what getsockname() tells.
struct Endpoint {
  Ipv4Address address;
  std::uint16_t port = 0;
  auto operator<=>(Endpoint const&) const = default;
};

}  // namespace ringside::stack
