#include "stack/network/route_table.hpp"

#include <algorithm>
#include <tuple>

namespace ringside::stack {
namespace {

void normalise(Route& route) { route.prefix.address.value &= route.prefix.mask(); }

// Longer prefixes and lower metrics come first; the sort is stable by the place of insertion.
bool comes_before(Route const& a, Route const& b) {
  return std::tuple(b.prefix.length, a.metric) < std::tuple(a.prefix.length, b.metric);
}

}  // namespace

Result<Done, RouteError> RouteTable::add(Route route) {
  normalise(route);
  if (routes_.size() == kMaxRoutes) return RouteError::TableFull;
  if (std::find(routes_.begin(), routes_.end(), route) != routes_.end()) return RouteError::Exists;
  routes_.insert(std::upper_bound(routes_.begin(), routes_.end(), route, comes_before), route);
  return Done{};
}

Result<Done, RouteError> RouteTable::remove(Route route) {
  normalise(route);
  auto const found = std::find(routes_.begin(), routes_.end(), route);
  if (found == routes_.end()) return RouteError::Missing;
  routes_.erase(found);
  return Done{};
}

}  // namespace ringside::stack
