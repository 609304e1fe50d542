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

namespace {

std::uint32_t crc_register(Bytes bytes) {
  std::uint32_t crc = 0xFFFF'FFFF;
  for (std::uint8_t byte : bytes) crc = crc >> 8 ^ kTable[(crc ^ byte) & 0xFF];
  return crc;
}

}  // namespace

WireFrame frame_of(TimePoint start, Bytes contents, std::size_t least) {
  WireFrame frame;
  frame.start = start;
  frame.bytes.assign(WireFrame::kPreambleBytes - 1, 0x55);
  frame.bytes.push_back(0xD5);
  frame.bytes.insert(frame.bytes.end(), contents.begin(), contents.end());
  if (contents.size() < least) frame.bytes.resize(WireFrame::kPreambleBytes + least);
  std::uint32_t const fcs = ~crc_register(Bytes(frame.bytes).subspan(WireFrame::kPreambleBytes));
  frame.bytes.resize(frame.bytes.size() + WireFrame::kFcsBytes);
  store_le(frame.bytes.data() + frame.bytes.size() - WireFrame::kFcsBytes, fcs);
  return frame;
}

bool is_intact(WireFrame const& frame) {
  bool const damaged = frame.error || frame.framing != FramePiece::Framing::Right;
  if (damaged || frame.bytes.size() < WireFrame::kMinBytes) return false;
  return crc_register(Bytes(frame.bytes).subspan(WireFrame::kPreambleBytes)) == kResidue;
}

}  // namespace ringside::testbench
