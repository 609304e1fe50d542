#include "model/device/delivery.hpp"

#include "model/device/checksum.hpp"

namespace ringside::model {

std::vector<std::uint8_t> packet_of_frame(Bytes frame, FlowHash const& hash, std::size_t buffers,
                                          DeliveryRules const& rules) {
  using layout::NetHeader;
  using layout::NetHeaderHash;
  std::vector<std::uint8_t> packet(rules.header_bytes(), 0);
  if (rules.checksum && transport_checksum_right(frame)) {
    packet[offsetof(NetHeader, flags)] = layout::kDataValid;
  }
  store_le<std::uint16_t>(&packet[offsetof(NetHeader, num_buffers)],
                          static_cast<std::uint16_t>(buffers));
  if (rules.hash_report) {
    std::uint8_t* const after = &packet[sizeof(NetHeader)];
    store_le<std::uint32_t>(after + offsetof(NetHeaderHash, hash_value), hash.value);
    store_le<std::uint16_t>(after + offsetof(NetHeaderHash, hash_report), hash.report);
  }
  packet.insert(packet.end(), frame.begin(), frame.end());
  return packet;
}

}  // namespace ringside::model
