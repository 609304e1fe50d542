// Peers that fill every socket of a host, and a host that goes on hearing the others.
#include <gtest/gtest.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <list>
#include <optional>
#include <string>
#include <vector>

#include "tests/stack/socket/socket_hosts.hpp"

namespace ringside::stack {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

// Both ends write and neither reads, on as many connections as it takes to use up the pool.
class PoolPressure : public ::testing::Test, protected SocketHosts {
 protected:
  static constexpr std::size_t kConnections = 6;
  static constexpr std::size_t kBytes = 600'000;

  PoolPressure() {
    left_device.pool().reserve = right_device.pool().reserve = 256;
    error_code error;
    acceptor.listen({{}, kPort}, error);
    EXPECT_FALSE(error);
  }
  void connect() {
    run([this] {
      acceptor.async_accept([this](error_code failed, TcpStream stream) {
        EXPECT_FALSE(failed) << failed.message();
        servers.push_back(std::move(stream));
      });
      clients.emplace_back(left_context, left_tcp);
      clients.back().async_connect(
          {kRight, kPort}, [](error_code failed) { EXPECT_FALSE(failed) << failed.message(); });
    });
  }
  void fill_every_socket() {
    for (std::size_t i = 0; i < kConnections; ++i) {
      connect();
      ASSERT_EQ(servers.size(), i + 1) << "no connection came about";
      run([this] {
        asio::async_write(clients.back(), asio::buffer(data),
                          [this](error_code, std::size_t n) { written += n; });
        asio::async_write(servers.back(), asio::buffer(data),
                          [this](error_code, std::size_t n) { written += n; });
      });
    }
    run([] {}, 10s);
    ASSERT_LT(right_device.pool().available(), right_device.pool().reserve) << "no pressure";
  }
  bool answers_a_ping() {
    bool answered = false;
    run([this, &answered] {
      auto const sent = left.ping().send(
          {.destination = kRight}, [&](Result<EchoReply, EchoError> r) { answered = bool(r); });
      EXPECT_TRUE(sent.has_value());
    });
    return answered;
  }

  std::string data = std::string(kBytes, 'x');
  std::size_t written = 0;
  TcpAcceptor acceptor{right_context, right_tcp};
  std::list<TcpStream> clients;
  std::list<TcpStream> servers;
};

TEST_F(PoolPressure, LeavesTheReceiveRingWhatItNeeds) {
  ASSERT_NO_FATAL_FAILURE(fill_every_socket());
  EXPECT_GT(right_device.pool().available(), 64u) << "less than one poll may take";
  EXPECT_EQ(right_device.statistics().rx_dropped, 0u);
}

TEST_F(PoolPressure, LetsAHostAnswerAndMakeConnections) {
  ASSERT_NO_FATAL_FAILURE(fill_every_socket());
  EXPECT_TRUE(answers_a_ping());
  connect();
  ASSERT_EQ(servers.size(), kConnections + 1);
  // Little by little, but whole.
  std::string received(20'000, ' ');
  std::optional<error_code> read;
  run(
      [&] {
        asio::async_write(clients.back(), asio::buffer(data, received.size()),
                          [](error_code, std::size_t) {});
        asio::async_read(servers.back(), asio::buffer(received),
                         [&](error_code failed, std::size_t) { read = failed; });
      },
      60s);
  EXPECT_EQ(read, error_code());
  EXPECT_EQ(received, data.substr(0, received.size()));
}

TEST_F(PoolPressure, EndsWhenSomebodyReads) {
  ASSERT_NO_FATAL_FAILURE(fill_every_socket());
  std::size_t whole = 0;
  std::list<std::string> buffers;
  run(
      [&] {
        for (auto* streams : {&clients, &servers}) {
          for (TcpStream& stream : *streams) {
            buffers.emplace_back(kBytes, ' ');
            asio::async_read(
                stream, asio::buffer(buffers.back()),
                [&whole, this, &buffer = buffers.back()](error_code failed, std::size_t) {
                  whole += !failed && buffer == data;
                });
          }
        }
      },
      300s);
  EXPECT_EQ(whole, 2 * kConnections);
  EXPECT_EQ(written, 2 * kConnections * kBytes);
  EXPECT_EQ(right_device.pool().supply(), Supply::Ample);
}

}  // namespace
}  // namespace ringside::stack
