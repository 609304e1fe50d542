// When to try again after a device broke, and when to give it up.
#pragma once

#include <functional>

#include "driver/virtio/deferred_work.hpp"

namespace ringside::driver {

// The first attempt comes at once, each further one after twice the time; a device that breaks
// again soon after it was brought back goes on where its last recovery ended, so that one which
// never works for long is given up as well.
class Recovery {
 public:
  static constexpr unsigned kMaxAttempts = 8;
  static constexpr Duration kFirstDelay = std::chrono::milliseconds(1);
  static constexpr Duration kStable = std::chrono::seconds(1);  // as long as this is a fresh start

  // `attempt` returns whether the device works again. Both run in Context::Process.
  Recovery(Executor& executor, std::function<bool()> attempt, std::function<void()> give_up)
      : executor_(executor),
        attempt_(std::move(attempt)),
        give_up_(std::move(give_up)),
        work_(executor, Context::Process, [this] { run(); }) {}

  void begin() {
    if (executor_.now() - recovered_at_ >= kStable) attempts_ = 0;
    schedule();
  }
  void cancel() { work_.cancel(); }
  // Forgets earlier failures: the device is started anew by its owner.
  void forget() {
    cancel();
    attempts_ = 0;
  }

 private:
  void schedule() {
    Duration const delay = attempts_ == 0 ? Duration{0} : kFirstDelay * (1 << (attempts_ - 1));
    work_.schedule(delay);
  }

  void run() {
    if (attempts_ == kMaxAttempts) return give_up_();
    ++attempts_;
    if (!attempt_()) return schedule();
    recovered_at_ = executor_.now();
  }

  Executor& executor_;
  std::function<bool()> attempt_;
  std::function<void()> give_up_;
  unsigned attempts_ = 0;
  TimePoint recovered_at_{};
  DeferredWork work_;
};

}  // namespace ringside::driver
