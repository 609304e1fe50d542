// Where a virtio device is found and told things (virtio 1.3, chapters 3 and 4).
#pragma once

#include <cstdint>
#include <functional>

#include "interface/base/bytes.hpp"
#include "interface/base/result.hpp"

namespace ringside {

enum class TransportError : std::uint8_t {
  NotFound,         // no virtio device of this type, or its capabilities contradict each other
  FeaturesRefused,  // the device did not keep FEATURES_OK
  QueueMissing,     // no such queue, or one of size 0
  VectorRefused,    // the device has no interrupt vector left for this source
  ResetTimeout,     // device_status did not return to 0
  Unsupported,      // this transport has no such setting
};

// Device addresses of one packed virtqueue (virtio 1.3, 2.8).
struct QueueLayout {
  std::uint16_t size = 0;           // descriptors, 1 to 32768
  std::uint64_t descriptors = 0;    // descriptor ring, 16 bytes each, 16-byte aligned
  std::uint64_t driver_events = 0;  // driver event suppression, 4 bytes, the device reads
  std::uint64_t device_events = 0;  // device event suppression, 4 bytes, the device writes
};

// Interrupt moderation of one queue: an interrupt after so many packets, or so long after the
// first, whichever comes first; either 0 means each packet at once (virtio 1.3, 5.1.6.5.7).
struct Moderation {
  std::uint32_t max_packets = 0;
  std::uint32_t max_usecs = 0;
  bool operator==(Moderation const&) const = default;
};

// Calls are made in the order of virtio 1.3, 3.1.1, from the host's Executor.
class VirtioTransport {
 public:
  virtual ~VirtioTransport() = default;

  // Ends whatever the device did before and waits, bounded, until it has.
  virtual Result<Done, TransportError> reset() = 0;

  // Sets ACKNOWLEDGE and DRIVER, then says what is on offer.
  virtual std::uint64_t offered_features() = 0;
  virtual Result<Done, TransportError> accept_features(std::uint64_t features) = 0;

  virtual std::uint16_t queue_count() = 0;
  virtual std::uint16_t max_queue_size(std::uint16_t queue) = 0;  // 0: absent
  virtual Result<Done, TransportError> enable_queue(std::uint16_t queue,
                                                    QueueLayout const& layout) = 0;

  virtual Result<Done, TransportError> on_interrupt(std::uint16_t queue,
                                                    std::function<void()> handler) = 0;
  virtual Result<Done, TransportError> on_config_change(std::function<void()> handler) = 0;

  virtual void driver_ok() = 0;
  virtual void fail() = 0;  // sets FAILED: the driver has given up
  virtual std::uint8_t status() = 0;

  // Tells the device that queue has new available buffers.
  virtual void notify(std::uint16_t queue) = 0;

  // Copies from the device configuration, consistently (config_generation is watched).
  virtual void read_config(std::uint32_t offset, MutableBytes into) = 0;

  virtual Result<Done, TransportError> set_moderation(std::uint16_t queue,
                                                      Moderation moderation) = 0;
};

}  // namespace ringside
