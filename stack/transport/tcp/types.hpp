// The words in which TCP and its users speak: states, errors, what an observer is told.
#pragma once

#include <cstdint>

#include "interface/base/time.hpp"

namespace ringside::stack {

enum class TcpState : std::uint8_t {
  Closed,
  Listen,
  SynSent,
  SynReceived,
  Established,
  FinWait1,
  FinWait2,
  CloseWait,
  Closing,
  LastAck,
  TimeWait,
};

constexpr char const* to_string(TcpState state) {
  constexpr char const* kNames[]{"CLOSED",      "LISTEN",     "SYN-SENT",   "SYN-RECEIVED",
                                 "ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT",
                                 "CLOSING",     "LAST-ACK",   "TIME-WAIT"};
  return kNames[static_cast<std::size_t>(state)];
}

enum class TcpError : std::uint8_t {
  WouldBlock,           // EAGAIN: an observer is told when trying again makes sense
  Eof,                  // the peer has sent all it had (receive only)
  NotConnected,         // ENOTCONN
  AlreadyConnected,     // EISCONN, EALREADY: the endpoint is in use
  BrokenPipe,           // EPIPE: sending after shutdown_send()
  ConnectionRefused,    // ECONNREFUSED
  ConnectionReset,      // ECONNRESET
  ConnectionAborted,    // ECONNABORTED: abort() was called on this side
  TimedOut,             // ETIMEDOUT
  HostUnreachable,      // EHOSTUNREACH
  NetworkUnreachable,   // ENETUNREACH
  AddressInUse,         // EADDRINUSE
  AddressNotAvailable,  // EADDRNOTAVAIL: not one of ours, or all ephemeral ports are taken
  InvalidArgument,      // EINVAL: broadcast or multicast peer, port 0, bind after connect
};

constexpr char const* to_string(TcpError error) {
  constexpr char const* kNames[]{
      "would block",           "end of stream",       "not connected",
      "already connected",     "broken pipe",         "connection refused",
      "connection reset",      "connection aborted",  "timed out",
      "host unreachable",      "network unreachable", "address in use",
      "address not available", "invalid argument"};
  return kNames[static_cast<std::size_t>(error)];
}

// Whoever waits for an endpoint. Runs in Context::Softirq behind the segment or timer that brought
// the change, never inside a call of the endpoint; it may call anything of it, and destroy it.
class TcpObserver {
 public:
  virtual ~TcpObserver() = default;
  virtual void on_connected() {}   // connect() has succeeded
  virtual void on_acceptable() {}  // listening: accept() has something to give
  virtual void on_readable() {}    // new bytes in order, or the end of the stream
  virtual void on_writable() {}    // a third of the send buffer is free again after a short send()
  virtual void on_error(TcpError) {}  // the connection is no more, for this reason; told once
};

// After TCP_INFO of Linux. Bytes are of payload.
struct TcpInfo {
  TcpState state = TcpState::Closed;
  std::uint32_t congestion_window = 0;
  std::uint32_t slow_start_threshold = 0;
  std::uint32_t send_window = 0;     // the peer's, scaled
  std::uint32_t receive_window = 0;  // ours, as last announced
  std::uint32_t bytes_in_flight = 0;
  std::uint16_t mss = 0;
  std::uint8_t send_window_shift = 0;
  std::uint8_t receive_window_shift = 0;
  bool in_recovery = false;
  unsigned backoff = 0;
  Duration smoothed_rtt{};
  Duration rtt_variance{};
  Duration rto{};
  std::uint64_t retransmissions = 0;
  std::uint64_t fast_retransmits = 0;
  std::uint64_t timeouts = 0;
  std::uint64_t bytes_sent = 0;  // retransmissions included
  std::uint64_t bytes_acked = 0;
  std::uint64_t bytes_received = 0;  // in order
  std::uint64_t segments_in = 0;
  std::uint64_t segments_out = 0;
  std::uint64_t out_of_order = 0;
};

}  // namespace ringside::stack
