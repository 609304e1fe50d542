// From frames to receive buffers: sorts out bad frames, writes header and data, gives buffers back.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "model/device/mac_receiver.hpp"
#include "model/device/session.hpp"
#include "model/device/statistics.hpp"
#include "model/device/virtqueue.hpp"

namespace ringside::model {

// Why a frame is not good, if so (RFC 2819, etherStats): exactly one counter for each.
std::optional<Statistics::Counter> defect(ReceivedFrame const& frame);

class ReceiveEngine {
 public:
  ReceiveEngine(HostMemory& memory, Session& session, Virtqueue& queue, Statistics& statistics)
      : memory_(memory), session_(session), queue_(queue), statistics_(statistics) {}

  void set_mergeable(bool negotiated) { mergeable_ = negotiated; }
  // GUEST_CSUM: headers say which checksums are right.
  void set_checksum(bool negotiated) { checksum_ = negotiated; }
  // Whether memory may be used at all; without it frames are dropped as without buffers.
  void set_bus_master(bool allowed) { bus_master_ = allowed; }

  // A frame from the wire: counted, and kept for step() if it is good and there is room.
  void accept(ReceivedFrame frame);

  // Whether step() has something to do.
  bool ready() const;

  // Delivers the next few frames, or drops them for want of buffers. May wait for memory.
  Result<Done, DeviceError> step();

  static constexpr std::size_t kStorageBytes = 32768;

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
  Statistics& statistics_;
  bool mergeable_ = false;
  bool checksum_ = false;
  bool bus_master_ = false;
  std::deque<std::vector<std::uint8_t>> frames_;  // good ones, without FCS
  std::size_t stored_bytes_ = 0;
  // Of the step at work.
  std::vector<Plan> plans_;
  std::vector<HostMemory::Write> writes_;
  std::vector<Used> used_;
};

}  // namespace ringside::model
