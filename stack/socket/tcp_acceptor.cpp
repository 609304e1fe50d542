#include "stack/socket/tcp_acceptor.hpp"

namespace ringside::stack {

void TcpAcceptor::State::accept(Operation<TcpStream>::Handler handler) {
  context.host().spend(Work::SystemCall, 1);
  auto const executor = context.get_executor();
  if (!endpoint.is_listening()) {
    Operation<TcpStream>::complete_now(std::move(handler), executor,
                                       boost::asio::error::bad_descriptor,
                                       TcpStream(context, layer));
    return;
  }
  if (auto accepted = endpoint.accept()) {
    Operation<TcpStream>::complete_now(std::move(handler), executor, {},
                                       TcpStream(context, std::move(*accepted)));
    return;
  }
  operation.start(std::move(handler), executor, [weak = weak_from_this()] {
    auto const state = weak.lock();
    if (state && state->operation.waiting()) {
      state->operation.complete(boost::asio::error::operation_aborted,
                                TcpStream(state->context, state->layer));
    }
  });
}

// The process that waits in accept() is woken, and takes the connection when it runs.
void TcpAcceptor::State::on_acceptable() {
  context.host().post(Context::Process, [self = shared_from_this()] {
    if (!self->operation.waiting()) return;
    auto accepted = self->endpoint.accept();
    if (!accepted) return;
    self->context.host().spend(Work::ContextSwitch, 1);
    self->operation.complete({}, TcpStream(self->context, std::move(*accepted)));
  });
}

void TcpAcceptor::State::close() {
  endpoint.close();
  if (operation.waiting()) {
    operation.complete(boost::asio::error::operation_aborted, TcpStream(context, layer));
  }
}

}  // namespace ringside::stack
