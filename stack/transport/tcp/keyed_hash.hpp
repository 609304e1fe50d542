// SipHash-2-4: a hash that nobody without the key can predict (Aumasson and Bernstein, 2012).
#pragma once

#include <bit>
#include <cstdint>

#include "interface/base/bytes.hpp"

namespace ringside::stack {

struct HashKey {
  std::uint64_t first = 0;
  std::uint64_t second = 0;
};

inline std::uint64_t keyed_hash(HashKey key, Bytes message) {
  std::uint64_t v0 = key.first ^ 0x736F6D6570736575;
  std::uint64_t v1 = key.second ^ 0x646F72616E646F6D;
  std::uint64_t v2 = key.first ^ 0x6C7967656E657261;
  std::uint64_t v3 = key.second ^ 0x7465646279746573;
  auto const rounds = [&](int count) {
    for (int i = 0; i < count; ++i) {
      v0 += v1;
      v1 = std::rotl(v1, 13) ^ v0;
      v0 = std::rotl(v0, 32);
      v2 += v3;
      v3 = std::rotl(v3, 16) ^ v2;
      v0 += v3;
      v3 = std::rotl(v3, 21) ^ v0;
      v2 += v1;
      v1 = std::rotl(v1, 17) ^ v2;
      v2 = std::rotl(v2, 32);
    }
  };
  auto const absorb = [&](std::uint64_t word) {
    v3 ^= word;
    rounds(2);
    v0 ^= word;
  };
  std::size_t const whole = message.size() / 8 * 8;
  for (std::size_t at = 0; at < whole; at += 8) absorb(load_le<std::uint64_t>(&message[at]));
  std::uint64_t last = std::uint64_t{message.size()} << 56;
  for (std::size_t at = whole; at < message.size(); ++at) {
    last |= std::uint64_t{message[at]} << (8 * (at - whole));
  }
  absorb(last);
  v2 ^= 0xFF;
  rounds(4);
  return v0 ^ v1 ^ v2 ^ v3;
}

}  // namespace ringside::stack
