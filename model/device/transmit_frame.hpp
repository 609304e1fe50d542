// Which packets of a transmit queue are frames, and which frames they are.
#pragma once

#include <cstdint>
#include <vector>

#include "interface/base/bytes.hpp"
#include "interface/layout/virtio.hpp"

namespace ringside::model {

// What has been negotiated about packets to send.
struct PacketRules {
  bool checksum = false;     // CSUM: headers may ask for a checksum
  bool hash_report = false;  // HASH_REPORT: headers are the long ones

  std::uint32_t header_bytes() const { return layout::net_header_bytes(hash_report); }
  // Virtio header and frame; what is shorter or longer is dropped.
  std::uint64_t shortest() const { return header_bytes() + std::uint64_t{14}; }
  std::uint64_t longest() const { return header_bytes() + std::uint64_t{layout::kMaxFrameBytes}; }
};

// Of a packet of an allowed length: whether what it asks for has been negotiated and can be done,
// and it is the host's to send.
bool content_allowed(Bytes packet, PacketRules const& rules);

// The frame of such a packet, from destination address to FCS: without the virtio header, with the
// checksum that was asked for, padded.
std::vector<std::uint8_t> frame_of_packet(std::vector<std::uint8_t> packet,
                                          PacketRules const& rules);

}  // namespace ringside::model
