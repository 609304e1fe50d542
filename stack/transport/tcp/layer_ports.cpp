// Which local address and port an endpoint gets (RFC 6056, RFC 9293 3.9.2).
#include <algorithm>
#include <array>

#include "stack/transport/tcp/layer.hpp"

namespace ringside::stack {

std::shared_ptr<TcpListener> TcpLayer::listener_for(Endpoint local) const {
  auto const found = listeners_.find(local.port);
  if (found == listeners_.end()) return nullptr;
  std::shared_ptr<TcpListener> wildcard;
  for (auto const& listener : found->second) {
    if (listener->local().address == local.address) return listener;
    if (listener->local().address.is_unspecified()) wildcard = listener;
  }
  return wildcard;
}

bool TcpLayer::listening_on(Endpoint local) const {
  auto const found = listeners_.find(local.port);
  if (found == listeners_.end()) return false;
  return std::any_of(found->second.begin(), found->second.end(),
                     [&](auto const& listener) { return listener->local() == local; });
}

// The hash starts each pair of hosts elsewhere, the count goes on from there: ports are hard to
// guess, and long not used again (RFC 6056, algorithm 3).
Result<std::uint16_t, TcpError> TcpLayer::ephemeral_port(Ipv4Address local, Endpoint remote) {
  std::uint32_t const first = settings_.first_ephemeral_port;
  std::uint32_t const count = settings_.last_ephemeral_port - first + 1;
  std::array<std::uint8_t, 10> pair;
  store_be(&pair[0], local.value);
  store_be(&pair[4], remote.address.value);
  store_be(&pair[8], remote.port);
  std::uint64_t const offset = keyed_hash(port_key_, pair) % count;
  for (std::uint32_t tried = 0; tried < count; ++tried) {
    auto const port = static_cast<std::uint16_t>(first + (offset + ports_given_++) % count);
    if (!connections_.contains({{local, port}, remote}) && !listeners_.contains(port)) return port;
  }
  return TcpError::AddressNotAvailable;
}

Result<std::shared_ptr<TcpConnection>, TcpError> TcpLayer::connect(Endpoint local,
                                                                   Endpoint remote) {
  bool const nobody = remote.address.is_unspecified() || remote.address.is_multicast() ||
                      remote.address.is_limited_broadcast() ||
                      network_.is_broadcast(remote.address);
  if (nobody || remote.port == 0) return TcpError::InvalidArgument;
  if (local.address.is_unspecified()) {
    auto const source = network_.source_for(remote.address);
    if (!source) return TcpError::NetworkUnreachable;
    local.address = *source;
  }
  if (local.port == 0) {
    auto const port = ephemeral_port(local.address, remote);
    if (!port) return port.error();
    local.port = *port;
  }
  if (connections_.contains({local, remote})) return TcpError::AddressInUse;
  if (connections_.size() >= settings_.max_connections) return TcpError::AddressNotAvailable;
  auto connection = std::make_shared<TcpConnection>(*this, local, remote);
  connections_.emplace(Tuple{local, remote}, connection);
  if (auto const begun = connection->connect(); !begun) return begun.error();
  return connection;
}

std::uint16_t TcpLayer::free_listening_port(Ipv4Address address) {
  auto const chosen = ephemeral_port(address, {});
  return chosen.value_or(0);
}

Result<std::shared_ptr<TcpListener>, TcpError> TcpLayer::listen(Endpoint local, unsigned backlog) {
  if (local.port == 0) local.port = free_listening_port(local.address);
  if (local.port == 0 || listening_on(local)) return TcpError::AddressInUse;
  auto listener = std::make_shared<TcpListener>(local, std::max(backlog, 1u));
  listeners_[local.port].push_back(listener);
  return listener;
}

void TcpLayer::stop_listening(std::shared_ptr<TcpListener> const& listener) {
  auto const found = listeners_.find(listener->local().port);
  if (found != listeners_.end()) {
    std::erase(found->second, listener);
    if (found->second.empty()) listeners_.erase(found);
  }
  listener->close();
  while (auto const waiting = listener->take()) {
    waiting->abort();
    retire(waiting);
  }
}

}  // namespace ringside::stack
