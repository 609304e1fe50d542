// The NIC's counters: what each must have counted, give or take what happened just now.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <initializer_list>
#include <string>

#include "interface/base/time.hpp"
#include "model/device/statistics.hpp"

namespace ringside::testbench::lockstep {

class CounterFollower {
 public:
  using Counter = model::Statistics::Counter;

  void add(Counter counter, TimePoint at, std::uint64_t amount = 1);

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
  // From what is seen at the pins to the counter, or the other way round.
  static constexpr Duration kSettling{2'000'000};
  struct Event {
    TimePoint at;
    std::uint64_t amount;
  };
  struct Count {
    std::uint64_t total = 0;
    std::deque<Event> recent;  // in it, and not long ago
    bool lost = false;
  };
  Range range_of(Count const& count, TimePoint at) const;

  std::array<Count, layout::kStatistics.size()> counts_{};
};

}  // namespace ringside::testbench::lockstep
