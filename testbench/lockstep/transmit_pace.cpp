#include "testbench/lockstep/transmit_pace.hpp"

#include <algorithm>

namespace ringside::testbench::lockstep {

std::uint64_t TransmitPace::read(TimePoint at, std::int64_t steps) {
  unfinished_.push_back({at, steps});
  if (unfinished_.size() == 1) settle(at);
  return next_++;
}

void TransmitPace::returned(TimePoint at) {
  if (unfinished_.empty()) return;
  unfinished_.pop_front();
  if (!unfinished_.empty()) settle(at);
}

// The oldest can be worked on from then on.
void TransmitPace::settle(TimePoint from) {
  Unfinished const& oldest = unfinished_.front();
  ready_.push_back(std::max(from, oldest.read) + oldest.steps * kNicCycle);
}

TimePoint TransmitPace::ready(std::uint64_t number) const {
  std::uint64_t const index = number - first_;
  return number >= first_ && index < ready_.size() ? ready_[index] : kNever;
}

void TransmitPace::forget(std::uint64_t number) {
  for (; first_ <= number && !ready_.empty(); ++first_) ready_.pop_front();
}

}  // namespace ringside::testbench::lockstep
