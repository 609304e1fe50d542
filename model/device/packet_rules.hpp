// What has been negotiated about packets to send, and what follows for their lengths.
#pragma once

#include <cstddef>
#include <cstdint>

#include "interface/layout/limits.hpp"
#include "interface/layout/virtio.hpp"

namespace ringside::model {

struct PacketRules {
  bool checksum = false;  // CSUM: headers may ask for a checksum
  bool tcpv4 = false;     // HOST_TSO4, HOST_TSO6: and to be cut into segments,
  bool tcpv6 = false;
  bool ecn = false;          // HOST_ECN: also if they mark congestion
  bool hash_report = false;  // HASH_REPORT: headers are the long ones

  constexpr std::uint32_t header_bytes() const { return layout::net_header_bytes(hash_report); }

  // Virtio header and frame; what is shorter or longer is dropped.
  constexpr std::uint64_t shortest() const { return header_bytes() + std::uint64_t{14}; }
  constexpr std::uint64_t longest() const {
    return header_bytes() + std::uint64_t{layout::kMaxFrameBytes};
  }

  constexpr bool cuts() const { return tcpv4 || tcpv6; }
  // A packet of many elements is not cut. This is what may be read of one of so many.
  constexpr bool may_cut(std::size_t elements) const {
    return cuts() && elements <= layout::kMaxGsoElements;
  }
  constexpr std::uint64_t longest(std::size_t elements) const {
    return may_cut(elements) ? header_bytes() + std::uint64_t{layout::kMaxSegmentedBytes}
                             : longest();
  }
};

}  // namespace ringside::model
