#include "stack/header/internet_checksum.hpp"

#include <cassert>

namespace ringside::stack {
namespace {

std::uint16_t fold(std::uint64_t sum) {
  while (sum >> 16 != 0) sum = (sum & 0xFFFF) + (sum >> 16);
  return static_cast<std::uint16_t>(sum);
}

// Adding 32-bit halves to 64 bits cannot overflow before 16 GiB, so no carry has to be caught and
// the compiler may use its widest registers.
std::uint64_t sum_of(Bytes bytes) {
  std::uint8_t const* at = bytes.data();
  std::size_t left = bytes.size();
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  for (; left >= 8; at += 8, left -= 8) {
    std::uint64_t const chunk = load_le<std::uint64_t>(at);
    low += chunk & 0xFFFF'FFFF;
    high += chunk >> 32;
  }
  if (left >= 4) {
    low += load_le<std::uint32_t>(at);
    at += 4;
    left -= 4;
  }
  if (left >= 2) {
    low += load_le<std::uint16_t>(at);
    at += 2;
    left -= 2;
  }
  if (left == 1) low += *at;
  return low + high;
}

}  // namespace

InternetChecksum& InternetChecksum::add(Bytes bytes) {
  // A piece that begins at an odd place has all its bytes in the other half of the words.
  std::uint16_t const piece = fold(sum_of(bytes));
  sum_ += odd_ ? byte_swap(piece) : piece;
  odd_ ^= (bytes.size() & 1) != 0;
  return *this;
}

InternetChecksum& InternetChecksum::add_word(std::uint16_t word) {
  assert(!odd_);
  sum_ += byte_swap(word);
  return *this;
}

std::uint16_t InternetChecksum::sum() const { return byte_swap(fold(sum_)); }

std::uint16_t internet_checksum(Bytes bytes) { return InternetChecksum{}.add(bytes).value(); }

InternetChecksum pseudo_header_checksum(Ipv4Address source, Ipv4Address destination,
                                        std::uint8_t protocol, std::uint32_t length) {
  InternetChecksum sum;
  for (std::uint32_t const value : {source.value, destination.value, length}) {
    sum.add_word(static_cast<std::uint16_t>(value >> 16));
    sum.add_word(static_cast<std::uint16_t>(value));
  }
  sum.add_word(protocol);
  return sum;
}

std::uint16_t updated_checksum(std::uint16_t checksum, std::uint16_t old_word,
                               std::uint16_t new_word) {
  std::uint32_t const sum = static_cast<std::uint16_t>(~checksum) +
                            std::uint32_t{static_cast<std::uint16_t>(~old_word)} + new_word;
  return static_cast<std::uint16_t>(~fold(sum));
}

}  // namespace ringside::stack
