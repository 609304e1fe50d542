#include "testbench/bench/exchange.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "stack/socket/tcp_acceptor.hpp"
#include "stack/socket/tcp_stream.hpp"
#include "stack/socket/waitable_timer.hpp"

namespace ringside::testbench {

namespace asio = boost::asio;
using stack::TcpAcceptor;
using stack::TcpStream;

namespace {

constexpr std::uint16_t kPort = 5002;
using Message = std::array<std::uint8_t, 64>;

auto into(boost::system::error_code& error) {
  return asio::redirect_error(asio::use_awaitable, error);
}

asio::awaitable<void> answer(Sockets sockets, Exchanges& exchanges) {
  TcpAcceptor acceptor(sockets.context, sockets.tcp);
  boost::system::error_code error;
  acceptor.listen({{}, kPort}, error);
  if (error) {
    exchanges.failed = true;
    co_return;
  }
  TcpStream stream = co_await acceptor.async_accept(into(error));
  stream.set_no_delay(true);
  Message message;
  while (!error) {
    co_await asio::async_read(stream, asio::buffer(message), into(error));
    if (!error) co_await asio::async_write(stream, asio::buffer(message), into(error));
  }
  exchanges.failed = exchanges.failed || error != asio::error::eof;
}

asio::awaitable<void> ask(Sockets sockets, stack::Ipv4Address whom, Exchanges& exchanges) {
  TcpStream stream(sockets.context, sockets.tcp);
  stream.set_no_delay(true);
  boost::system::error_code error;
  co_await stream.async_connect({whom, kPort}, into(error));
  Message message{};
  stack::WaitableTimer timer(sockets.context);
  TimePoint next = sockets.context.host().now();
  while (exchanges.wanted && !error) {
    co_await asio::async_write(stream, asio::buffer(message), into(error));
    if (!error) co_await asio::async_read(stream, asio::buffer(message), into(error));
    if (error) break;
    ++exchanges.done;
    next += exchanges.pace;
    timer.expires_after(std::max(Duration{0}, next - sockets.context.host().now()));
    co_await timer.async_wait(into(error));
  }
  if (error) exchanges.failed = true;
  stream.shutdown(TcpStream::shutdown_send, error);
}

}  // namespace

void start_answering(Sockets const& sockets, Exchanges& exchanges) {
  asio::co_spawn(sockets.context.get_executor(), answer(sockets, exchanges), asio::detached);
}

void start_asking(Sockets const& sockets, stack::Ipv4Address whom, Exchanges& exchanges) {
  asio::co_spawn(sockets.context.get_executor(), ask(sockets, whom, exchanges), asio::detached);
}

}  // namespace ringside::testbench
