#include "stack/socket/udp_socket_state.hpp"

#include "stack/socket/error.hpp"

namespace ringside::stack {

namespace codes = boost::asio::error;

void UdpSocketState::listen() {
  endpoint_.on_readable([weak = weak_from_this()] {
    if (auto const state = weak.lock()) state->wake();
  });
}

void UdpSocketState::bind(Endpoint local, error_code& error) {
  auto const bound = endpoint_.bind(local);
  error = bound ? error_code{} : to_error_code(bound.error());
}

void UdpSocketState::connect(Endpoint remote, error_code& error) {
  auto const connected = endpoint_.connect(remote);
  error = connected ? error_code{} : to_error_code(connected.error());
}

std::size_t UdpSocketState::receive_now(std::vector<MutableBytes> const& into, Endpoint* from,
                                        error_code& error) {
  auto const received = endpoint_.receive_from(into);
  if (!received) {
    error = to_error_code(received.error());
    return 0;
  }
  *from = received->from;
  error = received->truncated ? error_code(codes::message_size) : error_code();
  return received->size;
}

void UdpSocketState::receive(std::vector<MutableBytes> into, Endpoint* from,
                             Operation<std::size_t>::Handler handler) {
  context_.host().spend(Work::SystemCall, 1);
  error_code error;
  std::size_t const size = receive_now(into, from, error);
  if (error != codes::would_block) {
    Operation<std::size_t>::complete_now(std::move(handler), executor(), error, size);
    return;
  }
  buffers_ = std::move(into);
  from_ = from;
  receive_.start(std::move(handler), executor(), [weak = weak_from_this()] {
    if (auto const state = weak.lock()) state->cancel();
  });
}

void UdpSocketState::send(std::vector<Bytes> const& from, Endpoint to,
                          Operation<std::size_t>::Handler handler) {
  context_.host().spend(Work::SystemCall, 1);
  auto const sent = endpoint_.send_to(from, to);
  Operation<std::size_t>::complete_now(std::move(handler), executor(),
                                       sent ? error_code{} : to_error_code(sent.error()),
                                       sent ? *sent : 0);
}

void UdpSocketState::cancel() {
  if (receive_.waiting()) receive_.complete(codes::operation_aborted, 0);
}

void UdpSocketState::close() {
  cancel();
  endpoint_.close();
}

// The application is a process: it is woken, and copies when it runs.
void UdpSocketState::wake() {
  if (waking_ || !receive_.waiting()) return;
  waking_ = true;
  context_.host().post(Context::Process, [self = shared_from_this()] {
    self->waking_ = false;
    self->try_again();
  });
}

void UdpSocketState::try_again() {
  if (!receive_.waiting()) return;
  context_.host().spend(Work::ContextSwitch, 1);
  error_code error;
  std::size_t const size = receive_now(buffers_, from_, error);
  if (error != codes::would_block) receive_.complete(error, size);
}

}  // namespace ringside::stack
