#include "testbench/lockstep/ring_follower.hpp"

#include <algorithm>

namespace ringside::testbench::lockstep {

using model::DeviceError;
using model::kDescriptorBytes;

void RingFollower::start(model::QueueSettings const& queue, model::DescriptorFetch::Rules rules) {
  queue_ = queue;
  running_ = true;
  broken_ = false;
  chains_.start(queue.size, rules);
  position_ = {};
  ask_ = 0;
  stale_.reset();
  again_ = false;
  reads_.clear();
}

bool RingFollower::table_read_begun(TimePoint at, std::uint64_t address, std::uint32_t size,
                                    std::uint32_t tag) {
  if (!running_ && !broken_) return false;
  auto* const table = chains_.asked_at(address);
  if (table == nullptr) return false;
  judge_.note(Side::Rtl, at, topic_, "reads an indirect table at", address, size);
  table->asked += size;
  reads_.push_back({tag, address, table->number, false});
  return true;
}

bool RingFollower::ring_read_begun(TimePoint at, std::uint64_t address, std::uint32_t size,
                                   std::uint32_t tag) {
  if (!running_ || !overlaps(address, 1)) return false;
  judge_.note(Side::Rtl, at, topic_, "reads descriptors at", address, size);
  auto const slot = static_cast<std::uint16_t>((address - queue_.descriptors) / kDescriptorBytes);
  std::uint32_t const count = size / kDescriptorBytes;
  bool const whole = (address - queue_.descriptors) % kDescriptorBytes == 0 &&
                     size % kDescriptorBytes == 0 && slot + count <= queue_.size;
  bool const forgotten = slot != ask_ && stale_ == slot;
  if (!whole || (slot != ask_ && !forgotten)) {
    judge_.differ(at, topic_,
                  "a read of " + std::to_string(size) + " bytes at " + hex(address) + ", slot " +
                      std::to_string(slot) + ", where slot " + std::to_string(ask_) + " is next");
    return true;
  }
  reads_.push_back({tag, address, std::nullopt, forgotten});
  if (forgotten) {
    advance(*stale_, count);
  } else {
    advance(ask_, count);
    stale_.reset();
  }
  return true;
}

RingFollower::Outcome RingFollower::read_beat(std::uint32_t tag, Bytes bytes, bool ok, bool last) {
  auto const found =
      std::find_if(reads_.begin(), reads_.end(), [&](Read const& read) { return read.tag == tag; });
  if (found == reads_.end()) return {};
  Outcome outcome{true, std::nullopt};
  Read& read = *found;
  if (broken_ && read.table && ok) {
    // Whatever is wrong in it, too, has no consequence any more.
    static_cast<void>(chains_.add_to_table(*read.table, read.address, bytes));
  } else if (running_ && !read.forgotten) {
    if (!ok) {
      outcome.error = DeviceError::RingRefused;
    } else if (read.table) {
      auto const added = chains_.add_to_table(*read.table, read.address, bytes);
      if (!added) outcome.error = added.error();
    } else {
      outcome.error = judge_slot(bytes);
    }
  }
  read.address += bytes.size();
  if (last) reads_.erase(found);
  return outcome;
}

// The rest of what is on its way is forgotten at the first descriptor that is not available. A
// later element of a chain may have been looked at before its head was there: it gets a second
// look.
std::optional<DeviceError> RingFollower::judge_slot(Bytes bytes) {
  auto const descriptor = model::load_descriptor(bytes.data());
  if (model::is_available(descriptor.flags, position_.wrap)) {
    again_ = false;
    position_.advance(1, queue_.size);
    auto const added = chains_.add(descriptor);
    if (!added) return added.error();
    return std::nullopt;
  }
  if (chains_.in_chain() && again_) return DeviceError::ChainTorn;
  again_ = chains_.in_chain();
  for (Read& read : reads_) read.forgotten = read.forgotten || !read.table;
  stale_ = ask_;
  ask_ = position_.offset;
  return std::nullopt;
}

}  // namespace ringside::testbench::lockstep
