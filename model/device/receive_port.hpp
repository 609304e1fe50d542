// Frames off the wire: sorts out bad ones, keeps the good ones while there is room.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "interface/base/bytes.hpp"
#include "interface/layout/limits.hpp"
#include "model/device/clock.hpp"
#include "model/device/flow_control.hpp"
#include "model/device/frame_counters.hpp"
#include "model/device/mac_receiver.hpp"
#include "model/device/receive_filter.hpp"
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

class ReceivePort {
 public:
  ReceivePort(FrameStorage& storage, Statistics& statistics, FlowControl& flow, Clock const& clock)
      : storage_(storage), statistics_(statistics), flow_(flow), clock_(clock) {}

  // What a driver wants of frames, while there is one.
  ReceiveFilter const& filter() const { return filter_; }
  void set_filter(ReceiveFilter filter) { filter_ = std::move(filter); }

  // A good frame that finds room, is not for the MAC alone and, while the device is `live`, is
  // wanted; without FCS. Counted, whatever becomes of it.
  std::optional<std::vector<std::uint8_t>> accept(ReceivedFrame frame, bool live);

 private:
  FrameStorage& storage_;
  Statistics& statistics_;
  FlowControl& flow_;
  Clock const& clock_;
  ReceiveFilter filter_;
};

}  // namespace ringside::model
