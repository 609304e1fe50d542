#include "stack/transport/udp_port_table.hpp"

#include <algorithm>
#include <cassert>

namespace ringside::stack {
namespace {

auto find(std::vector<UdpPortTable::Binding> const& bindings, UdpEndpoint const* endpoint) {
  return std::find_if(bindings.begin(), bindings.end(),
                      [&](auto const& binding) { return binding.endpoint == endpoint; });
}

bool takes_from(UdpPortTable::Binding const& binding, Endpoint remote) {
  return !binding.remote || *binding.remote == remote;
}

}  // namespace

bool UdpPortTable::is_free(Endpoint local) const {
  auto const* const bindings = bindings_of(local.port);
  if (bindings == nullptr) return true;
  return std::none_of(bindings->begin(), bindings->end(), [&](Binding const& other) {
    return local.address.is_unspecified() || other.local.address.is_unspecified() ||
           other.local.address == local.address;
  });
}

std::optional<std::uint16_t> UdpPortTable::pick_ephemeral(Ipv4Address local, Random& random) const {
  constexpr std::uint32_t kCount = kLastEphemeral - kFirstEphemeral + 1;
  auto const first = static_cast<std::uint32_t>(random.below(kCount));
  for (std::uint32_t i = 0; i < kCount; ++i) {
    auto const port = static_cast<std::uint16_t>(kFirstEphemeral + (first + i) % kCount);
    if (is_free({local, port})) return port;
  }
  return std::nullopt;
}

bool UdpPortTable::add(Binding const& binding) {
  assert(binding.endpoint != nullptr && binding.local.port != 0);
  if (size_ == kMaxBindings) return false;
  by_port_[binding.local.port].push_back(binding);
  ++size_;
  return true;
}

void UdpPortTable::update(Binding const& binding) {
  auto& bindings = by_port_.at(binding.local.port);
  auto const found = find(bindings, binding.endpoint);
  assert(found != bindings.end());
  bindings[static_cast<std::size_t>(found - bindings.begin())] = binding;
}

void UdpPortTable::remove(std::uint16_t local_port, UdpEndpoint const* endpoint) {
  auto const port = by_port_.find(local_port);
  assert(port != by_port_.end());
  auto const found = find(port->second, endpoint);
  assert(found != port->second.end());
  port->second.erase(found);
  --size_;
  if (port->second.empty()) by_port_.erase(port);
}

UdpEndpoint* UdpPortTable::most_specific(Endpoint local, Endpoint remote) const {
  auto const* const bindings = bindings_of(local.port);
  if (bindings == nullptr) return nullptr;
  UdpEndpoint* best = nullptr;
  int best_score = -1;
  for (Binding const& binding : *bindings) {
    bool const bound = !binding.local.address.is_unspecified();
    if (bound && binding.local.address != local.address) continue;
    if (!takes_from(binding, remote)) continue;
    int const score = (binding.remote ? 2 : 0) + (bound ? 1 : 0);
    if (score <= best_score) continue;
    best = binding.endpoint;
    best_score = score;
  }
  return best;
}

std::vector<UdpEndpoint*> UdpPortTable::group(std::uint16_t local_port, Endpoint remote) const {
  std::vector<UdpEndpoint*> takers;
  auto const* const bindings = bindings_of(local_port);
  if (bindings == nullptr) return takers;
  for (Binding const& binding : *bindings) {
    bool const any_address = binding.local.address.is_unspecified();
    if (any_address && takes_from(binding, remote)) takers.push_back(binding.endpoint);
  }
  return takers;
}

bool UdpPortTable::holds(std::uint16_t local_port, UdpEndpoint const* endpoint) const {
  auto const* const bindings = bindings_of(local_port);
  return bindings != nullptr && find(*bindings, endpoint) != bindings->end();
}

std::vector<UdpPortTable::Binding> const* UdpPortTable::bindings_of(std::uint16_t port) const {
  auto const found = by_port_.find(port);
  return found == by_port_.end() ? nullptr : &found->second;
}

}  // namespace ringside::stack
