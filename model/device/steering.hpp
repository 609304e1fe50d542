// How received packets are spread over queue pairs (virtio 1.3, 5.1.6.4.3).
#pragma once

#include <cstdint>
#include <vector>

#include "model/device/receive_hash.hpp"

namespace ringside::model {

// By an indirection table, once there is one; nothing is hashed before.
struct Steering {
  bool chosen = false;  // types and key are the driver's
  std::uint32_t hash_types = 0;
  HashKey key = layout::kDefaultHashKey;
  std::vector<std::uint16_t> table;  // pairs; its size is a power of two; empty: all to the first
  std::uint16_t unclassified = 0;    // the pair of packets without a hash

  FlowHash hash_of(Bytes frame) const { return flow_hash(frame, hash_types, key); }
  std::uint16_t pair_of(FlowHash const& hash) const;
  std::uint16_t pair_of(Bytes frame) const { return pair_of(hash_of(frame)); }

  bool operator==(Steering const&) const = default;
};

// Over so many pairs, evenly, as the driver asks for who leaves the rest to the device.
Steering spread_evenly(Steering before, std::uint16_t pairs);

}  // namespace ringside::model
