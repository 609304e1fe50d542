// Views of raw memory, and loads and stores in a stated byte order at any alignment.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace ringside {

using Bytes = std::span<std::uint8_t const>;
using MutableBytes = std::span<std::uint8_t>;

template <std::unsigned_integral T>
constexpr T byte_swap(T value) {
  T swapped = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    swapped = static_cast<T>((swapped << 8) | ((value >> (8 * i)) & 0xFF));
  }
  return swapped;
}

// Little endian: virtio, PCI and the FCS on the wire.
template <std::unsigned_integral T>
T load_le(std::uint8_t const* from) {
  static_assert(std::endian::native == std::endian::little);
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

template <std::unsigned_integral T>
void store_le(std::uint8_t* to, T value) {
  std::memcpy(to, &value, sizeof value);
}

// Big endian: every header of the Internet protocols.
template <std::unsigned_integral T>
T load_be(std::uint8_t const* from) {
  return byte_swap(load_le<T>(from));
}

template <std::unsigned_integral T>
void store_be(std::uint8_t* to, T value) {
  store_le<T>(to, byte_swap(value));
}

}  // namespace ringside
