// Packets that ask to be cut into TCP segments, right or with one thing wrong.
#pragma once

#include <cstdint>
#include <vector>

#include "interface/base/random.hpp"

namespace ringside::testbench::fuzz {

struct CutPacket {
  std::vector<std::uint8_t> bytes;  // virtio header and frame
  bool wrong = false;
};

// A virtio header of so many bytes and a frame of so many, or of its headers if those are more.
CutPacket make_cut_packet(Random& random, std::size_t header_bytes, std::size_t frame_bytes);

}  // namespace ringside::testbench::fuzz
