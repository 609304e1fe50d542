// Bytes written as hexadecimal text; blanks separate.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace ringside::stack {

inline std::vector<std::uint8_t> from_hex(std::string_view text) {
  std::vector<std::uint8_t> bytes;
  bool low = false;
  for (char const c : text) {
    if (c == ' ') continue;
    int const digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
    if (low) {
      bytes.back() = static_cast<std::uint8_t>(bytes.back() | digit);
    } else {
      bytes.push_back(static_cast<std::uint8_t>(digit << 4));
    }
    low = !low;
  }
  return bytes;
}

}  // namespace ringside::stack
