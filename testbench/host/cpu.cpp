#include "testbench/host/cpu.hpp"

#include <cassert>
#include <utility>

namespace ringside::testbench {

Cpu::Cpu(sc_core::sc_module_name name, Timeline& timeline, CostModel const& cost)
    : sc_module(name), timeline_(timeline), origin_(timeline.add_origin()), cost_(cost) {
  SC_HAS_PROCESS(Cpu);
  SC_THREAD(run);
  set_stack_size(kStackBytes);
}

void Cpu::halt() {
  halted_ = true;
  // What is destroyed may post and cancel.
  auto const timers = std::exchange(timers_, {});
  auto const due = std::exchange(due_, {});
  auto const ready = std::exchange(ready_, {});
  if (!idle_) resume_.notify();
}

void Cpu::post(Context context, UniqueFunction<void()> work) {
  if (halted_) return;
  ready_[static_cast<std::size_t>(context)].push_back(std::move(work));
  wake();
}

// An idle CPU takes its turn as an event of its own, at the present time.
void Cpu::wake() {
  if (!idle_ || wake_pending_) return;
  wake_pending_ = true;
  timeline_.at(present(), origin_, [this] {
    wake_pending_ = false;
    if (idle_) timeline_.yield_to(resume_);
  });
}

TimerId Cpu::run_at(TimePoint when, Context context, UniqueFunction<void()> work) {
  TimerId const id = ++last_timer_;
  if (halted_) return id;
  timers_.emplace(std::pair{when, id}, Timer{when, context, std::move(work)});
  timer_times_.emplace(id, when);
  arm();
  return id;
}

void Cpu::cancel(TimerId timer) {
  due_.erase(timer);
  auto const found = timer_times_.find(timer);
  if (found == timer_times_.end()) return;
  timers_.erase({found->second, timer});
  timer_times_.erase(found);
}

// One event stands for the earliest timer; a later one is armed when it comes.
void Cpu::arm() {
  if (timers_.empty()) return;
  TimePoint const first = std::max(timers_.begin()->first.first, present());
  if (first >= armed_) return;
  armed_ = first;
  timeline_.at(first, origin_, [this, first] {
    if (armed_ != first) return;
    armed_ = kNever;
    expire();
  });
}

void Cpu::expire() {
  while (!timers_.empty() && timers_.begin()->first.first <= present()) {
    auto node = timers_.extract(timers_.begin());
    TimerId const id = node.key().second;
    timer_times_.erase(id);
    due_.emplace(id, std::move(node.mapped().work));
    post(node.mapped().context, [this, id] {
      auto due = due_.extract(id);
      if (!due.empty()) due.mapped()();
    });
  }
  arm();
}

void Cpu::spend(Work work, std::uint64_t amount) {
  Duration const duration = cost_.of(work) * static_cast<std::int64_t>(amount);
  if (halted_ || duration == Duration{0}) return;
  spent_[static_cast<std::size_t>(work)] += duration;
  timeline_.at(present() + duration, origin_, [this] { continue_work(); });
  stall();
}

void Cpu::stall() {
  assert(!idle_);
  wait(resume_);
}

void Cpu::continue_work() { timeline_.yield_to(resume_); }

bool Cpu::run_next() {
  for (auto& queue : ready_) {
    if (queue.empty()) continue;
    UniqueFunction<void()> work = std::move(queue.front());
    queue.pop_front();
    work();
    return true;
  }
  return false;
}

void Cpu::run() {
  for (;;) {
    wait(resume_);
    idle_ = false;
    TimePoint const begin = present();
    while (run_next()) {
    }
    busy_ += present() - begin;
    idle_ = true;
  }
}

}  // namespace ringside::testbench
