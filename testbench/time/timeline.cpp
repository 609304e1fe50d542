#include "testbench/time/timeline.hpp"

#include <algorithm>
#include <cassert>

namespace ringside::testbench {

Timeline::Timeline(sc_core::sc_module_name name) : sc_module(name) {
  SC_HAS_PROCESS(Timeline);
  SC_THREAD(dispatch);
}

void Timeline::at(TimePoint when, Origin origin, UniqueFunction<void()> event) {
  assert(when >= present());
  assert(origin < origins_);
  sequences_.resize(origins_);
  bool const wakes = sleeping_ && (heap_.empty() || when < heap_.front().when);
  heap_.push_back({when, origin, sequences_[origin]++, std::move(event)});
  std::push_heap(heap_.begin(), heap_.end(), Later{});
  if (wakes) earlier_.notify(sc_core::SC_ZERO_TIME);
}

void Timeline::yield_to(sc_core::sc_event& resume) {
  resume.notify();
  wait(sc_core::SC_ZERO_TIME);
}

void Timeline::sleep() {
  sleeping_ = true;
  if (heap_.empty()) {
    wait(earlier_);
  } else {
    wait(to_sc_time(heap_.front().when - kernel_time()), earlier_);
  }
  sleeping_ = false;
}

// A process that waits in the kernel costs a hundred times an event. So an event that no process
// can come before is run at once, and its time is the present before the kernel gets there.
bool Timeline::reach(TimePoint when) {
  if (when <= present()) return true;
  if (keeps_to_kernel_ || when >= limit_) return false;
  sc_core::sc_time const free = sc_core::sc_time_to_pending_activity();
  if (to_sc_time(when - kernel_time()) >= free) return false;
  detail::event_time = when;
  return true;
}

void Timeline::advance(Duration duration) {
  limit_ = kernel_time() + duration;
  sc_core::sc_start(to_sc_time(duration));
}

void Timeline::dispatch() {
  wait(sc_core::SC_ZERO_TIME);  // every process has reached its first wait
  while (!stopping_) {
    if (heap_.empty() || !reach(heap_.front().when)) {
      sleep();
      continue;
    }
    std::pop_heap(heap_.begin(), heap_.end(), Later{});
    UniqueFunction<void()> run = std::move(heap_.back().run);
    heap_.pop_back();
    ++executed_;
    run();
  }
  sc_core::sc_stop();
}

}  // namespace ringside::testbench
