// The hash that tells the flow of a received packet (virtio 1.3, 5.1.6.4.3).
#pragma once

#include <array>
#include <cstdint>

#include "interface/base/bytes.hpp"
#include "interface/layout/receive_scaling.hpp"

namespace ringside::model {

using HashKey = std::array<std::uint8_t, layout::kHashKeyBytes>;

// The Toeplitz hash of at most 36 bytes.
std::uint32_t toeplitz(Bytes input, HashKey const& key);

struct FlowHash {
  std::uint8_t report = 0;  // layout::kHashReports; 0: no hash
  std::uint32_t value = 0;
  bool operator==(FlowHash const&) const = default;
};

// Of a frame without FCS, at least layout::kMinFrameBytes long, by the hash types that are enabled
// (layout::kHashTypes). Ports count where the packet has them in one piece, behind IPv4 options or
// IPv6 extension headers that can be stepped over.
FlowHash flow_hash(Bytes frame, std::uint32_t types, HashKey const& key);

}  // namespace ringside::model
