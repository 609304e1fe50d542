// What routers have said about the largest datagram on the way to a destination (RFC 1191).
#pragma once

#include <chrono>
#include <cstdint>
#include <map>

#include "interface/base/time.hpp"
#include "stack/header/ipv4_address.hpp"

namespace ringside::stack {

class PathMtuTable {
 public:
  static constexpr std::size_t kMaxEntries = 64;
  // Lower values are not believed: they only serve to make us send tiny packets (the default of
  // Linux, min_pmtu).
  static constexpr std::uint16_t kFloor = 552;
  static constexpr Duration kLifetime = std::chrono::minutes{10};

  // The lower of `first_hop` and what is known of the path.
  std::uint16_t towards(Ipv4Address destination, std::uint16_t first_hop, TimePoint now) const;

  // A router cannot pass more than `mtu`; 0 if it did not say, which is taken for the next lower
  // plateau. Never raises what is known.
  void learn(Ipv4Address destination, std::uint16_t mtu, std::uint16_t first_hop, TimePoint now);

 private:
  struct Entry {
    std::uint16_t mtu;
    TimePoint learned_at;
  };
  std::map<Ipv4Address, Entry> entries_;
};

}  // namespace ringside::stack
