#include "model/device/receive_filter.hpp"

#include <algorithm>

namespace ringside::model {

namespace {

constexpr MacAddress kBroadcast{{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}};
constexpr std::size_t kTypeOffset = 12;
constexpr std::uint16_t kTagType = 0x8100;
constexpr std::uint16_t kVlanMask = 0x0FFF;

bool holds(ReceiveFilter::List const& list, MacAddress const& address) {
  return list.overflow ||
         std::find(list.addresses.begin(), list.addresses.end(), address) != list.addresses.end();
}

}  // namespace

bool ReceiveFilter::wants(Bytes frame) const {
  if (!by_address || promiscuous) return true;
  MacAddress destination;
  std::copy_n(frame.begin(), destination.bytes.size(), destination.bytes.begin());
  return wants_address(destination) && wants_vlan(frame);
}

// "No" is stronger than "all", and the station's own address stronger than both.
bool ReceiveFilter::wants_address(MacAddress const& destination) const {
  if (destination == station) return true;
  if (destination == kBroadcast) return !no_broadcast;
  bool const group = (destination.bytes[0] & 1) != 0;
  if (group) return !no_multicast && (all_multicast || holds(multicast, destination));
  return !no_unicast && (all_unicast || holds(unicast, destination));
}

bool ReceiveFilter::wants_vlan(Bytes frame) const {
  if (!by_vlan || load_be<std::uint16_t>(&frame[kTypeOffset]) != kTagType) return true;
  return vlans[load_be<std::uint16_t>(&frame[kTypeOffset + 2]) & kVlanMask];
}

}  // namespace ringside::model
