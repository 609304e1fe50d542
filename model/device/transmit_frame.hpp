// Which packets of a transmit queue are frames, and which frames they are.
#pragma once

#include <cstdint>
#include <vector>

#include "interface/base/bytes.hpp"
#include "interface/layout/limits.hpp"

namespace ringside::model {

// Virtio header and frame; what is shorter or longer is dropped.
inline constexpr std::uint64_t kShortestPacket = layout::kNetHeaderBytes + 14;
inline constexpr std::uint64_t kLongestPacket = layout::kNetHeaderBytes + layout::kMaxFrameBytes;

// Of a packet of an allowed length: whether what it asks for has been negotiated (`checksum`: CSUM)
// and can be done, and it is the host's to send.
bool content_allowed(Bytes packet, bool checksum);

// The frame of such a packet, from destination address to FCS: without the virtio header, with the
// checksum that was asked for, padded.
std::vector<std::uint8_t> frame_of_packet(std::vector<std::uint8_t> packet);

}  // namespace ringside::model
