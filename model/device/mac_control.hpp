// MAC control frames (IEEE 802.3, 31): reads those that come, writes those that go.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "interface/base/bytes.hpp"
#include "interface/base/mac_address.hpp"
#include "interface/base/time.hpp"
#include "model/device/statistics.hpp"

namespace ringside::model {

// 512 bit times at 10 Gb/s.
inline constexpr Duration kQuantum{51'200};

constexpr std::size_t kClasses = 8;

struct MacControl {
  enum class Kind : std::uint8_t { Pause, ClassPause, Unsupported, Ignored };
  Kind kind = Kind::Ignored;
  std::uint16_t quanta = 0;  // of Pause
  std::uint8_t classes = 0;  // of ClassPause: those that are meant
  std::array<std::uint16_t, kClasses> class_quanta{};
};

// What a good frame (without FCS) asks of the MAC of `station`; nothing if it is for the host.
std::optional<MacControl> read_mac_control(Bytes frame, MacAddress const& station);

// Where such a frame is counted.
Statistics::Counter counter_of(MacControl const& control);

// The frame that `station` sends, destination address to FCS. Of ClassPause the classes that are
// not meant have no time.
std::vector<std::uint8_t> write_mac_control(MacControl const& control, MacAddress const& station);

}  // namespace ringside::model
