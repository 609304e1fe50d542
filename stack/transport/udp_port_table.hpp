// Which endpoint a UDP datagram belongs to (RFC 768; the most specific wins, as on BSD sockets).
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "interface/base/random.hpp"
#include "stack/header/ipv4_address.hpp"

namespace ringside::stack {

class UdpEndpoint;

class UdpPortTable {
 public:
  static constexpr std::size_t kMaxBindings = 4096;
  static constexpr std::uint16_t kFirstEphemeral = 49152;  // RFC 6335, 6
  static constexpr std::uint16_t kLastEphemeral = 65535;

  struct Binding {
    Endpoint local;                  // an unspecified address takes all of ours
    std::optional<Endpoint> remote;  // connected: takes nothing from elsewhere
    UdpEndpoint* endpoint = nullptr;
  };

  // Whether `local` can be bound: nobody has this port on this address, on all, or (if `local` is
  // all of them) on any.
  bool is_free(Endpoint local) const;
  // A free port drawn at random (RFC 6056, 3.3.1), or nothing if all are taken.
  std::optional<std::uint16_t> pick_ephemeral(Ipv4Address local, Random& random) const;

  // False if there is no room.
  bool add(Binding const& binding);
  // Changes address or remote end of an endpoint; the port stays.
  void update(Binding const& binding);
  void remove(std::uint16_t local_port, UdpEndpoint const* endpoint);

  // Who gets a datagram to one address of ours; nullptr if nobody does.
  UdpEndpoint* most_specific(Endpoint local, Endpoint remote) const;
  // Who gets a datagram to a broadcast or multicast address: all that take any address.
  std::vector<UdpEndpoint*> group(std::uint16_t local_port, Endpoint remote) const;
  bool holds(std::uint16_t local_port, UdpEndpoint const* endpoint) const;

  std::size_t size() const { return size_; }

 private:
  std::vector<Binding> const* bindings_of(std::uint16_t port) const;

  std::unordered_map<std::uint16_t, std::vector<Binding>> by_port_;
  std::size_t size_ = 0;
};

}  // namespace ringside::stack
