// Identification numbers for datagrams that may be fragmented (RFC 6864).
#pragma once

#include <array>
#include <cstdint>

#include "interface/base/random.hpp"
#include "stack/header/ipv4_address.hpp"

namespace ringside::stack {

// Counts for each of a set of flows, chosen by a keyed hash: numbers of one flow do not repeat
// before all are used, and tell an outsider nothing about other flows (RFC 7739).
class Identification {
 public:
  explicit Identification(Random random) : key_(random.next() | 1) {
    for (std::uint16_t& counter : counters_) counter = static_cast<std::uint16_t>(random.next());
  }

  std::uint16_t next(Ipv4Address source, Ipv4Address destination, std::uint8_t protocol) {
    std::uint64_t hash = (std::uint64_t{source.value} << 32 | destination.value) + protocol;
    hash = (hash ^ hash >> 29) * key_;
    hash = (hash ^ hash >> 32) * key_;
    return counters_[hash >> 56]++;
  }

 private:
  std::uint64_t key_;
  std::array<std::uint16_t, 256> counters_;
};

}  // namespace ringside::stack
