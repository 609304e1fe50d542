// The Internet checksum as RFC 1071 words it, a byte at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace ringside::test {

// The one's complement sum of 16-bit words, first byte high; an odd last byte is followed by 0.
inline std::uint16_t plain_sum(std::span<std::uint8_t const> bytes) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    sum += i % 2 == 0 ? std::uint32_t{bytes[i]} << 8 : std::uint32_t{bytes[i]};
    if (sum > 0xFFFF) sum -= 0xFFFF;
  }
  return static_cast<std::uint16_t>(sum);
}

// What a device puts at `field` of a frame whose sum begins at `start`; never 0.
inline std::uint16_t plain_checksum(std::span<std::uint8_t const> frame, std::size_t start) {
  auto const checksum = static_cast<std::uint16_t>(~plain_sum(frame.subspan(start)));
  return checksum == 0 ? std::uint16_t{0xFFFF} : checksum;
}

}  // namespace ringside::test
