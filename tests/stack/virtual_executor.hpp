// Executor for tests: virtual time that passes only from event to event, one order, no CPU cost
// unless a price is set.
#pragma once

#include <array>
#include <cassert>
#include <cstdint>
#include <deque>
#include <map>
#include <unordered_map>
#include <utility>

#include "interface/seam/executor.hpp"

namespace ringside::stack {

// Several hosts of one test may share it; their work then interleaves in the order of posting.
class VirtualExecutor final : public Executor {
 public:
  TimePoint now() const override { return now_; }

  void post(Context context, UniqueFunction<void()> work) override {
    ready_[static_cast<std::size_t>(context)].push_back(std::move(work));
  }

  TimerId run_at(TimePoint when, Context context, UniqueFunction<void()> work) override {
    TimerId const id = ++last_timer_;
    timers_.emplace(std::pair{when, id}, Timer{context, std::move(work)});
    timer_times_.emplace(id, when);
    return id;
  }

  void cancel(TimerId timer) override {
    auto const found = timer_times_.find(timer);
    if (found == timer_times_.end()) return;
    timers_.erase({found->second, timer});
    timer_times_.erase(found);
  }

  void spend(Work work, std::uint64_t amount = 1) override {
    auto const kind = static_cast<std::size_t>(work);
    spent_[kind] += amount;
    now_ += price_[kind] * static_cast<std::int64_t>(amount);
  }

  // From now on one unit of `work` takes this long; by default it takes no time.
  void set_price(Work work, Duration price) { price_[static_cast<std::size_t>(work)] = price; }
  std::uint64_t spent(Work work) const { return spent_[static_cast<std::size_t>(work)]; }

  // Runs all that is due up to and including `end`, then stands at `end`. Returns how many works
  // ran.
  std::size_t run_until(TimePoint end) {
    std::size_t count = 0;
    while (step(end)) ++count;
    if (now_ < end) now_ = end;
    return count;
  }
  std::size_t run_for(Duration duration) { return run_until(now_ + duration); }

  // Runs until nothing is left. More than `limit` works means that something never ends: false.
  bool run_until_idle(std::size_t limit = 10'000'000) {
    for (std::size_t count = 0; count < limit; ++count) {
      if (!step(kNever)) return true;
    }
    return idle();
  }

  bool idle() const { return timers_.empty() && !something_ready(); }
  std::size_t timers() const { return timers_.size(); }
  // When the next timer runs; kNever without one.
  TimePoint next_timer() const { return timers_.empty() ? kNever : timers_.begin()->first.first; }

 private:
  struct Timer {
    Context context;
    UniqueFunction<void()> work;
  };

  bool something_ready() const {
    for (auto const& queue : ready_) {
      if (!queue.empty()) return true;
    }
    return false;
  }

  void expire_timers() {
    while (!timers_.empty() && timers_.begin()->first.first <= now_) {
      auto node = timers_.extract(timers_.begin());
      timer_times_.erase(node.key().second);
      post(node.mapped().context, std::move(node.mapped().work));
    }
  }

  bool step(TimePoint end) {
    expire_timers();
    if (!something_ready()) {
      TimePoint const next = next_timer();
      if (next == kNever || next > end) return false;
      now_ = next;
      expire_timers();
    }
    for (auto& queue : ready_) {
      if (queue.empty()) continue;
      UniqueFunction<void()> work = std::move(queue.front());
      queue.pop_front();
      assert(!running_ && "work runs to completion");
      running_ = true;
      work();
      running_ = false;
      return true;
    }
    return false;
  }

  TimePoint now_{};
  bool running_ = false;
  std::array<std::deque<UniqueFunction<void()>>, 3> ready_;
  std::map<std::pair<TimePoint, TimerId>, Timer> timers_;
  std::unordered_map<TimerId, TimePoint> timer_times_;
  TimerId last_timer_ = kNoTimer;
  std::array<std::uint64_t, 7> spent_{};
  std::array<Duration, 7> price_{};
};

}  // namespace ringside::stack
