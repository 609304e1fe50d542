// How received packets are spread over queue pairs (virtio 1.3, 5.1.6.4.3).
#pragma once

#include <cstdint>
#include <vector>

#include "model/device/receive_hash.hpp"

namespace ringside::model {

// What is made of a frame when it comes in.
struct FrameHashes {
  FlowHash reported;   // to the driver, with HASH_REPORT
  FlowHash spread_by;  // says which queue it goes to
  bool operator==(FrameHashes const&) const = default;
};

// By an indirection table, once there is one.
struct Steering {
  std::uint32_t hash_types = 0;  // the driver's
  bool all_types = false;        // spread by all that there are: the driver leaves it to the device
  HashKey key = layout::kDefaultHashKey;
  std::vector<std::uint16_t> table;  // pairs; its size is a power of two; empty: all to the first
  std::uint16_t unclassified = 0;    // the pair of packets without a hash

  FrameHashes hashes_of(Bytes frame) const;
  std::uint16_t pair_of(FrameHashes const& hashes) const;
  std::uint16_t pair_of(Bytes frame) const { return pair_of(hashes_of(frame)); }

  bool operator==(Steering const&) const = default;
};

// Over so many pairs, evenly, as the driver asks for who leaves the rest to the device.
Steering spread_evenly(Steering before, std::uint16_t pairs);

}  // namespace ringside::model
