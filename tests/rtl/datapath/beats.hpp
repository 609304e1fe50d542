// Frames to and from the beats of nic_types_pkg, as the ports of Verilated blocks hold them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ringside::test {

using Frame = std::vector<std::uint8_t>;

// Puts up to `Bytes` bytes from `offset` on into a beat; true if it is the last.
template <std::size_t Bytes, std::size_t CountBits, class Port>
bool set_beat(Port& port, Frame const& frame, std::size_t offset) {
  std::size_t const left = frame.size() - offset;
  std::size_t const count = left < Bytes ? left : Bytes;
  bool const last = left <= Bytes;
  for (std::size_t i = 0; i < Bytes / 4; ++i) port[i] = 0xEEEEEEEE;  // behind the end lies noise
  for (std::size_t i = 0; i < count; ++i) {
    std::size_t const shift = 8 * (i % 4);
    port[i / 4] = (port[i / 4] & ~(0xFFU << shift)) | (std::uint32_t{frame[offset + i]} << shift);
  }
  port[Bytes / 4] = static_cast<std::uint32_t>(count) | (last ? 1U << CountBits : 0);
  return last;
}

// Appends a beat's bytes; true if it is the last.
template <std::size_t Bytes, std::size_t CountBits, class Port>
bool get_beat(Port const& port, Frame& frame) {
  std::size_t const count = port[Bytes / 4] & ((1U << CountBits) - 1);
  for (std::size_t i = 0; i < count; ++i) {
    frame.push_back(static_cast<std::uint8_t>(port[i / 4] >> (8 * (i % 4))));
  }
  return ((port[Bytes / 4] >> CountBits) & 1) != 0;
}

template <class Port>
bool set_mac_beat(Port& port, Frame const& frame, std::size_t offset) {
  return set_beat<8, 4>(port, frame, offset);
}
template <class Port>
bool get_mac_beat(Port const& port, Frame& frame) {
  return get_beat<8, 4>(port, frame);
}
template <class Port>
bool set_dma_beat(Port& port, Frame const& frame, std::size_t offset) {
  return set_beat<16, 5>(port, frame, offset);
}
template <class Port>
bool get_dma_beat(Port const& port, Frame& frame) {
  return get_beat<16, 5>(port, frame);
}

}  // namespace ringside::test
