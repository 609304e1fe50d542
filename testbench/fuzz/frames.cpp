#include "testbench/fuzz/frames.hpp"

#include <algorithm>
#include <array>

#include "stack/header/internet_checksum.hpp"
#include "testbench/hand/hand_host.hpp"

namespace ringside::testbench::fuzz {

namespace {

constexpr std::size_t kSourceOffset = 6;
constexpr std::size_t kTypeOffset = 12;
constexpr std::uint16_t kExperimental = 0x88B5;
constexpr std::uint16_t kTagged = 0x8100;
constexpr std::uint16_t kMacControl = 0x8808;
constexpr std::size_t kNumberOffset = 18;  // behind a tag

constexpr MacAddress kOther{{0x02, 0, 0, 0, 0, 0x77}};
constexpr MacAddress kAll{{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}};
constexpr MacAddress kGroup{{0x33, 0x33, 0, 0, 0, 0x01}};
constexpr MacAddress kControlGroup{{0x01, 0x80, 0xC2, 0, 0, 0x01}};

constexpr std::uint32_t kVlans = 8;

constexpr std::size_t kOpcodeOffset = 14;
constexpr std::size_t kParametersOffset = 16;
constexpr std::size_t kClassesOffset = 18;
constexpr std::size_t kClasses = 8;
constexpr std::size_t kControlBytes = 60;
constexpr std::array<std::uint16_t, 3> kOpcodes{0x0001, 0x0101, 0x0002};  // by control::Opcode

void put_address(std::vector<std::uint8_t>& frame, std::size_t offset, MacAddress const& address) {
  std::copy(address.bytes.begin(), address.bytes.end(),
            frame.begin() + static_cast<std::ptrdiff_t>(offset));
}

constexpr std::size_t kIpv4Offset = 14;
constexpr std::size_t kUdpOffset = kIpv4Offset + 20;
constexpr std::size_t kShortestUdp = kUdpOffset + 8 + sizeof(std::uint32_t);
constexpr std::uint32_t kOneIsWrong = 4;  // of so many checksums

// Puts headers of IPv4 and UDP in front of what counts, with checksums, of which some are wrong.
void become_udp(std::vector<std::uint8_t>& frame, std::uint32_t number) {
  constexpr std::uint16_t kIpv4 = 0x0800;
  constexpr std::uint8_t kUdp = 17;
  auto const length = [&](std::size_t offset) {
    return static_cast<std::uint16_t>(frame.size() - offset);
  };
  std::uint8_t* const ip = &frame[kIpv4Offset];
  std::uint8_t* const udp = &frame[kUdpOffset];
  store_be<std::uint16_t>(&frame[kTypeOffset], kIpv4);
  ip[0] = 0x45;
  store_be<std::uint16_t>(ip + 2, length(kIpv4Offset));
  store_be<std::uint16_t>(ip + 6, 0);  // no fragment
  ip[9] = kUdp;
  store_be<std::uint16_t>(ip + 10, 0);
  store_be<std::uint16_t>(ip + 10, stack::internet_checksum(Bytes(ip, 20)));
  store_be<std::uint16_t>(udp + 4, length(kUdpOffset));
  store_be<std::uint16_t>(udp + 6, 0);
  store_le<std::uint32_t>(udp + 8, number);
  stack::InternetChecksum sum;
  sum.add(Bytes(ip + 12, 8)).add_word(kUdp).add_word(length(kUdpOffset));
  sum.add(Bytes(frame).subspan(kUdpOffset));
  std::uint16_t const wrong = number % kOneIsWrong == 0 ? 1 : 0;
  store_be<std::uint16_t>(udp + 6, sum.value() ^ wrong);
}

}  // namespace

MacAddress address_of(std::uint32_t number) {
  constexpr std::array kMet{kStation, kOther, kGroup, kAll, kControlGroup};
  if (number < kMet.size()) return kMet.at(number);
  return {{static_cast<std::uint8_t>(number % 2 == 0 ? 0x02 : 0x03), 0, 0x5E,
           static_cast<std::uint8_t>(number >> 16), static_cast<std::uint8_t>(number >> 8),
           static_cast<std::uint8_t>(number)}};
}

std::size_t longest(std::int64_t type) {
  return type == offer::Vlan ? layout::kMaxFrameBytes : layout::kMaxFrameBytes - 4;
}

std::vector<std::uint8_t> numbered_frame(std::uint32_t number, std::size_t size, std::int64_t type,
                                         std::int64_t destination) {
  constexpr std::array kDestinations{kStation, kOther, kAll, kGroup};  // by to::To, from Station on
  std::vector<std::uint8_t> frame(std::max(size, kNumberOffset + sizeof number));
  for (std::size_t i = 0; i < frame.size(); ++i) {
    frame[i] = static_cast<std::uint8_t>(number * 7 + i * (number | 1));
  }
  if (destination != to::Whatever) {
    put_address(frame, 0, kDestinations.at(static_cast<std::size_t>(destination - to::Station)));
  }
  std::uint16_t const ether_type = type == offer::Vlan      ? kTagged
                                   : type == offer::Control ? kMacControl
                                                            : kExperimental;
  store_be<std::uint16_t>(&frame[kTypeOffset], ether_type);
  // Of few VLANs, each with all priorities.
  if (type == offer::Vlan) {
    store_be<std::uint16_t>(&frame[kTypeOffset + 2], number % kVlans | (number / kVlans) << 13);
  }
  store_le<std::uint32_t>(&frame[kNumberOffset], number);
  frame.resize(size);
  if (type == offer::Udp && size >= kShortestUdp) become_udp(frame, number);
  return frame;
}

std::vector<std::uint8_t> control_frame(Action const& action) {
  constexpr std::array kDestinations{kControlGroup, kStation, kOther, kAll};  // by control::To
  auto const size = static_cast<std::size_t>(action[control::Bytes]);
  std::vector<std::uint8_t> frame(std::max(size, kControlBytes), 0);
  put_address(frame, 0, kDestinations.at(static_cast<std::size_t>(action[control::To])));
  put_address(frame, kSourceOffset, kOther);
  store_be<std::uint16_t>(&frame[kTypeOffset], kMacControl);
  store_be<std::uint16_t>(&frame[kOpcodeOffset],
                          kOpcodes.at(static_cast<std::size_t>(action[control::Opcode])));
  bool const by_class = action[control::Opcode] == control::ClassPause;
  store_be<std::uint16_t>(
      &frame[kParametersOffset],
      static_cast<std::uint16_t>(action[by_class ? control::Classes : control::Quanta]));
  for (std::size_t i = 0; by_class && i < kClasses; ++i) {
    std::int64_t const quanta =
        action[control::Quanta] + static_cast<std::int64_t>(i) * action[control::Step];
    store_be<std::uint16_t>(&frame[kClassesOffset + 2 * i], static_cast<std::uint16_t>(quanta));
  }
  frame.resize(size);
  return frame;
}

std::optional<std::string_view> control_counter(Bytes frame) {
  if (load_be<std::uint16_t>(&frame[kTypeOffset]) != kMacControl) return std::nullopt;
  auto const opcode = load_be<std::uint16_t>(&frame[kOpcodeOffset]);
  bool const pause = opcode == kOpcodes[control::Pause];
  if (!pause && opcode != kOpcodes[control::ClassPause]) return "rx_unsupported_opcodes";
  auto const is_for = [&](MacAddress const& address) {
    return std::equal(address.bytes.begin(), address.bytes.end(), frame.begin());
  };
  bool const for_us = is_for(kControlGroup) || is_for(kStation);
  if (!for_us || frame.size() != kControlBytes) return "rx_control_ignored";
  return pause ? "rx_pause_frames" : "rx_pfc_frames";
}

Cast cast_of(Bytes frame) {
  if (std::equal(kAll.bytes.begin(), kAll.bytes.end(), frame.begin())) return Cast::All;
  return (frame[0] & 1) != 0 ? Cast::Group : Cast::One;
}

}  // namespace ringside::testbench::fuzz
