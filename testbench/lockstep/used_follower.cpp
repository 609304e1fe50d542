#include "testbench/lockstep/used_follower.hpp"

#include <algorithm>

namespace ringside::testbench::lockstep {

using model::kDescriptorBytes;
using model::UsedWriter;

void UsedFollower::start(model::QueueSettings const& queue) {
  queue_ = queue;
  position_ = {};
  slots_ = 0;
  expected_.clear();
}

bool UsedFollower::claims(std::uint64_t address, std::size_t size) const {
  std::uint64_t const offset = address - queue_.descriptors;
  return address >= queue_.descriptors && offset < std::uint64_t{queue_.size} * kDescriptorBytes &&
         offset % kDescriptorBytes == UsedWriter::kOffset && size == sizeof(UsedWriter::Encoded);
}

// A driver that sees the first buffer of a packet must find the others: it is written last.
void UsedFollower::expect(std::span<model::Used const> packet) {
  for (model::Used const& used : packet) {
    std::uint64_t const slot = queue_.descriptors + position_.offset * kDescriptorBytes;
    expected_.push_back({slot + UsedWriter::kOffset, UsedWriter::encode(used, position_.wrap)});
    position_.advance(used.slots, queue_.size);
    slots_ += used.slots;
  }
  std::rotate(expected_.begin(), expected_.begin() + 1, expected_.end());
}

std::string UsedFollower::take(std::uint64_t address, Bytes bytes) {
  Expected const expected = expected_.front();
  expected_.pop_front();
  bool const same =
      expected.address == address &&
      std::equal(bytes.begin(), bytes.end(), expected.bytes.begin(), expected.bytes.end());
  if (same) return {};
  return "a used descriptor at " + hex(address) + ", " + hex_bytes(bytes.data(), bytes.size()) +
         "; reference: " + hex(expected.address) + ", " +
         hex_bytes(expected.bytes.data(), expected.bytes.size());
}

}  // namespace ringside::testbench::lockstep
