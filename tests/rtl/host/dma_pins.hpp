// The bundles of rtl/nic_types_pkg.sv as C++ values, and how they lie on a Verilated model's pins.
#pragma once

#include <verilated.h>

#include <array>
#include <cstdint>

namespace ringside::testbench {

using Row = std::array<std::uint8_t, 16>;

struct DmaRequest {
  std::uint64_t addr = 0;
  std::uint16_t len = 0;
};

struct DmaBeat {
  Row data{};
  unsigned count = 0;
  bool last = false;
};

struct ReadBeat {
  Row data{};
  unsigned count = 0;
  unsigned offset = 0;
  bool error = false;
  bool last = false;
};

struct Element {
  std::uint64_t addr = 0;
  std::uint32_t len = 0;
  std::uint16_t id = 0;
  std::uint16_t slots = 0;
  bool write = false;
  bool last = false;
};

struct Completion {
  std::uint32_t len = 0;
  std::uint16_t id = 0;
  std::uint16_t slots = 0;
  bool written = false;
  bool more = false;
  friend bool operator==(Completion const&, Completion const&) = default;
};

inline Row row_of(WDataInP words) {
  Row row;
  for (unsigned i = 0; i < 16; ++i) row[i] = static_cast<std::uint8_t>(words[i / 4] >> (i % 4 * 8));
  return row;
}

inline void put_row(Row const& row, WDataOutP words) {
  for (unsigned w = 0; w < 4; ++w) {
    words[w] = static_cast<EData>(row[4 * w] | row[4 * w + 1] << 8 | row[4 * w + 2] << 16) |
               static_cast<EData>(row[4 * w + 3]) << 24;
  }
}

inline void put(DmaRequest const& request, WDataOutP words) {
  words[0] = request.len | static_cast<EData>(request.addr) << 16;
  words[1] = static_cast<EData>(request.addr >> 16);
  words[2] = static_cast<EData>(request.addr >> 48);
}

inline DmaRequest request_of(WDataInP words) {
  std::uint64_t const high = words[2];
  return {high << 48 | static_cast<std::uint64_t>(words[1]) << 16 | words[0] >> 16,
          static_cast<std::uint16_t>(words[0])};
}

inline void put(DmaBeat const& beat, WDataOutP words) {
  put_row(beat.data, words);
  words[4] = beat.count | static_cast<EData>(beat.last) << 5;
}

inline DmaBeat dma_beat_of(WDataInP words) {
  return {row_of(words), words[4] & 31, (words[4] >> 5 & 1) != 0};
}

inline ReadBeat read_beat_of(WDataInP words) {
  EData const top = words[4];
  return {row_of(words), top & 31, top >> 5 & 15, (top >> 9 & 1) != 0, (top >> 10 & 1) != 0};
}

inline void put(Element const& element, WDataOutP words) {
  words[0] = static_cast<EData>(element.addr);
  words[1] = static_cast<EData>(element.addr >> 32);
  words[2] = element.len;
  words[3] = element.id | static_cast<EData>(element.slots) << 16 |
             static_cast<EData>(element.write) << 25 | static_cast<EData>(element.last) << 26;
}

inline Completion completion_of(QData word) {
  return {static_cast<std::uint32_t>(word), static_cast<std::uint16_t>(word >> 32),
          static_cast<std::uint16_t>(word >> 48 & 511), (word >> 57 & 1) != 0,
          (word >> 58 & 1) != 0};
}

}  // namespace ringside::testbench
