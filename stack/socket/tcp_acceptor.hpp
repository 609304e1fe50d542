// A listening TCP socket in the shape of boost::asio::ip::tcp::acceptor.
#pragma once

#include <boost/asio/async_result.hpp>
#include <memory>

#include "stack/socket/error.hpp"
#include "stack/socket/tcp_stream.hpp"

namespace ringside::stack {

// One accept at a time.
class TcpAcceptor {
 public:
  using executor_type = HostContext::executor_type;
  static constexpr unsigned kDefaultBacklog = 128;

  TcpAcceptor(HostContext& context, TcpLayer& layer)
      : state_(std::make_shared<State>(context, layer)) {}
  TcpAcceptor(TcpAcceptor&&) noexcept = default;
  TcpAcceptor& operator=(TcpAcceptor&&) noexcept = default;
  ~TcpAcceptor() {
    if (state_) state_->close();
  }

  executor_type get_executor() const noexcept { return state_->context.get_executor(); }

  // Binds to `local` (unspecified address: all of ours) and listens.
  void listen(Endpoint local, error_code& error, unsigned backlog = kDefaultBacklog) {
    error = {};
    if (auto const bound = state_->endpoint.bind(local); !bound) {
      error = to_error_code(bound.error());
    } else if (auto const done = state_->endpoint.listen(backlog); !done) {
      error = to_error_code(done.error());
    }
  }

  // Signature void(error_code, TcpStream).
  template <class Token>
  auto async_accept(Token&& token) {
    return boost::asio::async_initiate<Token, void(error_code, TcpStream)>(
        [](auto handler, std::shared_ptr<State> state) { state->accept(std::move(handler)); },
        token, state_);
  }

  void close() { state_->close(); }
  Endpoint local_endpoint() const { return state_->endpoint.local(); }

 private:
  struct State final : TcpObserver, std::enable_shared_from_this<State> {
    State(HostContext& host, TcpLayer& tcp) : context(host), layer(tcp), endpoint(tcp) {
      endpoint.observe(this);
    }
    ~State() override { endpoint.observe(nullptr); }

    void accept(Operation<TcpStream>::Handler handler);
    void on_acceptable() override;
    void close();

    HostContext& context;
    TcpLayer& layer;
    TcpEndpoint endpoint;
    Operation<TcpStream> operation;
  };

  std::shared_ptr<State> state_;
};

}  // namespace ringside::stack
