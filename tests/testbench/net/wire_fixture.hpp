// Frames to send.
#pragma once

#include <algorithm>
#include <vector>

#include "interface/base/mac_address.hpp"
#include "testbench/net/frame_assembler.hpp"

namespace ringside::testbench {

inline std::uint32_t bitwise_crc(Bytes bytes) {
  std::uint32_t crc = 0xFFFF'FFFF;
  for (auto byte : bytes) {
    crc ^= byte;
    for (int i = 0; i < 8; ++i) crc = crc >> 1 ^ (crc & 1 ? 0xEDB8'8320 : 0);
  }
  return ~crc;
}

// A frame with preamble and FCS that starts at `ns`. Addresses end in the given numbers.
inline WireFrame make_frame(std::int64_t ns, std::uint8_t to, std::uint8_t from,
                            std::size_t payload = 46, std::uint8_t fill = 0) {
  WireFrame frame;
  frame.start = TimePoint{Duration{ns * 1000}};
  frame.bytes.assign(7, 0x55);
  frame.bytes.push_back(0xD5);
  MacAddress destination{{2, 0, 0, 0, 0, to}};
  if (to == 0xFF) destination = kBroadcastMac;
  MacAddress const source{{2, 0, 0, 0, 0, from}};
  frame.bytes.insert(frame.bytes.end(), destination.bytes.begin(), destination.bytes.end());
  frame.bytes.insert(frame.bytes.end(), source.bytes.begin(), source.bytes.end());
  frame.bytes.push_back(0x88);
  frame.bytes.push_back(0xB5);
  frame.bytes.insert(frame.bytes.end(), payload, fill);
  std::uint32_t const crc = bitwise_crc(Bytes(frame.bytes).subspan(8));
  frame.bytes.resize(frame.bytes.size() + 4);
  store_le(frame.bytes.data() + frame.bytes.size() - 4, crc);
  return frame;
}

}  // namespace ringside::testbench
