// A TCP connection in the shape of boost::asio::ip::tcp::socket: AsyncReadStream, AsyncWriteStream.
#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/socket_base.hpp>
#include <memory>

#include "stack/socket/operation.hpp"
#include "stack/socket/tcp_stream_state.hpp"

namespace ringside::stack {

// One read and one write may be under way at the same time. close(), cancel() and destruction
// complete what waits with operation_aborted; handlers never run inside a call.
class TcpStream {
 public:
  using executor_type = HostContext::executor_type;
  using endpoint_type = Endpoint;
  using lowest_layer_type = TcpStream;

  TcpStream(HostContext& context, TcpLayer& layer)
      : state_(TcpStreamState::make(context, TcpEndpoint(layer))) {}
  TcpStream(HostContext& context, TcpEndpoint endpoint)
      : state_(TcpStreamState::make(context, std::move(endpoint))) {}
  TcpStream(TcpStream&&) noexcept = default;
  TcpStream& operator=(TcpStream&& other) noexcept {
    if (this != &other) {
      if (state_) state_->close();
      state_ = std::move(other.state_);
    }
    return *this;
  }
  ~TcpStream() {
    if (state_) state_->close();
  }

  executor_type get_executor() const noexcept { return state_->executor(); }
  lowest_layer_type& lowest_layer() noexcept { return *this; }

  // Signature void(error_code).
  template <class Token>
  auto async_connect(Endpoint remote, Token&& token) {
    return boost::asio::async_initiate<Token, void(error_code)>(
        [](auto handler, std::shared_ptr<TcpStreamState> state, Endpoint to) {
          state->connect(to, std::move(handler));
        },
        token, state_, remote);
  }

  // Signature void(error_code, std::size_t). Buffers must live until the handler runs.
  template <class MutableBufferSequence, class Token>
  auto async_read_some(MutableBufferSequence const& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(error_code, std::size_t)>(
        [](auto handler, std::shared_ptr<TcpStreamState> state, TcpStreamState::ReadBuffers into) {
          state->read(std::move(into), std::move(handler));
        },
        token, state_, gather_read(buffers));
  }
  template <class ConstBufferSequence, class Token>
  auto async_write_some(ConstBufferSequence const& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(error_code, std::size_t)>(
        [](auto handler, std::shared_ptr<TcpStreamState> state, TcpStreamState::WriteBuffers from) {
          state->write(std::move(from), std::move(handler));
        },
        token, state_, gather_write(buffers));
  }

  // At once or would_block: a simulated host's thread can not stand still.
  template <class MutableBufferSequence>
  std::size_t read_some(MutableBufferSequence const& buffers, error_code& error) {
    return state_->read_now(gather_read(buffers), error);
  }
  template <class ConstBufferSequence>
  std::size_t write_some(ConstBufferSequence const& buffers, error_code& error) {
    return state_->write_now(gather_write(buffers), error);
  }

  using shutdown_type = boost::asio::socket_base::shutdown_type;
  static constexpr shutdown_type shutdown_send = boost::asio::socket_base::shutdown_send;
  // Sending ends with FIN behind what is buffered. Receiving can not be shut: TCP has no word for
  // it.
  void shutdown(shutdown_type what, error_code& error) { state_->shutdown(what, error); }

  void cancel() { state_->cancel(); }
  void close() { state_->close(); }
  void abort() { state_->abort(); }  // RST

  std::size_t available() const { return state_->endpoint().available(); }
  void set_no_delay(bool no_delay) { state_->endpoint().set_no_delay(no_delay); }
  Endpoint local_endpoint() const { return state_->endpoint().local(); }
  Endpoint remote_endpoint() const { return state_->endpoint().remote(); }
  TcpInfo info() const { return state_->endpoint().info(); }

 private:
  std::shared_ptr<TcpStreamState> state_;
};

// What Boost.Beast does with a stream when a connection is over: FIN, then what the peer still
// says.
template <class Role>
void teardown(Role, TcpStream& stream, error_code& error) {
  stream.shutdown(TcpStream::shutdown_send, error);
  stream.close();
}
template <class Role, class Handler>
void async_teardown(Role, TcpStream& stream, Handler&& handler) {
  error_code error;
  stream.shutdown(TcpStream::shutdown_send, error);
  boost::asio::post(stream.get_executor(), [handler = std::forward<Handler>(handler),
                                            error]() mutable { std::move(handler)(error); });
}

}  // namespace ringside::stack
