// A UDP socket in the shape of boost::asio::ip::udp::socket.
#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <memory>

#include "stack/socket/operation.hpp"
#include "stack/socket/udp_socket_state.hpp"

namespace ringside::stack {

// One receive may wait at a time; sending never waits. close(), cancel() and destruction complete
// what waits with operation_aborted.
class UdpSocket {
 public:
  using executor_type = HostContext::executor_type;
  using endpoint_type = Endpoint;

  UdpSocket(HostContext& context, UdpLayer& layer)
      : state_(std::make_shared<UdpSocketState>(context, layer)) {
    state_->listen();
  }
  UdpSocket(UdpSocket&&) noexcept = default;
  UdpSocket& operator=(UdpSocket&& other) noexcept {
    if (this != &other) {
      if (state_) state_->close();
      state_ = std::move(other.state_);
    }
    return *this;
  }
  ~UdpSocket() {
    if (state_) state_->close();
  }

  executor_type get_executor() const noexcept { return state_->executor(); }

  void bind(Endpoint local, error_code& error) { state_->bind(local, error); }
  void connect(Endpoint remote, error_code& error) { state_->connect(remote, error); }

  // Signature void(error_code, std::size_t). `from` and the buffers live until the handler runs. A
  // datagram that is longer than the buffers is cut and reported as message_size.
  template <class MutableBufferSequence, class Token>
  auto async_receive_from(MutableBufferSequence const& buffers, Endpoint& from, Token&& token) {
    return boost::asio::async_initiate<Token, void(error_code, std::size_t)>(
        [](auto handler, std::shared_ptr<UdpSocketState> state, std::vector<MutableBytes> into,
           Endpoint* sender) { state->receive(std::move(into), sender, std::move(handler)); },
        token, state_, gather_read(buffers), &from);
  }
  // Signature void(error_code, std::size_t).
  template <class ConstBufferSequence, class Token>
  auto async_send_to(ConstBufferSequence const& buffers, Endpoint to, Token&& token) {
    return boost::asio::async_initiate<Token, void(error_code, std::size_t)>(
        [](auto handler, std::shared_ptr<UdpSocketState> state, std::vector<Bytes> from,
           Endpoint receiver) { state->send(from, receiver, std::move(handler)); },
        token, state_, gather_write(buffers), to);
  }

  void cancel() { state_->cancel(); }
  void close() { state_->close(); }
  Endpoint local_endpoint() const { return state_->endpoint().local(); }

 private:
  std::shared_ptr<UdpSocketState> state_;
};

}  // namespace ringside::stack
