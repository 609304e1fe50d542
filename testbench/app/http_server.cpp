#include "testbench/app/http_server.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <charconv>
#include <optional>
#include <string>

#include "stack/socket/tcp_acceptor.hpp"
#include "stack/socket/tcp_stream.hpp"
#include "testbench/app/content.hpp"

namespace ringside::testbench {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using stack::TcpAcceptor;
using stack::TcpStream;

namespace {

constexpr std::size_t kChunk = 16'384;

using Request = http::request<http::empty_body>;
using Response = http::response<http::buffer_body>;

auto into(error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

// The size of the body that a target names; nothing if there is no such page.
std::optional<std::uint64_t> body_size(std::string_view target, std::uint64_t page_bytes) {
  constexpr std::string_view kBytes = "/bytes/";
  if (target == "/") return page_bytes;
  if (!target.starts_with(kBytes)) return std::nullopt;
  target.remove_prefix(kBytes.size());
  std::uint64_t size = 0;
  auto const [end, error] = std::from_chars(target.data(), target.data() + target.size(), size);
  if (error != std::errc{} || end != target.data() + target.size()) return std::nullopt;
  if (size > Content::kMaxSize) return std::nullopt;
  return size;
}

Response make_response(Request const& request, http::status status, std::uint64_t size) {
  Response response(status, request.version());
  response.set(http::field::server, "Ringside");
  response.set(http::field::content_type, "text/plain");
  response.keep_alive(request.keep_alive());
  response.content_length(size);
  response.body().data = nullptr;
  response.body().more = size != 0;
  return response;
}

// Sends the header, then the body piece by piece: it may be larger than any memory.
asio::awaitable<void> send_body(TcpStream& stream,
                                http::response_serializer<http::buffer_body>& out,
                                Response& response, Content content, error_code& error) {
  std::array<std::uint8_t, kChunk> chunk;
  for (std::uint64_t offset = 0; offset < content.size() && !error;) {
    auto const count =
        static_cast<std::size_t>(std::min<std::uint64_t>(kChunk, content.size() - offset));
    content.read(offset, MutableBytes(chunk).first(count));
    offset += count;
    response.body().data = chunk.data();
    response.body().size = count;
    response.body().more = offset < content.size();
    co_await http::async_write(stream, out, into(error));
    if (error == http::error::need_buffer) error = {};
  }
}

asio::awaitable<bool> answer(Sockets const& sockets, TcpStream& stream, Request const& request,
                             HttpServerOptions const& options, HttpServerStatistics& statistics,
                             error_code& error) {
  bool const readable = request.method() == http::verb::get || request.method() == http::verb::head;
  std::optional<std::uint64_t> const size =
      readable ? body_size(request.target(), options.page_bytes) : std::nullopt;
  http::status const status = !readable ? http::status::method_not_allowed
                              : size    ? http::status::ok
                                        : http::status::not_found;
  Content const content(size.value_or(0));
  Response response = make_response(request, status, content.size());
  if (size) response.set("Content-SHA256", content.sha256());
  if (!readable) response.set(http::field::allow, "GET, HEAD");
  ++statistics.requests;
  sockets.tell("the server answers with status " + std::to_string(static_cast<unsigned>(status)) +
               ", " + std::to_string(content.size()) + " bytes");
  http::response_serializer<http::buffer_body> out(response);
  co_await http::async_write_header(stream, out, into(error));
  if (!error && request.method() != http::verb::head) {
    co_await send_body(stream, out, response, content, error);
    if (!error) statistics.body_bytes += content.size();
  }
  co_return response.keep_alive();
}

asio::awaitable<void> serve(TcpStream stream, Sockets sockets, HttpServerOptions options,
                            HttpServerStatistics& statistics) {
  stream.set_no_delay(true);
  boost::beast::flat_buffer buffer;
  error_code error;
  for (bool alive = true; alive && !error;) {
    Request request;
    co_await http::async_read(stream, buffer, request, into(error));
    if (error) break;
    sockets.tell("the server reads " + std::string(request.method_string()) + " " +
                 std::string(request.target()));
    alive = co_await answer(sockets, stream, request, options, statistics, error);
  }
  if (error && error != http::error::end_of_stream) ++statistics.failed_connections;
  stream.shutdown(TcpStream::shutdown_send, error);
}

asio::awaitable<void> listen(Sockets sockets, HttpServerOptions options,
                             HttpServerStatistics& statistics) {
  TcpAcceptor acceptor(sockets.context, sockets.tcp);
  error_code error;
  acceptor.listen({{}, options.port}, error);
  if (error) throw boost::system::system_error(error, "the web server can not listen");
  for (;;) {
    TcpStream stream = co_await acceptor.async_accept(into(error));
    if (error == asio::error::operation_aborted) co_return;
    if (error) continue;
    asio::co_spawn(sockets.context.get_executor(),
                   serve(std::move(stream), sockets, options, statistics), asio::detached);
  }
}

}  // namespace

void start_http_server(Sockets const& sockets, HttpServerOptions const& options,
                       HttpServerStatistics& statistics) {
  asio::co_spawn(sockets.context.get_executor(), listen(sockets, options, statistics),
                 [](std::exception_ptr failure) {
                   if (failure) std::rethrow_exception(failure);
                 });
}

}  // namespace ringside::testbench
