// What one queue's reads of descriptors showed the device: judged in the order in which they were
// asked for, by the rules that rtl/virtio/README.md states.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "testbench/lockstep/chain_follower.hpp"
#include "testbench/lockstep/judge.hpp"

namespace ringside::testbench::lockstep {

class RingFollower {
 public:
  RingFollower(Judge& judge, Topic topic) : judge_(judge), topic_(topic) {}

  void start(model::QueueSettings const& queue, model::DescriptorFetch::Rules rules);
  void stop() { running_ = broken_ = false; }
  // The ring is not read on; but tables that it named before may still be.
  void stop_at_error() {
    running_ = false;
    broken_ = true;
  }
  bool running() const { return running_; }

  bool overlaps(std::uint64_t address, std::uint64_t length) const {
    return address - queue_.descriptors < std::uint64_t{queue_.size} * model::kDescriptorBytes ||
           queue_.descriptors - address < length;
  }

  // A burst of the descriptor client begins. Return whether it is one of this queue.
  bool table_read_begun(TimePoint at, std::uint64_t address, std::uint32_t size, std::uint32_t tag);
  bool ring_read_begun(TimePoint at, std::uint64_t address, std::uint32_t size, std::uint32_t tag);
  // Returns whether it is one of this queue's, and what the device must give up for, if so.
  struct Outcome {
    bool mine = false;
    std::optional<model::DeviceError> error;
  };
  Outcome read_beat(std::uint32_t tag, Bytes bytes, bool ok, bool last);

  ChainFollower& chains() { return chains_; }
  std::deque<Element>& elements() { return chains_.elements(); }

 private:
  struct Read {
    std::uint32_t tag;
    std::uint64_t address;          // of the next beat
    std::optional<unsigned> table;  // of the ring otherwise
    bool forgotten;                 // void: an earlier descriptor was not available
  };
  std::optional<model::DeviceError> judge_slot(Bytes descriptor);
  void advance(std::uint16_t& slot, std::uint32_t count) const {
    slot = static_cast<std::uint16_t>((slot + count) % queue_.size);
  }

  Judge& judge_;
  Topic topic_;
  model::QueueSettings queue_;
  bool running_ = false;
  bool broken_ = false;
  ChainFollower chains_;
  model::RingPosition position_;        // of the next descriptor to judge
  std::uint16_t ask_ = 0;               // the slot that the next read begins with
  std::optional<std::uint16_t> stale_;  // or one that was asked for before the last stop
  bool again_ = false;                  // a later element of a chain is being looked at once more
  std::deque<Read> reads_;              // on their way, oldest first
};

}  // namespace ringside::testbench::lockstep
