// The host as Boost.Asio sees it: an execution context whose work runs as the host's processes, in
// simulated time.
#pragma once

#include <boost/asio/execution.hpp>
#include <boost/asio/execution_context.hpp>
#include <set>
#include <utility>

#include "interface/seam/executor.hpp"

namespace ringside::stack {

class HostContext final : public boost::asio::execution_context {
 public:
  class executor_type;

  // Something that waits for the outside world, and what to do if that will never come.
  class Waiting {
   public:
    // Destroys the handler without calling it. May destroy this object.
    virtual void abandon() = 0;

   protected:
    ~Waiting() = default;
  };

  explicit HostContext(Executor& executor) : executor_(executor) {}

  // As io_context does: what still waits is destroyed, not called. That takes applications down,
  // with all that they own, so the transports must still be there.
  ~HostContext() {
    while (!waiting_.empty()) (*waiting_.begin())->abandon();
    shutdown();
  }

  void add(Waiting& waiting) { waiting_.insert(&waiting); }
  void remove(Waiting& waiting) { waiting_.erase(&waiting); }

  executor_type get_executor() noexcept;

  // The seam below: time, timers, and what CPU work costs.
  Executor& host() noexcept { return executor_; }

 private:
  Executor& executor_;
  std::set<Waiting*> waiting_;
};

// Never runs a function inside execute(): the host has one CPU, and what runs there ends first.
// Satisfies boost::asio::any_io_executor.
class HostContext::executor_type {
 public:
  explicit executor_type(HostContext& context) noexcept : context_(&context) {}

  template <class Function>
  void execute(Function&& function) const {
    context_->executor_.post(Context::Process,
                             UniqueFunction<void()>(std::forward<Function>(function)));
  }

  HostContext& query(boost::asio::execution::context_t) const noexcept { return *context_; }
  static constexpr boost::asio::execution::blocking_t query(
      boost::asio::execution::blocking_t) noexcept {
    return boost::asio::execution::blocking.never;
  }
  executor_type require(boost::asio::execution::blocking_t::never_t) const noexcept {
    return *this;
  }

  HostContext& context() const noexcept { return *context_; }
  bool operator==(executor_type const&) const noexcept = default;

 private:
  HostContext* context_;
};

inline HostContext::executor_type HostContext::get_executor() noexcept {
  return executor_type(*this);
}

}  // namespace ringside::stack
