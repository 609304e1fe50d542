// TCP of one host: finds the connection or the listener of each segment, answers strangers.
#pragma once

#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "interface/base/random.hpp"
#include "interface/seam/story.hpp"
#include "stack/transport/tcp/connection.hpp"
#include "stack/transport/tcp/endpoint.hpp"
#include "stack/transport/tcp/keyed_hash.hpp"
#include "stack/transport/tcp/listener.hpp"
#include "stack/transport/tcp/settings.hpp"

namespace ringside::stack {

// The network layer hands it what arrives for protocol 6. Sending through the network layer must
// not deliver to this layer inside the call (loopback posts). Everything given to the constructor
// outlives the layer, and the layer outlives its endpoints.
class TcpLayer final : public TransportProtocol {
 public:
  TcpLayer(Executor& executor, NetworkLayer& network, Story& story, Random random,
           TcpSettings const& settings = {});
  ~TcpLayer() override;

  bool receive(PacketBuffer& packet, ReceivedFrom const& from) override;
  void receive_done() override;
  void problem(IcmpProblem problem, Ipv4Address source, Ipv4Address destination, Bytes quoted,
               std::uint16_t next_hop_mtu) override;

  TcpCounters const& counters() const { return counters_; }
  TcpSettings const& settings() const { return settings_; }
  std::size_t connections() const { return connections_.size(); }

  // For endpoints.
  Result<std::shared_ptr<TcpConnection>, TcpError> connect(Endpoint local, Endpoint remote);
  Result<std::shared_ptr<TcpListener>, TcpError> listen(Endpoint local, unsigned backlog);
  void stop_listening(std::shared_ptr<TcpListener> const& listener);
  // Destroys what the application let go of once nothing on the call stack uses it.
  void retire(std::shared_ptr<TcpConnection> connection);

  // For connections.
  Executor& executor() { return executor_; }
  NetworkLayer& network() { return network_; }
  Story& story() { return story_; }
  TcpCounters& counters() { return counters_; }
  Sequence initial_sequence(Endpoint local, Endpoint remote) const;
  void flush_later(std::shared_ptr<TcpConnection> connection);
  // The checksum of a segment that leaves, or the beginning of it if the device does the rest.
  void put_checksum(PacketBuffer& segment, Ipv4Address source, Ipv4Address destination) const;
  void forget(TcpConnection const& connection);
  // RST to a segment that belongs to nothing here (RFC 9293 3.10.7.1); none to an RST.
  void refuse(TcpSegment const& segment);

 private:
  struct Tuple {
    Endpoint local;
    Endpoint remote;
    bool operator==(Tuple const&) const = default;
  };
  struct TupleHash {
    std::size_t operator()(Tuple const& tuple) const;
  };

  bool plausible(TcpSegment const& segment) const;
  void deliver(TcpSegment& segment);
  void on_stray(TcpSegment& segment, std::optional<Sequence> not_before);
  std::shared_ptr<TcpListener> listener_for(Endpoint local) const;
  Result<std::uint16_t, TcpError> ephemeral_port(Ipv4Address local, Endpoint remote);
  bool listening_on(Endpoint local) const;
  std::uint16_t free_listening_port(Ipv4Address address);

  Executor& executor_;
  NetworkLayer& network_;
  Story& story_;
  TcpSettings settings_;
  TcpCounters counters_;
  HashKey isn_key_;
  HashKey port_key_;
  std::uint32_t ports_given_ = 0;
  // Never iterated while the layer lives: what happens must not depend on the order of a hash.
  std::unordered_map<Tuple, std::shared_ptr<TcpConnection>, TupleHash> connections_;
  std::unordered_map<std::uint16_t, std::vector<std::shared_ptr<TcpListener>>> listeners_;
  std::vector<std::shared_ptr<TcpConnection>> to_flush_;
};

}  // namespace ringside::stack
