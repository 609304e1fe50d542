// Checksums that the device takes over from its driver: those of packets to send, and those of
// packets received.
#pragma once

#include <cstdint>

#include "interface/base/bytes.hpp"

namespace ringside::model {

// The one's complement sum of RFC 1071, and that of a pseudo header: addresses, protocol, length of
// the segment.
std::uint16_t ones_complement_sum(Bytes bytes);
std::uint16_t pseudo_header_sum(Bytes addresses, std::uint8_t protocol, std::uint16_t length);

// Packets to send are a virtio header and a frame. Whether the header's wish for a checksum can be
// met: the feature has been negotiated, the two bytes are in the frame and not in its EtherType,
// which they could make any type (virtio 1.3, 5.1.6.2). True if it has no such wish.
bool checksum_wish_allowed(Bytes header, Bytes frame, bool negotiated);

// Meets the wish, if there is one.
void complete_checksum(Bytes header, MutableBytes frame);

// Whether a received frame, without FCS, has a transport checksum and it is right (5.1.6.4): TCP or
// UDP, over IPv4 or over IPv6 without extension headers, in one piece, behind one VLAN tag at most.
// False too if the lengths or the checksum of the headers around it are not right.
bool transport_checksum_right(Bytes frame);

}  // namespace ringside::model
