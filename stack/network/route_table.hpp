// Where datagrams go: the longest matching prefix wins (RFC 1122, 3.3.1; RFC 4632).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "interface/base/result.hpp"
#include "stack/header/ipv4_address.hpp"

namespace ringside::stack {

struct Route {
  Ipv4Prefix prefix;
  std::optional<Ipv4Address> gateway;  // none: the destination itself is a neighbour
  std::size_t interface = 0;
  std::uint32_t metric = 0;  // among equal prefixes the lowest wins, then the oldest

  bool operator==(Route const& other) const {
    return prefix.address == other.prefix.address && prefix.length == other.prefix.length &&
           gateway == other.gateway && interface == other.interface && metric == other.metric;
  }
};

enum class RouteError : std::uint8_t { TableFull, Exists, Missing };

class RouteTable {
 public:
  static constexpr std::size_t kMaxRoutes = 256;

  RouteTable() { routes_.reserve(kMaxRoutes); }

  // Bits of the prefix beyond its length do not count.
  Result<Done, RouteError> add(Route route);
  Result<Done, RouteError> remove(Route route);

  // Best first.
  std::span<Route const> routes() const { return routes_; }

  // The best route to `destination`. `is_usable` tells whether a route's next hop may be alive: one
  // that is not gives way to another of the same prefix, if there is one (RFC 1122, 3.3.1.4).
  template <class IsUsable>
  Route const* find(Ipv4Address destination, IsUsable&& is_usable) const {
    Route const* best = nullptr;
    for (Route const& route : routes_) {
      if (best != nullptr && route.prefix.length < best->prefix.length) break;
      if (!route.prefix.contains(destination)) continue;
      if (is_usable(route)) return &route;
      if (best == nullptr) best = &route;
    }
    return best;
  }

 private:
  std::vector<Route> routes_;
};

}  // namespace ringside::stack
