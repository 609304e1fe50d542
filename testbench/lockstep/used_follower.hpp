// The used descriptors of one queue, each compared with what the reference would write there
// (virtio 1.3, 2.8.6).
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <span>
#include <string>

#include "model/device/used_writer.hpp"
#include "testbench/lockstep/judge.hpp"

namespace ringside::testbench::lockstep {

class UsedFollower {
 public:
  void start(model::QueueSettings const& queue);

  // Whether this is the part of a slot that a device writes.
  bool claims(std::uint64_t address, std::size_t size) const;

  // The buffers of the packet that goes back next; `expects()` none before.
  bool expects() const { return !expected_.empty(); }
  void expect(std::span<model::Used const> packet);

  // Compares with the oldest that is expected. Empty if it is that, else what differs.
  std::string take(std::uint64_t address, Bytes bytes);

  // Slots that have gone back since the start, what is expected included.
  std::uint64_t slots() const { return slots_; }

 private:
  struct Expected {
    std::uint64_t address;
    model::UsedWriter::Encoded bytes;
  };
  model::QueueSettings queue_;
  model::RingPosition position_;
  std::uint64_t slots_ = 0;
  std::deque<Expected> expected_;
};

}  // namespace ringside::testbench::lockstep
