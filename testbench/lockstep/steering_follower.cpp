#include "testbench/lockstep/steering_follower.hpp"

#include <algorithm>
#include <utility>

namespace ringside::testbench::lockstep {

namespace {

// From the pins to the hash, and from a setting to the pins that show it.
constexpr Duration kMomentToHash{1'000'000};

}  // namespace

void SteeringFollower::set(model::Steering steering, TimePoint at) {
  std::erase_if(former_, [&](Former const& former) { return former.until < at; });
  former_.push_back({std::move(steering_), kNever});
  steering_ = std::move(steering);
  set_at_ = at;
}

void SteeringFollower::settled(TimePoint at) {
  for (Former& former : former_) {
    if (former.until == kNever) former.until = at + kMomentToHash;
  }
}

void SteeringFollower::add_hash(Arrival& frame, model::Steering const& steering) {
  model::FrameHashes const hashes = steering.hashes_of(frame.bytes);
  auto const known = std::find(frame.hashes.begin(), frame.hashes.end(), hashes);
  if (known == frame.hashes.end()) frame.hashes.push_back(hashes);
}

void SteeringFollower::add_pairs(Arrival& frame, model::Steering const& steering) {
  for (auto const& hashes : frame.hashes) frame.pairs |= 1U << steering.pair_of(hashes);
}

void SteeringFollower::look_at(Arrival& frame) const {
  TimePoint const start = frame.start();
  add_hash(frame, steering_);
  for (Former const& former : former_) {
    if (former.until > start) add_hash(frame, former.steering);
  }
  add_pairs(frame, steering_);
  for (Former const& former : former_) {
    if (former.until > start) add_pairs(frame, former.steering);
  }
}

void SteeringFollower::changed_for(Arrival& frame) const {
  if (frame.start() + kMomentToHash >= set_at_) add_hash(frame, steering_);
  add_pairs(frame, steering_);
}

}  // namespace ringside::testbench::lockstep
