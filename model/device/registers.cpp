#include "model/device/registers.hpp"

#include <cassert>

namespace ringside::model {

void Registers::map(layout::Block const& block, RegisterBlock& registers) {
  assert(mapped_ < mappings_.size());
  mappings_[mapped_++] = {block.offset, block.size, &registers};
}

Registers::Mapping const* Registers::find(std::uint32_t offset) const {
  for (Mapping const& each : mappings_) {
    if (offset >= each.offset && offset - each.offset < each.size) return &each;
  }
  return nullptr;
}

std::uint32_t Registers::read(std::uint32_t offset, unsigned size) {
  assert(size >= 1 && size <= 4);
  unsigned const first = offset % 4;
  std::uint64_t value = 0;
  for (unsigned i = 0; i * 4 < first + size; ++i) {
    std::uint32_t const word = offset - first + 4 * i;
    if (Mapping const* mapping = find(word)) {
      std::uint64_t const read = mapping->registers->read_word(word - mapping->offset);
      value |= read << (32 * i);
    }
  }
  std::uint64_t const kept = (std::uint64_t{1} << (8 * size)) - 1;
  return static_cast<std::uint32_t>((value >> (8 * first)) & kept);
}

void Registers::write(std::uint32_t offset, unsigned size, std::uint32_t value) {
  assert(size >= 1 && size <= 4);
  unsigned const first = offset % 4;
  std::uint64_t const mask = ((std::uint64_t{1} << (8 * size)) - 1) << (8 * first);
  std::uint64_t const data = std::uint64_t{value} << (8 * first);
  for (unsigned i = 0; i * 4 < first + size; ++i) {
    std::uint32_t const word = offset - first + 4 * i;
    if (Mapping const* mapping = find(word)) {
      mapping->registers->write_word(word - mapping->offset,
                                     {static_cast<std::uint32_t>(data >> (32 * i)),
                                      static_cast<std::uint32_t>(mask >> (32 * i))});
    }
  }
}

}  // namespace ringside::model
