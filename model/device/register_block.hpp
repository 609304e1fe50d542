// What a block of registers looks like to the bus: 32-bit words of which single bytes are written.
#pragma once

#include <cstdint>

namespace ringside::model {

// A write as it arrives on a 32-bit bus with byte strobes: only the bits of `mask` are meant.
struct WordWrite {
  std::uint32_t data;
  std::uint32_t mask;  // whole bytes

  // The value of a field of type T that begins at bit `shift` once the write has reached it.
  template <class T>
  T onto(T old, unsigned shift = 0) const {
    return static_cast<T>((old & ~(mask >> shift)) | ((data & mask) >> shift));
  }
  // The same for the half of a 64-bit register that lies at `offset`.
  std::uint64_t onto_half(std::uint64_t old, std::uint32_t offset) const {
    unsigned const half = offset % 8 * 8;
    std::uint64_t const wide = std::uint64_t{mask} << half;
    return (old & ~wide) | ((std::uint64_t{data} << half) & wide);
  }
  template <class T>
  bool reaches(unsigned shift = 0) const {
    return static_cast<T>(mask >> shift) != 0;
  }
};

// Offsets are within the block and multiples of 4. What is not there reads as 0 and ignores writes:
// a host that crashes on an absent register helps nobody.
class RegisterBlock {
 public:
  virtual ~RegisterBlock() = default;
  virtual std::uint32_t read_word(std::uint32_t offset) = 0;
  virtual void write_word(std::uint32_t /*offset*/, WordWrite /*write*/) {}
};

}  // namespace ringside::model
