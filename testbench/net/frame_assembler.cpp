#include "testbench/net/frame_assembler.hpp"

#include <array>

namespace ringside::testbench {

namespace {

// The IEEE CRC-32 of the testbench's own: what NIC and model compute is what it judges.
constexpr std::array<std::uint32_t, 256> kTable = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0xEDB8'8320 : 0);
    table[i] = crc;
  }
  return table;
}();

constexpr std::uint32_t kResidue = 0xDEBB'20E3;  // register after a frame and its right FCS

}  // namespace

bool is_intact(WireFrame const& frame) {
  if (frame.error || frame.bytes.size() < WireFrame::kMinBytes) return false;
  std::uint32_t crc = 0xFFFF'FFFF;
  for (std::size_t i = WireFrame::kPreambleBytes; i < frame.bytes.size(); ++i) {
    crc = crc >> 8 ^ kTable[(crc ^ frame.bytes[i]) & 0xFF];
  }
  return crc == kResidue;
}

}  // namespace ringside::testbench
