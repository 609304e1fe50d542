#include "testbench/lockstep/counter_follower.hpp"

namespace ringside::testbench::lockstep {

void CounterFollower::add(Counter counter, TimePoint at, std::uint64_t amount) {
  Count& count = counts_[counter.index];
  count.total += amount;
  count.recent.push_back({at, amount});
  while (count.recent.front().at + patience_.counter + kAhead < at) count.recent.pop_front();
}

void CounterFollower::expect(Counter counter) {
  ++counts_[counter.index].total;
  ++counts_[counter.index].expected;
}

void CounterFollower::confirm(Counter counter, TimePoint at) {
  Count& count = counts_[counter.index];
  --count.expected;
  --count.total;
  add(counter, at);
}

void CounterFollower::lose_sight(std::initializer_list<Counter> counters) {
  for (Counter const counter : counters) counts_[counter.index].lost = true;
}

CounterFollower::Range CounterFollower::range_of(Count const& count, TimePoint at) const {
  std::uint64_t unsettled = count.expected;
  for (Event const& event : count.recent) {
    if (event.at + patience_.counter >= at) unsettled += event.amount;
  }
  return {count.total - unsettled, count.total};
}

CounterFollower::Range CounterFollower::range(Counter counter, TimePoint at) const {
  return range_of(counts_[counter.index], at);
}

std::string CounterFollower::compare(TimePoint at, std::size_t index, std::uint64_t value) const {
  Count const& count = counts_[index];
  Range const range = range_of(count, at);
  if (count.lost || (value >= range.least && value <= range.most)) return {};
  std::string expected = std::to_string(range.least);
  if (range.most != range.least) expected += " to " + std::to_string(range.most);
  return std::string(layout::kStatistics[index].name) + " is " + std::to_string(value) +
         ", reference: " + expected;
}

}  // namespace ringside::testbench::lockstep
