// One packed virtqueue from the driver's side (virtio 1.3, 2.8).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "driver/virtio/ring_memory.hpp"
#include "driver/virtio/ring_position.hpp"

namespace ringside::driver {

// A piece of memory within a buffer, mapped by the caller until the buffer comes back used.
struct RingElement {
  std::uint64_t address = 0;
  std::uint32_t length = 0;
  bool device_writes = false;  // all that the device reads comes before all that it writes
};

struct UsedBuffer {
  std::uint16_t id = 0;
  std::uint32_t length = 0;  // what the device says it wrote: not checked here
};

enum class AddError : std::uint8_t {
  Full,    // not enough free descriptors; some come free with the next used buffer
  Broken,  // the device broke the ring, or it is stopped
};

struct RingOptions {
  std::uint16_t size = 0;  // 1 to the capacity; need not be a power of two
  bool event_idx = false;
  bool indirect = false;
};

// Nothing in the ring is believed: what was made available is remembered in private, the device's
// answer is an id and a length, and an id that is not outstanding makes the ring `broken` for good
// (until the device is reset and the ring started again).
class PackedRing {
 public:
  // Buffers have at most `max_elements` elements. Memory for `capacity` descriptors is taken now.
  PackedRing(DmaMemory& memory, std::uint16_t capacity, std::uint16_t max_elements);

  // Begins a session with an empty ring and interrupts enabled. The device must be in reset.
  Result<Done, DmaError> start(RingOptions const& options);
  // Takes the ring away from the device. Buffers that were outstanding are simply forgotten.
  void stop();

  QueueLayout layout() const { return memory_.layout(options_.size); }
  std::uint16_t size() const { return options_.size; }
  std::uint16_t free_descriptors() const { return free_descriptors_; }
  std::uint16_t outstanding() const { return outstanding_; }  // buffers with the device
  std::uint64_t total_used() const { return total_used_; }    // since start: shows progress
  bool broken() const { return broken_; }
  bool running() const { return running_; }

  // Makes a buffer available and returns its id, below size(), which is in use until the buffer
  // comes back. More elements than one take an indirect table if that was negotiated.
  Result<std::uint16_t, AddError> add(std::span<RingElement const> elements);
  // Descriptors that a buffer of so many elements takes.
  std::uint16_t descriptors_for(std::size_t elements) const {
    return options_.indirect || elements == 0 ? 1 : static_cast<std::uint16_t>(elements);
  }

  // Whether the device wants to hear of what was added since the last time this was asked.
  bool notification_due();
  // Buffers that were added and about which no notification was due: the device might have missed
  // them. `announce()` says that it has been notified all the same.
  std::uint32_t unannounced() const { return unannounced_; }
  void announce() { unannounced_ = 0; }

  bool has_used() const;
  std::optional<UsedBuffer> take_used();

  void disable_interrupts();
  // From the next used buffer on, or only after three quarters of the outstanding ones. False if
  // buffers are used already: the device may have looked before, so no interrupt is to be expected.
  [[nodiscard]] bool enable_interrupts();
  [[nodiscard]] bool enable_interrupts_late();

 private:
  static constexpr std::uint16_t kNoId = 0xFFFF;  // ids end at 32767

  struct Buffer {
    std::uint16_t descriptors = 0;  // 0: not outstanding
    std::uint16_t next_free = kNoId;
  };

  void write_direct(std::uint16_t id, std::span<RingElement const> elements);
  void write_indirect(std::uint16_t id, std::span<RingElement const> elements);
  [[nodiscard]] bool enable_interrupts_at(RingPosition position);

  RingMemory memory_;
  std::uint16_t capacity_;
  std::uint16_t max_elements_;
  RingOptions options_;
  bool running_ = false;
  bool broken_ = false;

  std::vector<Buffer> buffers_;  // by id
  std::uint16_t free_id_ = kNoId;
  std::uint16_t free_descriptors_ = 0;
  std::uint16_t outstanding_ = 0;
  std::uint64_t total_used_ = 0;

  RingPosition next_available_;
  RingPosition next_used_;
  std::uint32_t undecided_ = 0;  // descriptors added since the last notification decision
  std::uint32_t unannounced_ = 0;
  std::uint16_t event_flags_ = layout::kEventEnable;  // what the device was told last
};

}  // namespace ringside::driver
