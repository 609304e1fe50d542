// BAR 0: finds the block that an access means and turns it into words with byte strobes.
#pragma once

#include <array>
#include <cstdint>

#include "interface/layout/registers.hpp"
#include "model/device/register_block.hpp"

namespace ringside::model {

class Registers {
 public:
  // Each block of the layout is given once, before the first access.
  void map(layout::Block const& block, RegisterBlock& registers);

  // Any offset, 1 to 4 bytes, little endian. Like the bus of the hardware, a read reads whole
  // words: it clears a read-to-clear register even if it asks for a neighbouring byte of the same
  // word.
  std::uint32_t read(std::uint32_t offset, unsigned size);
  void write(std::uint32_t offset, unsigned size, std::uint32_t value);

 private:
  struct Mapping {
    std::uint32_t offset = 0;
    std::uint32_t size = 0;
    RegisterBlock* registers = nullptr;
  };
  Mapping const* find(std::uint32_t offset) const;

  std::array<Mapping, layout::kBlocks.size()> mappings_{};
  std::size_t mapped_ = 0;
};

}  // namespace ringside::model
