// A timer on simulated time, in the shape of boost::asio::steady_timer.
#pragma once

#include <boost/asio/async_result.hpp>
#include <memory>

#include "stack/socket/operation.hpp"

namespace ringside::stack {

// One wait at a time. Destruction and a new expiry complete it with operation_aborted.
class WaitableTimer {
 public:
  using executor_type = HostContext::executor_type;

  explicit WaitableTimer(HostContext& context) : state_(std::make_shared<State>(context)) {}
  WaitableTimer(WaitableTimer&&) noexcept = default;
  WaitableTimer& operator=(WaitableTimer&&) noexcept = default;
  ~WaitableTimer() {
    if (state_) state_->cancel();
  }

  executor_type get_executor() const noexcept { return state_->context.get_executor(); }

  void expires_at(TimePoint when) {
    state_->cancel();
    state_->when = when;
  }
  void expires_after(Duration duration) { expires_at(state_->context.host().now() + duration); }
  void cancel() { state_->cancel(); }

  // Signature void(error_code).
  template <class Token>
  auto async_wait(Token&& token) {
    return boost::asio::async_initiate<Token, void(error_code)>(
        [](auto handler, std::shared_ptr<State> state) { state->wait(state, std::move(handler)); },
        token, state_);
  }

 private:
  struct State {
    explicit State(HostContext& host) : context(host) {}

    void wait(std::shared_ptr<State> const& self, Operation<>::Handler handler) {
      cancel();
      operation.start(std::move(handler), context.get_executor(), [weak = std::weak_ptr(self)] {
        if (auto const state = weak.lock()) state->cancel();
      });
      timer = context.host().run_at(when, Context::Process, [weak = std::weak_ptr(self)] {
        auto const state = weak.lock();
        if (state && state->operation.waiting()) state->operation.complete({});
      });
    }
    void cancel() {
      context.host().cancel(timer);
      timer = kNoTimer;
      if (operation.waiting()) operation.complete(boost::asio::error::operation_aborted);
    }

    HostContext& context;
    TimePoint when{};
    TimerId timer = kNoTimer;
    Operation<> operation;
  };

  std::shared_ptr<State> state_;
};

}  // namespace ringside::stack
