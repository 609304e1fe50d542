#include "stack/header/ethernet.hpp"

#include <algorithm>
#include <cassert>

namespace ringside::stack {

std::optional<EthernetHeader> EthernetHeader::parse(Bytes frame) {
  if (frame.size() < kSize) return std::nullopt;
  std::uint16_t const type = load_be<std::uint16_t>(frame.data() + 12);
  if (type < kLeastEtherType) return std::nullopt;
  EthernetHeader header;
  std::copy_n(frame.data(), 6, header.destination.bytes.begin());
  std::copy_n(frame.data() + 6, 6, header.source.bytes.begin());
  header.type = EtherType{type};
  return header;
}

void EthernetHeader::emit(MutableBytes into) const {
  assert(into.size() >= kSize);
  std::copy_n(destination.bytes.begin(), 6, into.data());
  std::copy_n(source.bytes.begin(), 6, into.data() + 6);
  store_be(into.data() + 12, static_cast<std::uint16_t>(type));
}

std::string to_string(MacAddress const& mac) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (std::uint8_t const byte : mac.bytes) {
    if (!text.empty()) text += ':';
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

MacAddress multicast_mac(Ipv4Address group) {
  assert(group.is_multicast());
  return {{0x01, 0x00, 0x5E, static_cast<std::uint8_t>(group.value >> 16 & 0x7F),
           static_cast<std::uint8_t>(group.value >> 8), static_cast<std::uint8_t>(group.value)}};
}

}  // namespace ringside::stack
