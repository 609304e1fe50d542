#include "stack/header/arp.hpp"

#include <algorithm>
#include <cassert>

#include "stack/header/ethernet.hpp"

namespace ringside::stack {
namespace {

constexpr std::uint16_t kHardwareEthernet = 1;
constexpr std::uint8_t kMacLength = 6;
constexpr std::uint8_t kAddressLength = 4;

}  // namespace

std::optional<ArpPacket> ArpPacket::parse(Bytes bytes) {
  if (bytes.size() < kSize) return std::nullopt;
  std::uint8_t const* const at = bytes.data();
  if (load_be<std::uint16_t>(at) != kHardwareEthernet) return std::nullopt;
  if (EtherType{load_be<std::uint16_t>(at + 2)} != EtherType::Ipv4) return std::nullopt;
  if (at[4] != kMacLength || at[5] != kAddressLength) return std::nullopt;
  ArpPacket packet;
  packet.operation = ArpOperation{load_be<std::uint16_t>(at + 6)};
  std::copy_n(at + 8, 6, packet.sender_mac.bytes.begin());
  packet.sender.value = load_be<std::uint32_t>(at + 14);
  std::copy_n(at + 18, 6, packet.target_mac.bytes.begin());
  packet.target.value = load_be<std::uint32_t>(at + 24);
  return packet;
}

void ArpPacket::emit(MutableBytes into) const {
  assert(into.size() >= kSize);
  std::uint8_t* const at = into.data();
  store_be(at, kHardwareEthernet);
  store_be(at + 2, static_cast<std::uint16_t>(EtherType::Ipv4));
  at[4] = kMacLength;
  at[5] = kAddressLength;
  store_be(at + 6, static_cast<std::uint16_t>(operation));
  std::copy_n(sender_mac.bytes.begin(), 6, at + 8);
  store_be(at + 14, sender.value);
  std::copy_n(target_mac.bytes.begin(), 6, at + 18);
  store_be(at + 24, target.value);
}

}  // namespace ringside::stack
