#include "stack/transport/tcp/endpoint.hpp"

#include <utility>

#include "stack/transport/tcp/layer.hpp"

namespace ringside::stack {

TcpEndpoint::TcpEndpoint(TcpLayer& layer, std::shared_ptr<TcpConnection> connection)
    : layer_(&layer), bound_(connection->local()), connection_(std::move(connection)) {}

TcpEndpoint::TcpEndpoint(TcpEndpoint&& other) noexcept = default;

TcpEndpoint& TcpEndpoint::operator=(TcpEndpoint&& other) noexcept {
  if (this == &other) return *this;
  close();
  layer_ = other.layer_;
  bound_ = std::exchange(other.bound_, {});
  observer_ = std::exchange(other.observer_, nullptr);
  no_delay_ = other.no_delay_;
  keep_alive_ = other.keep_alive_;
  user_timeout_ = other.user_timeout_;
  connection_ = std::move(other.connection_);
  listener_ = std::move(other.listener_);
  return *this;
}

Result<Done, TcpError> TcpEndpoint::bind(Endpoint local) {
  if (connection_ || listener_) return TcpError::InvalidArgument;
  bool const ours = local.address.is_unspecified() || layer_->network().is_local(local.address);
  if (!ours) return TcpError::AddressNotAvailable;
  bound_ = local;
  return Done{};
}

Result<Done, TcpError> TcpEndpoint::connect(Endpoint remote) {
  if (connection_ || listener_) return TcpError::AlreadyConnected;
  auto begun = layer_->connect(bound_, remote);
  if (!begun) return begun.error();
  connection_ = std::move(*begun);
  connection_->observe(observer_);
  connection_->set_no_delay(no_delay_);
  connection_->set_keep_alive(keep_alive_);
  if (user_timeout_) connection_->set_user_timeout(*user_timeout_);
  return Done{};
}

Result<Done, TcpError> TcpEndpoint::listen(unsigned backlog) {
  if (connection_ || listener_) return TcpError::AlreadyConnected;
  auto begun = layer_->listen(bound_, backlog);
  if (!begun) return begun.error();
  listener_ = std::move(*begun);
  listener_->observe(observer_);
  return Done{};
}

std::optional<TcpEndpoint> TcpEndpoint::accept() {
  if (!listener_) return std::nullopt;
  auto connection = listener_->take();
  if (!connection) return std::nullopt;
  return TcpEndpoint(*layer_, std::move(connection));
}

void TcpEndpoint::observe(TcpObserver* observer) {
  observer_ = observer;
  if (connection_) connection_->observe(observer);
  if (listener_) listener_->observe(observer);
}

Result<std::size_t, TcpError> TcpEndpoint::receive(MutableBytes into) {
  if (!connection_) return TcpError::NotConnected;
  return connection_->receive(into);
}

std::size_t TcpEndpoint::available() const { return connection_ ? connection_->available() : 0; }

Result<std::size_t, TcpError> TcpEndpoint::send(std::span<Bytes const> pieces) {
  if (!connection_) return TcpError::NotConnected;
  return connection_->send(pieces);
}

std::size_t TcpEndpoint::send_space() const { return connection_ ? connection_->send_space() : 0; }

Result<Done, TcpError> TcpEndpoint::shutdown_send() {
  if (!connection_) return TcpError::NotConnected;
  return connection_->shutdown_send();
}

void TcpEndpoint::close() {
  if (auto connection = std::exchange(connection_, nullptr)) {
    connection->close();
    layer_->retire(std::move(connection));
  }
  if (auto const listener = std::exchange(listener_, nullptr)) {
    listener->observe(nullptr);
    layer_->stop_listening(listener);
  }
  bound_ = {};
}

void TcpEndpoint::abort() {
  if (connection_) connection_->abort();
  close();
}

void TcpEndpoint::set_no_delay(bool no_delay) {
  no_delay_ = no_delay;
  if (connection_) connection_->set_no_delay(no_delay);
}

void TcpEndpoint::set_keep_alive(bool keep_alive) {
  keep_alive_ = keep_alive;
  if (connection_) connection_->set_keep_alive(keep_alive);
}

void TcpEndpoint::set_user_timeout(Duration timeout) {
  user_timeout_ = timeout;
  if (connection_) connection_->set_user_timeout(timeout);
}

TcpState TcpEndpoint::state() const {
  if (listener_) return TcpState::Listen;
  return connection_ ? connection_->state() : TcpState::Closed;
}

Endpoint TcpEndpoint::local() const {
  if (listener_) return listener_->local();
  return connection_ ? connection_->local() : bound_;
}

Endpoint TcpEndpoint::remote() const { return connection_ ? connection_->remote() : Endpoint{}; }

TcpInfo TcpEndpoint::info() const { return connection_ ? connection_->info() : TcpInfo{}; }

}  // namespace ringside::stack
