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
    wait(to_sc_time(heap_.front().when - present()), earlier_);
  }
  sleeping_ = false;
}

void Timeline::dispatch() {
  wait(sc_core::SC_ZERO_TIME);  // every process has reached its first wait
  while (!stopping_) {
    if (heap_.empty() || heap_.front().when > present()) {
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
