// One restartable timer on an Executor, in softirq context.
#pragma once

#include <memory>

#include "interface/seam/executor.hpp"

namespace ringside::stack {

// Putting off a running timer costs nothing: it is armed again only when its old time comes.
class Timer {
 public:
  Timer(Executor& executor, UniqueFunction<void()> expired)
      : executor_(executor), expired_(std::move(expired)) {}
  Timer(Timer const&) = delete;
  Timer& operator=(Timer const&) = delete;
  ~Timer() { stop(); }

  void start(Duration delay) {
    deadline_ = executor_.now() + delay;
    if (running() && armed_for_ <= deadline_) return;
    stop();
    arm();
  }
  void stop() {
    if (!running()) return;
    executor_.cancel(id_);
    id_ = kNoTimer;
    ++*generation_;
  }
  bool running() const { return id_ != kNoTimer; }
  TimePoint deadline() const { return deadline_; }

 private:
  // An executor may have queued the work already when it is cancelled; the generation tells, even
  // when this timer is gone.
  void arm() {
    armed_for_ = deadline_;
    id_ = executor_.run_at(deadline_, Context::Softirq,
                           [this, alive = generation_, generation = *generation_] {
                             if (*alive == generation) fire();
                           });
  }
  void fire() {
    id_ = kNoTimer;
    ++*generation_;
    if (executor_.now() < deadline_) {
      arm();
    } else {
      expired_();
    }
  }

  Executor& executor_;
  UniqueFunction<void()> expired_;
  std::shared_ptr<std::uint64_t> generation_ = std::make_shared<std::uint64_t>(0);
  TimerId id_ = kNoTimer;
  TimePoint deadline_{};
  TimePoint armed_for_{};
};

}  // namespace ringside::stack
