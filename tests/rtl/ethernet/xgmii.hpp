// XGMII as tests see it: words, the characters in them, and frames to and from both.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ringside::test {

using Frame = std::vector<std::uint8_t>;

// Eight lanes; lane n is bits 8n+7:8n of `data` and bit n of `control`.
struct XgmiiWord {
  std::uint64_t data = 0x0707070707070707;
  std::uint8_t control = 0xFF;
  bool operator==(XgmiiWord const&) const = default;
};

struct XgmiiChar {
  std::uint8_t value = 0x07;
  bool control = true;
  bool operator==(XgmiiChar const&) const = default;
};

inline constexpr XgmiiChar kIdle{0x07, true};
inline constexpr XgmiiChar kStart{0xFB, true};
inline constexpr XgmiiChar kTerminate{0xFD, true};
inline constexpr XgmiiChar kErrorChar{0xFE, true};

// One byte on, exactly as IEEE 802.3 defines the FCS: bit by bit.
inline std::uint32_t crc_step(std::uint32_t state, std::uint8_t byte) {
  state ^= byte;
  for (int i = 0; i < 8; ++i) state = (state >> 1) ^ ((state & 1) != 0 ? 0xEDB88320U : 0U);
  return state;
}

inline std::uint32_t crc_state(Frame const& bytes) {
  std::uint32_t state = 0xFFFFFFFF;
  for (auto byte : bytes) state = crc_step(state, byte);
  return state;
}

inline std::uint32_t fcs(Frame const& frame) { return ~crc_state(frame); }

inline Frame with_fcs(Frame frame) {
  std::uint32_t const value = fcs(frame);
  for (int i = 0; i < 4; ++i) frame.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  return frame;
}

inline Frame padded(Frame frame) {
  if (frame.size() < 60) frame.resize(60, 0);
  return frame;
}

// A line of characters that is filled from the left and read as words.
class XgmiiLine {
 public:
  void put(XgmiiChar character) { chars_.push_back(character); }
  void idle(std::size_t count) { chars_.resize(chars_.size() + count, kIdle); }
  // Idles until the next character lands in `lane`.
  void idle_to(std::size_t lane) {
    while (chars_.size() % 8 != lane) put(kIdle);
  }
  void preamble() {
    put(kStart);
    for (int i = 0; i < 6; ++i) put({0x55, false});
    put({0xD5, false});
  }
  void bytes(Frame const& data) {
    for (auto byte : data) put({byte, false});
  }
  // Preamble, the bytes as they are, /T/.
  void frame(Frame const& wire_bytes) {
    preamble();
    bytes(wire_bytes);
    put(kTerminate);
  }
  std::size_t size() const { return chars_.size(); }
  XgmiiChar& operator[](std::size_t i) { return chars_[i]; }

  std::vector<XgmiiWord> words() const {
    std::vector<XgmiiWord> result((chars_.size() + 7) / 8);
    for (std::size_t i = 0; i < chars_.size(); ++i) {
      auto& word = result[i / 8];
      auto const shift = 8 * (i % 8);
      word.data =
          (word.data & ~(std::uint64_t{0xFF} << shift)) | (std::uint64_t{chars_[i].value} << shift);
      if (!chars_[i].control) word.control &= static_cast<std::uint8_t>(~(1U << (i % 8)));
    }
    return result;
  }

 private:
  std::vector<XgmiiChar> chars_;
};

// A frame found on the line: FCS included, with the lane it started in and the gap behind it
// (/T/ included; 0 if the line ends first).
struct WireFrame {
  Frame bytes;
  std::size_t lane = 0;
  std::size_t gap = 0;
  bool well_formed = true;  // preamble, SFD, no control within, idles behind
};

inline std::vector<WireFrame> frames_of(std::vector<XgmiiWord> const& words) {
  std::vector<WireFrame> frames;
  bool in_frame = false;
  std::size_t position = 0;
  std::size_t end = 0;
  for (std::size_t i = 0; i < 8 * words.size(); ++i) {
    auto const value = static_cast<std::uint8_t>(words[i / 8].data >> (8 * (i % 8)));
    XgmiiChar const now{value, ((words[i / 8].control >> (i % 8)) & 1) != 0};
    if (now == kStart) {
      if (!frames.empty()) frames.back().gap = i - end;
      if (in_frame) frames.back().well_formed = false;
      frames.push_back({{}, i % 8, 0, i % 4 == 0});
      in_frame = true;
      position = 0;
    } else if (in_frame && now == kTerminate) {
      in_frame = false;
      end = i;
    } else if (in_frame) {
      ++position;
      auto& frame = frames.back();
      if (now.control) frame.well_formed = false;
      if (position < 7 && value != 0x55) frame.well_formed = false;
      if (position == 7 && value != 0xD5) frame.well_formed = false;
      if (position > 7) frame.bytes.push_back(value);
    } else if (now != kIdle && !frames.empty()) {
      frames.back().well_formed = false;
    }
  }
  return frames;
}

}  // namespace ringside::test
