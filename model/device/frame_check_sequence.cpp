#include "model/device/frame_check_sequence.hpp"

#include <array>

namespace ringside::model {
namespace {

// The polynomial with its bits reversed, because each byte is sent least significant bit first.
constexpr std::uint32_t kPolynomial = 0xEDB88320;

// Table k: what a byte does to the register when k further zero bytes follow it. Eight bytes are
// then eight independent look-ups.
using Tables = std::array<std::array<std::uint32_t, 256>, 8>;
constexpr Tables kTables = [] {
  Tables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t value = byte;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) != 0 ? kPolynomial : 0);
    tables[0][byte] = value;
  }
  for (std::size_t k = 1; k < tables.size(); ++k) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      std::uint32_t const before = tables[k - 1][byte];
      tables[k][byte] = (before >> 8) ^ tables[0][before & 0xFF];
    }
  }
  return tables;
}();

}  // namespace

void FrameCheckSequence::add(Bytes bytes) {
  while (bytes.size() >= 8) {
    std::uint64_t const word = load_le<std::uint64_t>(bytes.data()) ^ register_;
    std::uint32_t next = 0;
    for (unsigned i = 0; i < 8; ++i) next ^= kTables[7 - i][(word >> (8 * i)) & 0xFF];
    register_ = next;
    bytes = bytes.subspan(8);
  }
  for (std::uint8_t byte : bytes) {
    register_ = (register_ >> 8) ^ kTables[0][(register_ ^ byte) & 0xFF];
  }
}

}  // namespace ringside::model
