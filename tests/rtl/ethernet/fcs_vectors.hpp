// Frames with known FCS: V1 to V17.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/rtl/ethernet/xgmii.hpp"

namespace ringside::test {

struct FcsVector {
  char const* name;
  Frame frame;
  std::uint32_t fcs;
};

inline Frame from_hex(std::string const& text) {
  Frame bytes;
  std::string digits;
  for (char c : text) {
    if (c == ' ') continue;
    digits += c;
    if (digits.size() < 2) continue;
    bytes.push_back(static_cast<std::uint8_t>(std::stoi(digits, nullptr, 16)));
    digits.clear();
  }
  return bytes;
}

inline Frame counting(std::size_t size) {
  Frame bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i);
  return bytes;
}

inline Frame zero_padded(std::string const& hex) {
  Frame bytes = from_hex(hex);
  bytes.resize(60, 0);
  return bytes;
}

inline Frame arp_request() {
  return zero_padded(
      "FFFFFFFFFFFF 020000000001 0806 0001 0800 06 04 0001 020000000001 0A000001 000000000000 "
      "0A000002");
}

inline std::vector<FcsVector> fcs_vectors() {
  std::string const pause = "0180C2000001 020000000001 8808 ";
  return {
      {"V1", {'1', '2', '3', '4', '5', '6', '7', '8', '9'}, 0xCBF43926},
      {"V2", {}, 0x00000000},
      {"V3", Frame(1, 0x00), 0xD202EF8D},
      {"V4", Frame(4, 0x00), 0x2144DF1C},
      {"V5", Frame(4, 0xFF), 0xFFFFFFFF},
      {"V6", Frame(32, 0x00), 0x190A55AD},
      {"V7", Frame(32, 0xFF), 0xFF6CAB0B},
      {"V8", counting(32), 0x91267E8A},
      {"V9", Frame(60, 0x00), 0x04128908},
      {"V10", Frame(60, 0xFF), 0xF48CF14D},
      {"V11", counting(60), 0xB0EC7FEE},
      {"V12", Frame(1514, 0x00), 0xE3D887BB},
      {"V13", counting(1514), 0xE7870705},
      {"V14", zero_padded(pause + "0001 FFFF"), 0xFFB27CDD},
      {"V15", zero_padded(pause + "0001 0000"), 0x86BD1759},
      {"V16", zero_padded(pause + "0101 0008 0000 0000 0000 00FF"), 0x43A30E44},
      {"V17", arp_request(), 0xF84D6FE8},
  };
}

}  // namespace ringside::test
