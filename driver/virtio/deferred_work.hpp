// One piece of work that runs later, at most once at a time, and not at all once this is destroyed.
#pragma once

#include <utility>

#include "interface/seam/executor.hpp"

namespace ringside::driver {

class DeferredWork {
 public:
  DeferredWork(Executor& executor, Context context, UniqueFunction<void()> work)
      : executor_(executor), context_(context), work_(std::move(work)) {}
  DeferredWork(DeferredWork const&) = delete;
  DeferredWork& operator=(DeferredWork const&) = delete;
  ~DeferredWork() { cancel(); }

  // Work that is scheduled already stays where it is.
  void schedule(Duration delay) {
    if (scheduled()) return;
    timer_ = executor_.run_at(executor_.now() + delay, context_, [this] {
      timer_ = kNoTimer;
      work_();
    });
  }
  void cancel() { executor_.cancel(std::exchange(timer_, kNoTimer)); }
  bool scheduled() const { return timer_ != kNoTimer; }

 private:
  Executor& executor_;
  Context context_;
  UniqueFunction<void()> work_;
  TimerId timer_ = kNoTimer;
};

}  // namespace ringside::driver
