// Which received frames the driver wants (virtio 1.3, 5.1.6.5.1 and 5.1.6.5.3).
#pragma once

#include <array>
#include <bitset>
#include <vector>

#include "interface/base/bytes.hpp"
#include "interface/base/mac_address.hpp"
#include "interface/layout/control.hpp"

namespace ringside::model {

struct ReceiveFilter {
  // Not negotiated: every address, every VLAN is wanted.
  bool by_address = false;
  bool by_vlan = false;

  MacAddress station{};
  bool promiscuous = false;
  bool all_multicast = false;
  bool all_unicast = false;
  bool no_multicast = false;
  bool no_unicast = false;
  bool no_broadcast = false;

  // Addresses beyond what the table holds: then all of that kind are wanted.
  struct List {
    std::vector<MacAddress> addresses{};
    bool overflow = false;
    bool operator==(List const&) const = default;
  };
  List unicast{};
  List multicast{};
  std::bitset<layout::kVlans> vlans{};

  // Of a whole good frame.
  bool wants(Bytes frame) const;

  bool operator==(ReceiveFilter const&) const = default;

 private:
  bool wants_address(MacAddress const& destination) const;
  bool wants_vlan(Bytes frame) const;
};

}  // namespace ringside::model
