// Where the network layer begins in a frame: behind the addresses and one VLAN tag at most.
#pragma once

#include <cstddef>
#include <cstdint>

#include "interface/base/bytes.hpp"

namespace ringside::model {

inline constexpr std::uint16_t kIpv4Type = 0x0800;
inline constexpr std::uint16_t kIpv6Type = 0x86DD;
inline constexpr std::size_t kTypeOffset = 12;

struct NetworkLayer {
  std::uint16_t type;  // 0: the frame ends before there is any
  Bytes bytes;         // from its header to the end of the frame
};

inline NetworkLayer network_layer(Bytes frame) {
  constexpr std::size_t kHeaderBytes = 14;
  constexpr std::size_t kTagBytes = 4;
  constexpr std::uint16_t kTagType = 0x8100;
  if (frame.size() < kHeaderBytes + kTagBytes) return {};
  bool const tagged = load_be<std::uint16_t>(&frame[kTypeOffset]) == kTagType;
  std::size_t const begin = kHeaderBytes + (tagged ? kTagBytes : 0);
  return {load_be<std::uint16_t>(&frame[begin - 2]), frame.subspan(begin)};
}

}  // namespace ringside::model
