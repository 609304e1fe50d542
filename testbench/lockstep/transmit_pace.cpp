#include "testbench/lockstep/transmit_pace.hpp"

#include <algorithm>

namespace ringside::testbench::lockstep {

std::uint64_t TransmitPace::enter(bool silent) {
  packets_.emplace(next_, Packet{.silent = silent});
  return next_++;
}

// Of a session that is over no number is known.
void TransmitPace::read(std::uint64_t number, TimePoint at, std::int64_t steps) {
  auto const found = packets_.find(number);
  if (found == packets_.end()) return;
  found->second.read = at;
  found->second.steps = steps;
}

void TransmitPace::returned(std::uint64_t number, TimePoint at) {
  auto const found = packets_.find(number);
  if (found != packets_.end()) found->second.returned = at;
}

TimePoint TransmitPace::ready(std::uint64_t number) const {
  auto const asked = packets_.find(number);
  if (asked == packets_.end()) return kNever;
  auto const& [read, returned, steps, silent, forgotten] = asked->second;
  if (forgotten || read == kNever) return kNever;
  TimePoint from = read;
  for (auto const& [each, packet] : packets_) {
    if (each == number || (each > number && !packet.silent)) continue;
    if (packet.returned == kNever) return kNever;
    from = std::max(from, packet.returned);
  }
  return from + steps * kNicCycle;
}

// When the newest of those was given back still counts for the next.
void TransmitPace::forget(std::uint64_t number) {
  for (auto each = packets_.begin(); each != packets_.end() && each->first <= number; ++each) {
    each->second.forgotten = true;
  }
  while (packets_.size() > 1) {
    auto const oldest = packets_.begin();
    auto const second = std::next(oldest);
    if (!oldest->second.forgotten || oldest->second.returned == kNever) return;
    if (!second->second.forgotten || second->second.returned == kNever) return;
    second->second.returned = std::max(second->second.returned, oldest->second.returned);
    packets_.erase(oldest);
  }
}

}  // namespace ringside::testbench::lockstep
