// The NIC's counters: what each must have counted, give or take what happened just now.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <initializer_list>
#include <string>

#include "interface/base/time.hpp"
#include "model/device/statistics.hpp"
#include "testbench/lockstep/patience.hpp"

namespace ringside::testbench::lockstep {

class CounterFollower {
 public:
  using Counter = model::Statistics::Counter;

  explicit CounterFollower(Patience const& patience) : patience_(patience) {}

  void add(Counter counter, TimePoint at, std::uint64_t amount = 1);
  // The same, of something that the RTL may count much later; until then it may have or not.
  void expect(Counter counter);
  void confirm(Counter counter, TimePoint at);

  // What these count hangs on cycles that nobody sees, from now on.
  void lose_sight(std::initializer_list<Counter> counters);
  bool known(Counter counter) const { return !counts_[counter.index].lost; }

  // What a counter may say at that time.
  struct Range {
    std::uint64_t least;
    std::uint64_t most;
  };
  Range range(Counter counter, TimePoint at) const;
  // Empty if it may say that; `index` as in the layout.
  std::string compare(TimePoint at, std::size_t index, std::uint64_t value) const;

 private:
  // What passes a wire is told ahead of its time, whole frames at once: by less than this.
  static constexpr Duration kAhead{20'000'000};
  struct Event {
    TimePoint at;
    std::uint64_t amount;
  };
  struct Count {
    std::uint64_t total = 0;
    std::deque<Event> recent;    // in it, and not long ago
    std::uint64_t expected = 0;  // in it, and not confirmed
    bool lost = false;
  };
  Range range_of(Count const& count, TimePoint at) const;

  Patience const& patience_;
  std::array<Count, layout::kStatistics.size()> counts_{};
};

}  // namespace ringside::testbench::lockstep
