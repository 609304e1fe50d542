#include "testbench/app/fetch.hpp"

#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/system/system_error.hpp>
#include <vector>

#include "stack/socket/resolver.hpp"
#include "stack/socket/tcp_stream.hpp"
#include "stack/socket/waitable_timer.hpp"
#include "testbench/app/content.hpp"

namespace ringside::testbench {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using stack::TcpStream;

namespace {

constexpr std::size_t kChunk = 16'384;

asio::awaitable<stack::Ipv4Address> resolve(Sockets sockets, std::string const& name) {
  if (auto const literal = stack::Ipv4Address::parse(name)) co_return *literal;
  auto const addresses = co_await sockets.resolver.async_resolve(name, asio::use_awaitable);
  co_return addresses.front();
}

asio::awaitable<void> send_request(TcpStream& stream, Url const& url) {
  http::request<http::empty_body> request(http::verb::get, url.target, 11);
  request.set(http::field::host, url.authority());
  request.set(http::field::user_agent, "Ringside");
  request.set(http::field::connection, "close");
  co_await http::async_write(stream, request, asio::use_awaitable);
}

// Reads the answer piece by piece; what it holds is digested, not kept.
asio::awaitable<void> receive_page(TcpStream& stream, FetchResult& result) {
  boost::beast::flat_buffer buffer;
  http::response_parser<http::buffer_body> parser;
  parser.body_limit(boost::none);
  co_await http::async_read_header(stream, buffer, parser, asio::use_awaitable);
  result.status = parser.get().result_int();
  Sha256 digest;
  std::vector<std::uint8_t> chunk(kChunk);
  while (!parser.is_done()) {
    parser.get().body().data = chunk.data();
    parser.get().body().size = chunk.size();
    error_code error;
    co_await http::async_read(stream, buffer, parser,
                              asio::redirect_error(asio::use_awaitable, error));
    if (error && error != http::error::need_buffer) throw boost::system::system_error(error);
    std::size_t const count = chunk.size() - parser.get().body().size;
    digest.add(Bytes(chunk).first(count));
    result.bytes += count;
  }
  result.sha256 = digest.finish();
  result.sha256_ok = parser.get()["Content-SHA256"] == result.sha256;
}

asio::awaitable<void> fetch(Sockets sockets, Url const& url, FetchResult& result) {
  Executor& host = sockets.context.host();
  TimePoint const start = host.now();
  sockets.tell("wants " + url.to_string());
  result.doing = "resolving " + url.host;
  stack::Ipv4Address const address = co_await resolve(sockets, url.host);
  result.name_time = host.now() - start;
  result.doing = "connecting to " + address.to_string() + ":" + std::to_string(url.port);
  TcpStream stream(sockets.context, sockets.tcp);
  co_await stream.async_connect({address, url.port}, asio::use_awaitable);
  result.connect_time = host.now() - start - result.name_time;
  result.doing = "asking for the page";
  co_await send_request(stream, url);
  result.doing = "receiving the page";
  co_await receive_page(stream, result);
  result.transfer_time = host.now() - start - result.name_time - result.connect_time;
  error_code ignored;
  stream.shutdown(TcpStream::shutdown_send, ignored);
  sockets.tell("gets status " + std::to_string(result.status) + ", " +
               std::to_string(result.bytes) + " bytes, digest " +
               (result.sha256_ok ? "right" : "wrong or missing"));
  result.ok = result.status == 200 && result.sha256_ok;
  if (result.status != 200) {
    result.error = "the server answers with status " + std::to_string(result.status);
  } else if (!result.sha256_ok) {
    result.error = "the page is not what the server announced: its digest is another";
  }
}

asio::awaitable<void> run(Sockets sockets, Url url, Duration delay, FetchResult& result,
                          std::function<void()> done) {
  try {
    stack::WaitableTimer timer(sockets.context);
    timer.expires_after(delay);
    co_await timer.async_wait(asio::use_awaitable);
    co_await fetch(sockets, url, result);
  } catch (boost::system::system_error const& failure) {
    result.error = result.doing + ": " + failure.code().message();
    sockets.tell("can not get the page: " + result.error);
  }
  done();
}

}  // namespace

void start_fetch(Sockets const& sockets, Url const& url, Duration delay, FetchResult& result,
                 std::function<void()> done) {
  asio::co_spawn(sockets.context.get_executor(), run(sockets, url, delay, result, std::move(done)),
                 [](std::exception_ptr failure) {
                   if (failure) std::rethrow_exception(failure);
                 });
}

}  // namespace ringside::testbench
