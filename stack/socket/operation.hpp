// One asynchronous operation that waits: its handler, called once, on the handler's own executor.
#pragma once

#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/system/error_code.hpp>
#include <optional>
#include <tuple>
#include <utility>

#include "stack/socket/host_context.hpp"

namespace ringside::stack {

using boost::system::error_code;

template <class... Results>
class Operation final : private HostContext::Waiting {
 public:
  using Handler = boost::asio::any_completion_handler<void(error_code, Results...)>;

  Operation() = default;
  Operation(Operation const&) = delete;
  Operation& operator=(Operation const&) = delete;
  ~Operation() {
    if (waiting()) host_->context().remove(*this);
  }

  bool waiting() const { return handler_.has_value(); }

  // `cancel` runs when the handler's cancellation slot is emitted while the operation waits.
  template <class Cancel>
  void start(Handler handler, HostContext::executor_type host, Cancel cancel) {
    handler_.emplace(std::move(handler));
    host_ = host;
    executor_ = executor_of(*handler_, host);
    host.context().add(*this);
    auto slot = boost::asio::get_associated_cancellation_slot(*handler_);
    if (slot.is_connected()) {
      slot.assign([cancel](boost::asio::cancellation_type type) {
        if (type != boost::asio::cancellation_type::none) cancel();
      });
    }
  }

  // Posts the handler: it never runs inside the caller.
  void complete(error_code error, Results... results) {
    Handler handler = take();
    auto slot = boost::asio::get_associated_cancellation_slot(handler);
    if (slot.is_connected()) slot.clear();
    post(*host_, std::exchange(executor_, {}), std::move(handler), error, std::move(results)...);
  }

  // For an operation that need not wait.
  static void complete_now(Handler handler, HostContext::executor_type host, error_code error,
                           Results... results) {
    auto executor = executor_of(handler, host);
    post(host, std::move(executor), std::move(handler), error, std::move(results)...);
  }

 private:
  Handler take() {
    host_->context().remove(*this);
    Handler handler(std::move(*handler_));
    handler_.reset();
    return handler;
  }

  // The handler may own what owns this.
  void abandon() override { Handler const last = take(); }

  // The handler's executor, kept at work while the operation is under way.
  static boost::asio::any_completion_executor executor_of(Handler const& handler,
                                                          HostContext::executor_type host) {
    return boost::asio::prefer(
        boost::asio::get_associated_executor(handler, boost::asio::any_completion_executor(host)),
        boost::asio::execution::outstanding_work.tracked);
  }

  // Out of the present call by way of the host, then to the executor that the handler asks for.
  static void post(HostContext::executor_type host, boost::asio::any_completion_executor executor,
                   Handler handler, error_code error, Results... results) {
    auto call = [handler = std::move(handler), error,
                 arguments = std::make_tuple(std::move(results)...)]() mutable {
      std::apply([&](auto&... values) { std::move(handler)(error, std::move(values)...); },
                 arguments);
    };
    host.execute([executor = std::move(executor), call = std::move(call)]() mutable {
      boost::asio::dispatch(executor, std::move(call));
    });
  }

  // Not assigned but made anew: assignment of Asio 1.26's any_completion_handler never returns.
  std::optional<Handler> handler_;
  std::optional<HostContext::executor_type> host_;
  boost::asio::any_completion_executor executor_;
};

}  // namespace ringside::stack
