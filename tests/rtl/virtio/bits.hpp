// Fields of Verilated ports wider than 64 bits, which Verilator keeps as 32-bit words.
#pragma once

#include <verilated.h>

#include <cstddef>
#include <cstdint>

namespace ringside::testbench {

template <std::size_t kWords>
std::uint64_t bits(VlWide<kWords> const& port, unsigned lsb, unsigned width) {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < width; ++i) {
    std::uint64_t const bit = (port[(lsb + i) / 32] >> ((lsb + i) % 32)) & 1;
    value |= bit << i;
  }
  return value;
}

template <std::size_t kWords>
void set_bits(VlWide<kWords>& port, unsigned lsb, unsigned width, std::uint64_t value) {
  for (unsigned i = 0; i < width; ++i) {
    EData const mask = EData{1} << ((lsb + i) % 32);
    EData& word = port[(lsb + i) / 32];
    word = ((value >> i) & 1) != 0 ? word | mask : word & ~mask;
  }
}

}  // namespace ringside::testbench
