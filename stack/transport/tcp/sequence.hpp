// A place in the 32-bit sequence space of one direction; comparisons are modulo 2^32.
#pragma once

#include <cstdint>

namespace ringside::stack {

struct Sequence {
  std::uint32_t value = 0;

  friend constexpr bool operator==(Sequence, Sequence) = default;
  friend constexpr Sequence operator+(Sequence from, std::uint32_t bytes) {
    return {from.value + bytes};
  }
  friend constexpr Sequence operator-(Sequence from, std::uint32_t bytes) {
    return {from.value - bytes};
  }
  constexpr Sequence& operator+=(std::uint32_t bytes) {
    value += bytes;
    return *this;
  }

  // Signed distance; right for places less than 2^31 apart, which windows up to 2^30 ensure.
  friend constexpr std::int32_t operator-(Sequence to, Sequence from) {
    return static_cast<std::int32_t>(to.value - from.value);
  }
  friend constexpr bool operator<(Sequence a, Sequence b) { return a - b < 0; }
  friend constexpr bool operator>(Sequence a, Sequence b) { return a - b > 0; }
  friend constexpr bool operator<=(Sequence a, Sequence b) { return a - b <= 0; }
  friend constexpr bool operator>=(Sequence a, Sequence b) { return a - b >= 0; }
};

constexpr Sequence later(Sequence a, Sequence b) { return a < b ? b : a; }
constexpr Sequence earlier(Sequence a, Sequence b) { return a < b ? a : b; }

// Bytes from `from` to `to`, which is not before it.
constexpr std::uint32_t bytes_between(Sequence from, Sequence to) { return to.value - from.value; }

}  // namespace ringside::stack
