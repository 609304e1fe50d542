#include "testbench/bench/bulk_transfer.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <vector>

#include "stack/socket/tcp_acceptor.hpp"
#include "stack/socket/tcp_stream.hpp"

namespace ringside::testbench {

namespace asio = boost::asio;
using stack::TcpAcceptor;
using stack::TcpStream;

namespace {

constexpr std::uint16_t kPort = 5001;
constexpr std::size_t kChunk = 65'536;

auto into(boost::system::error_code& error) {
  return asio::redirect_error(asio::use_awaitable, error);
}

asio::awaitable<void> sink(Sockets sockets, BulkTransfer& transfer) {
  TcpAcceptor acceptor(sockets.context, sockets.tcp);
  boost::system::error_code error;
  acceptor.listen({{}, kPort}, error);
  if (error) {
    transfer.failed = true;
    co_return;
  }
  TcpStream stream = co_await acceptor.async_accept(into(error));
  std::vector<std::uint8_t> buffer(kChunk);
  while (!error) {
    transfer.bytes += co_await stream.async_read_some(asio::buffer(buffer), into(error));
  }
  transfer.failed = transfer.failed || error != asio::error::eof;
}

asio::awaitable<void> source(Sockets sockets, stack::Ipv4Address to, BulkTransfer& transfer) {
  TcpStream stream(sockets.context, sockets.tcp);
  boost::system::error_code error;
  co_await stream.async_connect({to, kPort}, into(error));
  std::vector<std::uint8_t> const buffer(kChunk, 0x5A);
  while (transfer.wanted && !error) {
    co_await stream.async_write_some(asio::buffer(buffer), into(error));
  }
  if (error) transfer.failed = true;
  stream.shutdown(TcpStream::shutdown_send, error);
}

}  // namespace

void start_bulk_sink(Sockets const& sockets, BulkTransfer& transfer) {
  asio::co_spawn(sockets.context.get_executor(), sink(sockets, transfer), asio::detached);
}

void start_bulk_source(Sockets const& sockets, stack::Ipv4Address to, BulkTransfer& transfer) {
  asio::co_spawn(sockets.context.get_executor(), source(sockets, to, transfer), asio::detached);
}

}  // namespace ringside::testbench
