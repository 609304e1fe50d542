// The layers of a host with one network device, from the link to ICMP, put together.
#pragma once

#include <cstdint>
#include <optional>

#include "interface/base/random.hpp"
#include "interface/seam/executor.hpp"
#include "interface/seam/net_device.hpp"
#include "interface/seam/story.hpp"
#include "stack/link/arp.hpp"
#include "stack/link/ethernet_interface.hpp"
#include "stack/network/icmp.hpp"
#include "stack/network/ipv4_layer.hpp"

namespace ringside::stack {

struct HostNetworkConfig {
  Ipv4Address address;
  std::uint8_t prefix_length = 24;
  std::optional<Ipv4Address> gateway;  // of the default route
};

// Transports plug in by ipv4().register_protocol(). What is given must outlive it, and it must
// outlive its transports.
class HostNetwork {
 public:
  // Sets itself as the receiver of `device` and announces the address on the link.
  HostNetwork(NetDevice& device, Executor& executor, Story& story, Random const& random,
              HostNetworkConfig const& config)
      : link_(device),
        arp_(link_, executor, story, random.stream("arp")),
        ipv4_(executor, story, random.stream("ipv4")),
        icmp_(ipv4_, executor, story, random.stream("icmp")),
        interface_(ipv4_.add_interface(link_, arp_, config.address, config.prefix_length)) {
    if (!config.gateway) return;
    // The first route but for that of the subnet: it cannot fail.
    static_cast<void>(ipv4_.routes().add({Ipv4Prefix{}, config.gateway, interface_, 0}));
  }

  EthernetInterface& link() { return link_; }
  Arp& arp() { return arp_; }
  Ipv4Layer& ipv4() { return ipv4_; }
  Icmp& icmp() { return icmp_; }
  Ping& ping() { return icmp_.ping(); }

 private:
  EthernetInterface link_;
  Arp arp_;
  Ipv4Layer ipv4_;
  Icmp icmp_;
  std::size_t interface_;
};

}  // namespace ringside::stack
