// Receive side scaling (virtio 1.3, 5.1.6.4.3): how received packets are hashed and spread over
// queues.
#pragma once

#include <array>
#include <cstdint>

#include "interface/layout/table.hpp"

namespace ringside::layout {

// Bits of hash_types, and of supported_hash_types.
inline constexpr std::array kHashTypes{
    Constant{"ipv4", 0, "Addresses of IPv4."},
    Constant{"tcpv4", 1, "Addresses and ports of TCP over IPv4."},
    Constant{"udpv4", 2, "Addresses and ports of UDP over IPv4."},
    Constant{"ipv6", 3, "Addresses of IPv6."},
    Constant{"tcpv6", 4, "Addresses and ports of TCP over IPv6."},
    Constant{"udpv6", 5, "Addresses and ports of UDP over IPv6."},
};

// hash_report: what a packet's hash was made of.
inline constexpr std::array kHashReports{
    Constant{"none", 0, "There is no hash."},
    Constant{"ipv4", 1, "Addresses of IPv4."},
    Constant{"tcpv4", 2, "Addresses and ports of TCP over IPv4."},
    Constant{"udpv4", 3, "Addresses and ports of UDP over IPv4."},
    Constant{"ipv6", 4, "Addresses of IPv6."},
    Constant{"tcpv6", 5, "Addresses and ports of TCP over IPv6."},
    Constant{"udpv6", 6, "Addresses and ports of UDP over IPv6."},
};

inline constexpr std::uint32_t kSupportedHashTypes = (1U << kHashTypes.size()) - 1;

inline constexpr std::array kReceiveScaling{
    Constant{"hash_key_bytes", 40, "The Toeplitz key."},
    Constant{"indirection_entries", 128, "Entries of the indirection table at most."},
};
inline constexpr std::size_t kHashKeyBytes = find(kReceiveScaling, "hash_key_bytes").value;
inline constexpr std::size_t kIndirectionEntries =
    find(kReceiveScaling, "indirection_entries").value;

// The key until the driver sets one, and while it has only set a number of pairs: it is the same
// for both directions of a flow, whose addresses and ports change places.
inline constexpr std::array<std::uint8_t, kHashKeyBytes> kDefaultHashKey = [] {
  std::array<std::uint8_t, kHashKeyBytes> key{};
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = i % 2 == 0 ? 0x6D : 0x5A;
  return key;
}();

}  // namespace ringside::layout
