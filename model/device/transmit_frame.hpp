// Which packets of a transmit queue are frames, and which frames they are.
#pragma once

#include <cstdint>
#include <vector>

#include "interface/base/bytes.hpp"
#include "model/device/packet_rules.hpp"

namespace ringside::model {

// Of a packet of an allowed length that is not to be cut: whether what it asks for has been
// negotiated and can be done, and it is the host's to send.
bool content_allowed(Bytes packet, PacketRules const& rules);

// The frame of such a packet, from destination address to FCS: without the virtio header, with the
// checksum that was asked for, padded.
std::vector<std::uint8_t> frame_of_packet(std::vector<std::uint8_t> packet,
                                          PacketRules const& rules);

}  // namespace ringside::model
