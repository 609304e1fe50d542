#include <gtest/gtest.h>

#include <optional>

#include "stack/socket/waitable_timer.hpp"
#include "tests/stack/socket/socket_hosts.hpp"

namespace ringside::stack {
namespace {

namespace asio = boost::asio;

TEST(TcpAcceptor, TakesAConnectionThatCameBeforeTheAccept) {
  SocketHosts hosts;
  TcpAcceptor acceptor(hosts.right_context, hosts.right_tcp);
  TcpStream client(hosts.left_context, hosts.left_tcp);
  error_code error;
  acceptor.listen({{}, 80}, error);
  hosts.run([&] { client.async_connect({SocketHosts::kRight, 80}, [](error_code) {}); });
  std::optional<Endpoint> peer;
  hosts.run([&] {
    acceptor.async_accept([&](error_code failed, TcpStream stream) {
      EXPECT_FALSE(failed);
      peer = stream.remote_endpoint();
    });
  });
  ASSERT_TRUE(peer);
  EXPECT_EQ(peer->address, SocketHosts::kLeft);
}

TEST(TcpAcceptor, CloseAbortsTheAcceptThatWaits) {
  SocketHosts hosts;
  TcpAcceptor acceptor(hosts.right_context, hosts.right_tcp);
  error_code error;
  acceptor.listen({{}, 80}, error);
  std::optional<error_code> outcome;
  hosts.run([&] { acceptor.async_accept([&](error_code e, TcpStream) { outcome = e; }); });
  EXPECT_FALSE(outcome);
  hosts.run([&] { acceptor.close(); });
  EXPECT_EQ(outcome, error_code(asio::error::operation_aborted));
}

TEST(TcpAcceptor, SaysThatItsPortIsTaken) {
  SocketHosts hosts;
  TcpAcceptor first(hosts.right_context, hosts.right_tcp);
  TcpAcceptor second(hosts.right_context, hosts.right_tcp);
  error_code error;
  first.listen({{}, 80}, error);
  EXPECT_FALSE(error);
  second.listen({{}, 80}, error);
  EXPECT_EQ(error, error_code(asio::error::address_in_use));
}

TEST(TcpAcceptor, RefusesToAcceptBeforeItListens) {
  SocketHosts hosts;
  TcpAcceptor acceptor(hosts.right_context, hosts.right_tcp);
  std::optional<error_code> outcome;
  hosts.run([&] { acceptor.async_accept([&](error_code e, TcpStream) { outcome = e; }); });
  EXPECT_EQ(outcome, error_code(asio::error::bad_descriptor));
}

TEST(WaitableTimer, X09_RunsOnSimulatedTime) {
  SocketHosts hosts;
  WaitableTimer timer(hosts.left_context);
  TimePoint fired{};
  TimePoint const start = hosts.executor.now();
  hosts.run(
      [&] {
        timer.expires_after(std::chrono::hours{1});
        timer.async_wait([&](error_code error) {
          EXPECT_FALSE(error);
          fired = hosts.executor.now();
        });
      },
      std::chrono::hours{2});
  EXPECT_EQ(fired - start, Duration{std::chrono::hours{1}});
}

TEST(WaitableTimer, ANewExpiryAbortsTheWait) {
  SocketHosts hosts;
  WaitableTimer timer(hosts.left_context);
  std::optional<error_code> outcome;
  hosts.run([&] {
    timer.expires_after(std::chrono::hours{1});
    timer.async_wait([&](error_code error) { outcome = error; });
  });
  EXPECT_FALSE(outcome);
  hosts.run([&] { timer.expires_after(std::chrono::hours{2}); });
  EXPECT_EQ(outcome, error_code(asio::error::operation_aborted));
}

TEST(WaitableTimer, DestructionAbortsTheWait) {
  SocketHosts hosts;
  std::optional<error_code> outcome;
  hosts.run([&] {
    WaitableTimer timer(hosts.left_context);
    timer.expires_after(std::chrono::milliseconds{1});
    timer.async_wait([&](error_code error) { outcome = error; });
  });
  EXPECT_EQ(outcome, error_code(asio::error::operation_aborted));
}

}  // namespace
}  // namespace ringside::stack
