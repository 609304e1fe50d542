// The Internet checksum (RFC 1071) over the part of a frame that the device names.
#include "driver/virtio/partial_checksum.hpp"

namespace ringside::driver {

bool complete_checksum(MutableBytes frame, std::uint16_t start, std::uint16_t offset) {
  std::size_t const field = std::size_t{start} + offset;
  if (field + 2 > frame.size()) return false;
  std::uint64_t sum = 0;
  std::size_t at = start;
  for (; at + 1 < frame.size(); at += 2) sum += load_be<std::uint16_t>(&frame[at]);
  if (at < frame.size()) sum += static_cast<std::uint64_t>(frame[at]) << 8;
  while (sum >> 16) sum = (sum & 0xFFFF) + (sum >> 16);
  auto const checksum = static_cast<std::uint16_t>(~sum);
  // To UDP a 0 would say "none"; to TCP both zeros are the same (RFC 768).
  store_be<std::uint16_t>(&frame[field], checksum == 0 ? std::uint16_t{0xFFFF} : checksum);
  return true;
}

}  // namespace ringside::driver
