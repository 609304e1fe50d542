// An Executor for unit tests: virtual time that moves only when work is run or CPU time is spent.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <functional>
#include <map>

#include "interface/seam/executor.hpp"

namespace ringside::test {

class VirtualExecutor final : public Executor {
 public:
  // A test that never comes to rest fails instead of hanging.
  static constexpr unsigned kMaxWorks = 2'000'000;

  TimePoint now() const override { return now_; }
  void post(Context context, UniqueFunction<void()> work) override {
    ready_[static_cast<std::size_t>(context)].push_back(std::move(work));
  }
  TimerId run_at(TimePoint when, Context context, UniqueFunction<void()> work) override {
    TimerId const id = ++last_timer_;
    timers_.emplace(std::pair(when, id), Timer{context, std::move(work)});
    return id;
  }
  void cancel(TimerId timer) override {
    std::erase_if(timers_, [timer](auto const& entry) { return entry.first.second == timer; });
  }
  void spend(Work work, std::uint64_t amount) override {
    spent_[static_cast<std::size_t>(work)] += amount;
    now_ += cost * static_cast<std::int64_t>(amount);
    if (outside_world) outside_world(work);
  }
  // Time that passes for another reason than work, such as a read over a bus.
  void spend_time(Duration length) { now_ += length; }

  // Runs all that is ready now. Returns how many works there were.
  unsigned run_ready() {
    unsigned count = 0;
    while (run_one()) {
      if (++count > kMaxWorks) {
        ADD_FAILURE() << "the executor does not come to rest";
        break;
      }
    }
    return count;
  }
  // Runs what is ready and due until `length` has passed.
  void run_for(Duration length) {
    TimePoint const end = now_ + length;
    run_ready();
    while (!timers_.empty() && timers_.begin()->first.first <= end) {
      now_ = std::max(now_, timers_.begin()->first.first);
      run_ready();
    }
    now_ = std::max(now_, end);
  }

  std::size_t pending_timers() const { return timers_.size(); }
  std::uint64_t spent(Work work) const { return spent_[static_cast<std::size_t>(work)]; }

  Duration cost = std::chrono::nanoseconds(10);  // of one unit of any work
  std::function<void(Work)> outside_world;       // what goes on while the CPU is busy

 private:
  struct Timer {
    Context context;
    UniqueFunction<void()> work;
  };

  bool run_one() {
    while (!timers_.empty() && timers_.begin()->first.first <= now_) {
      auto node = timers_.extract(timers_.begin());
      post(node.mapped().context, std::move(node.mapped().work));
    }
    for (auto& queue : ready_) {
      if (queue.empty()) continue;
      auto work = std::move(queue.front());
      queue.pop_front();
      work();
      return true;
    }
    return false;
  }

  TimePoint now_{};
  TimerId last_timer_ = kNoTimer;
  std::array<std::deque<UniqueFunction<void()>>, 3> ready_;
  std::map<std::pair<TimePoint, TimerId>, Timer> timers_;
  std::array<std::uint64_t, 7> spent_{};
};

}  // namespace ringside::test
