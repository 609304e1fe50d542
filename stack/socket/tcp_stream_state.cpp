#include "stack/socket/tcp_stream_state.hpp"

#include "stack/socket/error.hpp"

namespace ringside::stack {

namespace codes = boost::asio::error;

// Ends one waiting operation when its cancellation slot is emitted.
template <class Member>
auto TcpStreamState::canceller(Member operation) {
  return [weak = weak_from_this(), operation] {
    auto const state = weak.lock();
    if (!state) return;
    auto& waiting = (*state).*operation;
    if (!waiting.waiting()) return;
    if constexpr (std::is_same_v<std::decay_t<decltype(waiting)>, Operation<>>) {
      waiting.complete(codes::operation_aborted);
    } else {
      waiting.complete(codes::operation_aborted, 0);
    }
  };
}

void TcpStreamState::connect(Endpoint remote, Operation<>::Handler handler) {
  context_.host().spend(Work::SystemCall, 1);
  if (auto const begun = endpoint_.connect(remote); !begun) {
    Operation<>::complete_now(std::move(handler), executor(), to_error_code(begun.error()));
    return;
  }
  connect_.start(std::move(handler), executor(), canceller(&TcpStreamState::connect_));
}

void TcpStreamState::read(ReadBuffers into, Operation<std::size_t>::Handler handler) {
  context_.host().spend(Work::SystemCall, 1);
  error_code error;
  std::size_t const size = read_now(into, error);
  if (error != codes::would_block) {
    Operation<std::size_t>::complete_now(std::move(handler), executor(), error, size);
    return;
  }
  read_buffers_ = std::move(into);
  read_.start(std::move(handler), executor(), canceller(&TcpStreamState::read_));
}

void TcpStreamState::write(WriteBuffers from, Operation<std::size_t>::Handler handler) {
  context_.host().spend(Work::SystemCall, 1);
  error_code error;
  std::size_t const size = write_now(from, error);
  if (error != codes::would_block) {
    Operation<std::size_t>::complete_now(std::move(handler), executor(), error, size);
    return;
  }
  write_buffers_ = std::move(from);
  write_.start(std::move(handler), executor(), canceller(&TcpStreamState::write_));
}

// Buffer by buffer until one is not filled. An error counts only if nothing was read.
std::size_t TcpStreamState::read_now(ReadBuffers const& into, error_code& error) {
  std::size_t total = 0;
  error = {};
  for (MutableBytes const buffer : into) {
    if (buffer.empty()) continue;
    auto const moved = endpoint_.receive(buffer);
    if (!moved) {
      if (total == 0) error = to_error_code(moved.error());
      break;
    }
    total += *moved;
    if (*moved < buffer.size()) break;
  }
  return total;
}

// At once, so that TCP sees all of it before it makes segments.
std::size_t TcpStreamState::write_now(WriteBuffers const& from, error_code& error) {
  auto const sent = endpoint_.send(from);
  error = sent ? error_code{} : to_error_code(sent.error());
  return sent ? *sent : 0;
}

void TcpStreamState::shutdown(boost::asio::socket_base::shutdown_type what, error_code& error) {
  error = {};
  if (what == boost::asio::socket_base::shutdown_receive) return;
  context_.host().spend(Work::SystemCall, 1);
  if (auto const done = endpoint_.shutdown_send(); !done) error = to_error_code(done.error());
}

void TcpStreamState::cancel() {
  if (connect_.waiting()) connect_.complete(codes::operation_aborted);
  if (read_.waiting()) read_.complete(codes::operation_aborted, 0);
  if (write_.waiting()) write_.complete(codes::operation_aborted, 0);
}

void TcpStreamState::close() {
  cancel();
  endpoint_.close();
}

void TcpStreamState::abort() {
  cancel();
  endpoint_.abort();
}

void TcpStreamState::on_connected() {
  if (connect_.waiting()) connect_.complete({});
}

void TcpStreamState::on_error(TcpError error) {
  if (connect_.waiting()) connect_.complete(to_error_code(error));
  wake();
}

// The application is a process: it is woken, and copies when it runs.
void TcpStreamState::wake() {
  if (waking_ || (!read_.waiting() && !write_.waiting())) return;
  waking_ = true;
  context_.host().post(Context::Process, [self = shared_from_this()] {
    self->waking_ = false;
    self->try_again();
  });
}

void TcpStreamState::try_again() {
  if (!read_.waiting() && !write_.waiting()) return;
  context_.host().spend(Work::ContextSwitch, 1);
  error_code error;
  if (read_.waiting()) {
    std::size_t const size = read_now(read_buffers_, error);
    if (error != codes::would_block) read_.complete(error, size);
  }
  if (write_.waiting()) {
    std::size_t const size = write_now(write_buffers_, error);
    if (error != codes::would_block) write_.complete(error, size);
  }
}

}  // namespace ringside::stack
