// Frames off the wire: sorts out bad ones, keeps the good ones while there is room, and says which
// receive queue each belongs to.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "interface/base/bytes.hpp"
#include "interface/layout/limits.hpp"
#include "model/device/clock.hpp"
#include "model/device/flow_control.hpp"
#include "model/device/frame_counters.hpp"
#include "model/device/mac_receiver.hpp"
#include "model/device/receive_hash.hpp"
#include "model/device/statistics.hpp"

namespace ringside::model {

// Why a frame is not good, if so (RFC 2819, etherStats): exactly one counter for each.
std::optional<Statistics::Counter> defect(ReceivedFrame const& frame);

// All counters that tell of a frame from the wire, but for what becomes of it.
void count_received(ReceivedFrame const& frame, CountSink const& count);

// The frame buffer that all receive queues share: 16-byte words, in which each frame begins with a
// word of its own. How full it is decides when the other end has to be stopped.
class FrameStorage {
 public:
  static constexpr std::size_t kBytes = 32768;

  explicit FrameStorage(FlowControl& flow) : flow_(flow) {}

  bool add(Bytes frame) {
    if (used_ + size_of(frame) > kBytes) return false;
    set_used(used_ + size_of(frame));
    return true;
  }
  void remove(Bytes frame) { set_used(used_ - size_of(frame)); }

 private:
  static std::size_t size_of(Bytes frame) { return (frame.size() + 15) / 16 * 16; }
  void set_used(std::size_t bytes) {
    used_ = bytes;
    flow_.set_level(used_);
  }

  FlowControl& flow_;
  std::size_t used_ = 0;
};

// How packets are spread over queue pairs (virtio 1.3, 5.1.6.4.3): by an indirection table, once
// there is one.
struct Steering {
  std::uint32_t hash_types = 0;
  HashKey key = layout::kDefaultHashKey;
  std::vector<std::uint16_t> table;  // pairs; its size is a power of two; empty: all to the first
  std::uint16_t unclassified = 0;    // the pair of packets without a hash

  std::uint16_t pair_of(Bytes frame) const;
};

class ReceivePort {
 public:
  ReceivePort(FrameStorage& storage, Statistics& statistics, FlowControl& flow, Clock const& clock)
      : storage_(storage), statistics_(statistics), flow_(flow), clock_(clock) {}

  // A good frame that finds room and is not for the MAC alone, without FCS. Counted, whatever
  // becomes of it.
  std::optional<std::vector<std::uint8_t>> accept(ReceivedFrame frame);

 private:
  FrameStorage& storage_;
  Statistics& statistics_;
  FlowControl& flow_;
  Clock const& clock_;
};

}  // namespace ringside::model
