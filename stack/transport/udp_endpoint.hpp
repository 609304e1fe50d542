// One end of UDP, as a datagram socket stands on it: never blocks, copies once each way.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <span>

#include "interface/base/bytes.hpp"
#include "interface/base/result.hpp"
#include "stack/network/network_layer.hpp"

namespace ringside::stack {

class UdpLayer;

enum class UdpError : std::uint8_t {
  WouldBlock,       // nothing to receive
  InvalidArgument,  // EINVAL: bound already, or a remote port or address that cannot be
  AddressInUse,
  NoAddress,        // EADDRNOTAVAIL: not one of ours, or no port is left
  NotConnected,     // no remote end given
  MessageTooLong,   // EMSGSIZE
  NoBuffer,         // ENOBUFS
  Forbidden,        // EACCES: broadcast without leave
  NetUnreachable,   // ENETUNREACH: no route, or ICMP said so
  HostUnreachable,  // EHOSTUNREACH: ICMP said so, or the neighbour does not answer
  Refused,          // ECONNREFUSED: nobody listens on the remote port
  Closed,           // EBADF
};

struct UdpReceived {
  std::size_t size = 0;    // bytes copied
  bool truncated = false;  // the datagram was longer; its rest is gone
  Endpoint from;
  Ipv4Address to;  // as the sender wrote it
  std::uint8_t time_to_live = 0;
  std::uint8_t traffic_class = 0;
};

struct UdpOptions {
  std::uint8_t time_to_live = 64;
  std::uint8_t traffic_class = 0;
  bool dont_fragment = true;
  bool allow_broadcast = false;
  // ICMP errors reach a connected endpoint always; an unconnected one, which may talk to many, only
  // if it asks for them.
  bool report_errors = false;
  // Memory that may wait to be received: blocks, not payload, because blocks are what is held.
  std::size_t receive_limit_bytes = 212'992;
};

// Used from the host's Executor only. The layer must outlive it.
class UdpEndpoint {
 public:
  explicit UdpEndpoint(UdpLayer& layer) : layer_(layer) {}
  ~UdpEndpoint() { close(); }
  UdpEndpoint(UdpEndpoint const&) = delete;
  UdpEndpoint& operator=(UdpEndpoint const&) = delete;

  // An unspecified address takes datagrams to all of ours; port 0 takes a random free one.
  Result<Done, UdpError> bind(Endpoint local);
  // Sends to and receives from `remote` only, until disconnect(). Binds if that was not done.
  Result<Done, UdpError> connect(Endpoint remote);
  void disconnect();
  // Gives up the port and all that was not received; everything then fails with Closed.
  void close();

  // The oldest datagram, spread over `pieces`. An error that ICMP reported comes first, once.
  Result<UdpReceived, UdpError> receive_from(std::span<MutableBytes const> pieces);
  Result<UdpReceived, UdpError> receive_from(MutableBytes into) { return receive_from({&into, 1}); }

  // One datagram made of all `pieces`. Returns its size. Binds if that was not done.
  Result<std::size_t, UdpError> send_to(std::span<Bytes const> pieces, Endpoint to);
  Result<std::size_t, UdpError> send_to(Bytes payload, Endpoint to) {
    return send_to({&payload, 1}, to);
  }
  // To the remote end of connect().
  Result<std::size_t, UdpError> send(std::span<Bytes const> pieces);
  Result<std::size_t, UdpError> send(Bytes payload) { return send({&payload, 1}); }

  // `handler` is called in Context::Softirq each time that a datagram or an error has come. It may
  // receive and send, but not destroy the endpoint or change the handler.
  void on_readable(std::function<void()> handler) { on_readable_ = std::move(handler); }
  bool readable() const { return pending_error_.has_value() || !queue_.empty(); }
  // Size of the next datagram; 0 if there is none.
  std::size_t available() const { return queue_.empty() ? 0 : queue_.front().packet.size(); }

  UdpOptions& options() { return options_; }
  bool is_open() const { return open_; }
  Endpoint local() const { return local_; }
  std::optional<Endpoint> remote() const { return remote_; }
  std::uint64_t dropped() const { return dropped_; }  // arrived when the queue was full

 private:
  friend class UdpLayer;

  struct Datagram {
    PacketBuffer packet;  // payload
    Endpoint from;
    Ipv4Address to;
    std::uint8_t time_to_live;
    std::uint8_t traffic_class;
  };

  // For the layer. False if the queue is full.
  bool deliver(Datagram datagram);
  void report(UdpError error);

  std::optional<UdpError> take_pending_error();
  Result<Ipv4Address, UdpError> source_towards(Endpoint to) const;

  UdpLayer& layer_;
  bool open_ = true;
  Endpoint local_;              // port 0: not bound
  bool fixed_address_ = false;  // bind() named the address, disconnect() must not widen it
  std::optional<Endpoint> remote_;
  UdpOptions options_;
  std::function<void()> on_readable_;
  std::deque<Datagram> queue_;
  std::size_t queued_bytes_ = 0;
  std::optional<UdpError> pending_error_;
  std::uint64_t dropped_ = 0;
};

}  // namespace ringside::stack
