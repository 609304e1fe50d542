// The frame check sequence of Ethernet (IEEE 802.3, 3.2.9): CRC-32 from destination address to pad.
#pragma once

#include <cstdint>

#include "interface/base/bytes.hpp"

namespace ringside::model {

class FrameCheckSequence {
 public:
  void add(Bytes bytes);

  // On the wire the least significant byte goes first.
  std::uint32_t value() const { return ~register_; }

  // After a frame and its FCS: a good one leaves the same number whatever was in it.
  bool good() const { return register_ == kResidue; }

  static constexpr std::uint32_t kBytes = 4;

 private:
  static constexpr std::uint32_t kResidue = 0xDEBB20E3;
  std::uint32_t register_ = 0xFFFFFFFF;
};

}  // namespace ringside::model
