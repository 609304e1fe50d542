// The Internet checksum (RFC 1071): of one piece, or of pieces added one after another.
#pragma once

#include <cstdint>

#include "interface/base/bytes.hpp"
#include "stack/header/ipv4_address.hpp"

namespace ringside::stack {

// Adds up bytes as big endian 16-bit words in one's complement. A piece of odd length may be
// followed by another: the sum is that of the bytes side by side.
class InternetChecksum {
 public:
  InternetChecksum& add(Bytes bytes);
  // A word in host order; only between whole words, that is after an even number of bytes.
  InternetChecksum& add_word(std::uint16_t word);

  // Folded sum in host order, before it is complemented: 0xFFFF over data with a right checksum.
  std::uint16_t sum() const;
  // What goes into the header (host order).
  std::uint16_t value() const { return static_cast<std::uint16_t>(~sum()); }

 private:
  std::uint64_t sum_ = 0;  // of little endian words, as x86 loads them: RFC 1071, 2 (B)
  bool odd_ = false;
};

std::uint16_t internet_checksum(Bytes bytes);

// The sum begun with the pseudo header of TCP and UDP (RFC 793, 3.1; RFC 768). `length` counts
// transport header and payload.
InternetChecksum pseudo_header_checksum(Ipv4Address source, Ipv4Address destination,
                                        std::uint8_t protocol, std::uint32_t length);

// The checksum after one word of what it covers has changed (RFC 1624, equation 3).
std::uint16_t updated_checksum(std::uint16_t checksum, std::uint16_t old_word,
                               std::uint16_t new_word);

}  // namespace ringside::stack
