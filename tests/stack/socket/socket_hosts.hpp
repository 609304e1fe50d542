// Two hosts up to their sockets, for tests of everything that an application touches.
#pragma once

#include "stack/header/udp.hpp"
#include "stack/socket/host_context.hpp"
#include "stack/socket/tcp_acceptor.hpp"
#include "stack/socket/tcp_stream.hpp"
#include "stack/transport/tcp/layer.hpp"
#include "stack/transport/udp_layer.hpp"
#include "tests/stack/two_hosts.hpp"

namespace ringside::stack {

struct SocketHosts : TwoHosts {
  static constexpr std::uint16_t kPort = 80;

  SocketHosts() {
    left.ipv4().register_protocol(6, left_tcp);
    left.ipv4().register_protocol(17, left_udp);
    right.ipv4().register_protocol(6, right_tcp);
    right.ipv4().register_protocol(17, right_udp);
    wire.keep_log = false;
  }

  // Runs `work` as a process of the hosts, then everything that is due within `duration`.
  template <class F>
  void run(F&& work, Duration duration = std::chrono::seconds{1}) {
    executor.post(Context::Process, std::forward<F>(work));
    executor.run_for(duration);
  }

  TcpLayer left_tcp{executor, left.ipv4(), left_story, random.stream("left tcp")};
  TcpLayer right_tcp{executor, right.ipv4(), right_story, random.stream("right tcp")};
  UdpLayer left_udp{left.ipv4(), executor, left_story, random.stream("left udp")};
  UdpLayer right_udp{right.ipv4(), executor, right_story, random.stream("right udp")};
  HostContext left_context{executor};
  HostContext right_context{executor};
};

// A stream of the left host that is connected to one of the right host.
struct ConnectedHosts : SocketHosts {
  ConnectedHosts() {
    error_code error;
    acceptor.listen({{}, kPort}, error);
    EXPECT_FALSE(error);
    run([this] {
      acceptor.async_accept([this](error_code failed, TcpStream stream) {
        EXPECT_FALSE(failed) << failed.message();
        server = std::move(stream);
      });
      client.async_connect({kRight, kPort},
                           [](error_code failed) { EXPECT_FALSE(failed) << failed.message(); });
    });
  }

  TcpAcceptor acceptor{right_context, right_tcp};
  TcpStream client{left_context, left_tcp};
  TcpStream server{right_context, right_tcp};
};

}  // namespace ringside::stack
