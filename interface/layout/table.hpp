// What a register or field table says, and how to look things up in one at compile time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace ringside::layout {

enum class Access : std::uint8_t {
  ReadOnly,     // writes are ignored
  ReadWrite,    // reads back what was accepted
  WriteOnly,    // reads as 0
  ReadToClear,  // a read returns the value and clears it
};

// A register: byte offset in its block, width in bits (8, 16, 32, 64), value after reset.
struct Register {
  std::string_view name;
  std::uint32_t offset;
  std::uint32_t width;
  Access access;
  std::uint64_t reset;
  std::string_view description;
};

// A field of a structure in memory: offset and width in bits from its first byte, little endian.
struct Field {
  std::string_view name;
  std::uint32_t offset;
  std::uint32_t width;
};

// A number with a name: a feature bit, a flag, a limit.
struct Constant {
  std::string_view name;
  std::uint64_t value;
  std::string_view description;
};

// A block of registers within BAR 0. `entries`: so many that are alike, one after another, of which
// `registers` shows the first.
struct Block {
  std::string_view name;
  std::uint32_t offset;
  std::uint32_t size;
  std::span<Register const> registers;
  std::string_view description;
  std::uint32_t entries = 1;

  constexpr std::uint32_t stride() const { return size / entries; }  // from entry to entry
};

// Not constexpr: a look-up that gets here does not compile. (A throw would do the same, but not for
// the code that is built without exceptions.)
[[noreturn]] void no_such_name_in_the_table();

// The entry of that name. A name that is not in the table does not compile.
template <class Table>
consteval auto const& find(Table const& table, std::string_view name) {
  for (auto const& entry : table) {
    if (entry.name == name) return entry;
  }
  no_such_name_in_the_table();
}

}  // namespace ringside::layout
