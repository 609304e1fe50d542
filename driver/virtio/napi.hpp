// One NAPI instance: an interrupt schedules a poll, and polls repeat until the work is done.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "interface/seam/executor.hpp"

namespace ringside::driver {

// At most one poll is pending, however many interrupts arrive. A poll that used up its budget goes
// to the end of the softirq line, so that other work gets its turn.
class Napi {
 public:
  // `poll` returns whether there is (or may be) more to do.
  Napi(Executor& executor, UniqueFunction<bool()> poll)
      : executor_(executor), poll_(std::move(poll)) {}
  Napi(Napi const&) = delete;
  Napi& operator=(Napi const&) = delete;

  bool scheduled() const { return scheduled_; }

  void schedule() {
    if (scheduled_) return;
    scheduled_ = true;
    post();
  }

  // Forgets a pending poll: it finds an old session and does nothing.
  void cancel() {
    scheduled_ = false;
    ++session_;
  }

 private:
  void post() {
    std::weak_ptr<char const> alive = alive_;
    executor_.post(Context::Softirq, [this, alive = std::move(alive), session = session_] {
      if (!alive.expired() && session == session_) run();
    });
  }

  void run() {
    executor_.spend(Work::SoftirqEntry);
    std::uint64_t const session = session_;
    bool const more = poll_();
    if (session != session_) return;  // cancelled from within
    scheduled_ = more;
    if (more) post();
  }

  Executor& executor_;
  UniqueFunction<bool()> poll_;
  bool scheduled_ = false;
  std::uint64_t session_ = 0;
  // Posted work cannot be taken back from the executor; it asks this whether we still exist.
  std::shared_ptr<char const> alive_ = std::make_shared<char const>('\0');
};

}  // namespace ringside::driver
