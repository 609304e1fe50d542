// From frames to the buffers of one receive queue: writes header and data, gives buffers back.
#pragma once

#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

#include "model/device/delivery.hpp"
#include "model/device/receive_port.hpp"
#include "model/device/session.hpp"
#include "model/device/statistics.hpp"
#include "model/device/virtqueue.hpp"

namespace ringside::model {

class ReceiveEngine {
 public:
  ReceiveEngine(HostMemory& memory, Session& session, Virtqueue& queue, FrameStorage& storage,
                Statistics& statistics)
      : memory_(memory),
        session_(session),
        queue_(queue),
        storage_(storage),
        statistics_(statistics) {}

  void set_rules(DeliveryRules const& rules) { rules_ = rules; }
  void set_checksum(bool told) { rules_.checksum = told; }
  // Whether memory may be used at all; without it frames are dropped as without buffers.
  void set_bus_master(bool allowed) { bus_master_ = allowed; }

  // A frame that the storage holds, for step(), and what is reported as its hash.
  void put(std::vector<std::uint8_t> frame, FlowHash const& hash) {
    frames_.push_back({std::move(frame), hash});
  }

  // Whether step() has something to do.
  bool ready() const;

  // Delivers the next few frames, or drops them for want of buffers. May wait for memory.
  Result<Done, DeviceError> step();

 private:
  static constexpr std::size_t kMostFrames = 32;  // of one step
  // Buffers fetched ahead: as many as one packet may need.
  static constexpr std::size_t kWindow = layout::kMaxReceiveBuffers;

  // What a step does with a frame, or with a buffer that stands in the way of frames.
  enum class Fate : std::uint8_t {
    NoBuffer,   // the frame is dropped; buffers stay
    Delivered,  // the frame is written to the buffers
    Refused,    // the frame is dropped because memory refused its bytes; the buffers go back empty
    Unfit,      // no frame can begin in this buffer, which goes back empty; no frame is touched
  };
  struct Plan {
    Fate fate = Fate::NoBuffer;
    std::size_t first_buffer = 0;  // in the queue's waiting buffers
    std::size_t buffers = 0;
    std::vector<std::uint8_t> bytes;  // header and frame
    std::size_t first_write = 0;      // its writes, in the list of the step
    std::size_t end_write = 0;
  };

  bool usable() const { return session_.live() && queue_.running() && bus_master_; }
  bool wants_buffers() const;
  void drop_all();
  Result<Done, DeviceError> reserve(Plan& plan, std::uint64_t needed);
  void add_writes(Plan& plan);
  Result<Done, DeviceError> finish();
  void add_used(Plan const& plan);

  HostMemory& memory_;
  Session& session_;
  Virtqueue& queue_;
  FrameStorage& storage_;
  Statistics& statistics_;
  DeliveryRules rules_;
  bool bus_master_ = false;
  struct Waiting {
    std::vector<std::uint8_t> bytes;  // without FCS
    FlowHash hash;
  };
  std::deque<Waiting> frames_;  // good ones
  // Of the step at work.
  std::vector<Plan> plans_;
  std::vector<HostMemory::Write> writes_;
  std::vector<Used> used_;
};

}  // namespace ringside::model
