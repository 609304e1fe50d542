// A passive open: connections that are half open or wait to be accepted.
#pragma once

#include <deque>
#include <memory>

#include "stack/header/ipv4_address.hpp"
#include "stack/transport/tcp/types.hpp"

namespace ringside::stack {

class TcpConnection;

class TcpListener {
 public:
  TcpListener(Endpoint local, unsigned backlog) : local_(local), backlog_(backlog) {}

  Endpoint local() const { return local_; }
  // One bound for both kinds, so that a completed handshake always finds its place.
  bool full() const { return half_open_ + ready_.size() >= backlog_; }
  bool closed() const { return closed_; }
  void close() { closed_ = true; }

  void half_opened() { ++half_open_; }
  void half_open_ended() { --half_open_; }
  void completed(std::shared_ptr<TcpConnection> connection) {
    --half_open_;
    ready_.push_back(std::move(connection));
  }
  std::shared_ptr<TcpConnection> take() {
    if (ready_.empty()) return nullptr;
    auto first = std::move(ready_.front());
    ready_.pop_front();
    return first;
  }

  void observe(TcpObserver* observer) { observer_ = observer; }
  TcpObserver* observer() const { return observer_; }

 private:
  Endpoint local_;
  std::size_t backlog_;
  std::size_t half_open_ = 0;
  std::deque<std::shared_ptr<TcpConnection>> ready_;
  TcpObserver* observer_ = nullptr;
  bool closed_ = false;
};

}  // namespace ringside::stack
