// How received frames become packets in the driver's buffers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "interface/base/bytes.hpp"
#include "interface/layout/virtio.hpp"
#include "model/device/receive_hash.hpp"

namespace ringside::model {

// What has been negotiated and set about them.
struct DeliveryRules {
  bool mergeable = false;    // MRG_RXBUF: a packet may fill several buffers
  bool checksum = false;     // GUEST_CSUM, and in use: headers say which checksums are right
  bool hash_report = false;  // HASH_REPORT: headers are the long ones

  std::uint32_t header_bytes() const { return layout::net_header_bytes(hash_report); }
  // A buffer in which a packet can begin has so many bytes (virtio 1.3, 5.1.6.3.1).
  std::uint64_t least_buffer() const { return mergeable ? header_bytes() : 1; }
};

// Header and frame, in so many buffers.
std::vector<std::uint8_t> packet_of_frame(Bytes frame, FlowHash const& hash, std::size_t buffers,
                                          DeliveryRules const& rules);

}  // namespace ringside::model
