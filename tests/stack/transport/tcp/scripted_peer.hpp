// One host with TCP, and a peer that is the test: it writes each segment and reads each answer.
#pragma once

#include <gtest/gtest.h>

#include "tests/stack/transport/tcp/fake_network.hpp"

namespace ringside::stack {

// The peer is at kServerAddress. Its sequence numbers and the host's are given relative to the
// respective SYN, as packetdrill does: the SYN is 0, the first byte of data 1.
class ScriptedPeer {
 public:
  static constexpr std::uint16_t kPeerPort = 4321;
  static constexpr std::uint16_t kListenPort = 80;

  explicit ScriptedPeer(TcpSettings const& settings = {}, std::uint32_t peer_isn = 7'000'000)
      : host(executor, kClientAddress, 1, settings), endpoint(host.tcp), peer_isn_(peer_isn) {}

  struct Segment {
    std::uint8_t flags = kTcpAck;
    std::uint32_t seq = 1;
    std::uint32_t ack = 1;
    std::uint16_t window = 65'535;
    std::size_t bytes = 0;  // of payload, each the low byte of its sequence number
    TcpOptions options{};
    std::uint16_t peer_port = kPeerPort;
    bool broadcast = false;
    bool bad_checksum = false;
  };

  // The host reads the segment, and does what it does at once.
  void send(Segment const& segment) {
    TcpHeader header{
        .source_port = segment.peer_port,
        .destination_port = host_port_,
        .sequence = peer_isn_ + segment.seq,
        .acknowledgement = (segment.flags & kTcpAck) != 0 ? host_isn_ + segment.ack : 0,
        .flags = segment.flags,
        .window = segment.window,
        .urgent = 0,
        .options = segment.options};
    std::vector<std::uint8_t> bytes(header.emitted_size() + segment.bytes);
    emit_tcp(header, bytes);
    for (std::size_t i = 0; i < segment.bytes; ++i) {
      bytes[header.emitted_size() + i] = static_cast<std::uint8_t>(segment.seq + i);
    }
    write_tcp_checksum(kServerAddress, kClientAddress, bytes);
    if (segment.bad_checksum) bytes[16] ^= 1;
    host.arrive(std::move(bytes), kServerAddress, segment.broadcast);
  }
  void deliver(Segment const& segment) {
    send(segment);
    executor.run_for(Duration{1});
  }

  // The segments that the host has sent since the last call, numbers relative.
  std::vector<Sent> take() {
    auto segments = host.take_sent();
    for (Sent& segment : segments) {
      segment.header.sequence -= host_isn_;
      if (segment.has(kTcpAck)) segment.header.acknowledgement -= peer_isn_;
    }
    return segments;
  }
  // Exactly one.
  Sent take_one() {
    auto const segments = take();
    EXPECT_EQ(segments.size(), 1u);
    return segments.empty() ? Sent{} : segments.front();
  }
  void pass(Duration time) { executor.run_for(time); }

  // The host connects actively; the SYN is consumed.
  void connect_active(TcpOptions const& options = default_options(),
                      std::uint16_t window = 65'535) {
    start_active();
    deliver({.flags = kTcpSyn | kTcpAck, .seq = 0, .ack = 1, .window = window, .options = options});
    EXPECT_EQ(endpoint.state(), TcpState::Established);
    take();
  }
  void start_active() {
    endpoint.observe(&events);
    EXPECT_TRUE(endpoint.connect({kServerAddress, kPeerPort}));
    auto const syn = host.take_sent();
    ASSERT_EQ(syn.size(), 1u);
    first_syn = syn[0];
    host_isn_ = syn[0].header.sequence;
    host_port_ = syn[0].header.source_port;
  }

  // The peer connects to the listening host and is accepted.
  void connect_passive(TcpOptions const& options = default_options(),
                       std::uint16_t window = 65'535) {
    listen();
    send_syn(options, window);
    deliver({.flags = kTcpAck, .seq = 1, .ack = 1, .window = window});
    accept();
    take();
  }
  void listen(unsigned backlog = 8) {
    listener.emplace(host.tcp);
    listener->observe(&listener_events);
    EXPECT_TRUE(listener->bind({{}, kListenPort}));
    EXPECT_TRUE(listener->listen(backlog));
    host_port_ = kListenPort;
  }
  void send_syn(TcpOptions const& options = default_options(), std::uint16_t window = 65'535) {
    deliver({.flags = kTcpSyn, .seq = 0, .window = window, .options = options});
    auto const answer = host.take_sent();
    ASSERT_EQ(answer.size(), 1u);
    first_syn = answer[0];
    host_isn_ = answer[0].header.sequence;
  }
  void accept() {
    auto accepted = listener->accept();
    ASSERT_TRUE(accepted);
    endpoint = std::move(*accepted);
    endpoint.observe(&events);
  }

  static TcpOptions default_options() {
    TcpOptions options;
    options.mss = 1000;
    return options;
  }

  VirtualExecutor executor;
  FakeHost host;
  Recorder events;
  Recorder listener_events;
  std::optional<TcpEndpoint> listener;
  TcpEndpoint endpoint;
  Sent first_syn;

 private:
  std::uint32_t peer_isn_;
  std::uint32_t host_isn_ = 0;
  std::uint16_t host_port_ = 0;
};

inline std::vector<std::uint8_t> zeros(std::size_t size) { return std::vector<std::uint8_t>(size); }

}  // namespace ringside::stack
