// When one queue interrupts the driver: moderation says when to think of it, the driver's event
// suppression area whether to do it.
#pragma once

#include <cstdint>

#include "model/device/event_suppression.hpp"
#include "model/device/host_memory.hpp"
#include "model/device/moderation.hpp"

namespace ringside::model {

class Notifier {
 public:
  explicit Notifier(HostMemory& memory) : memory_(memory) {}

  void start(QueueSettings const& queue, bool event_idx_negotiated);
  void reset();

  // Buffers of so many packets have been given back: the used descriptors up to `end` are visible.
  void used(std::uint32_t packets, std::uint32_t slots, RingPosition end, TimePoint now);

  void set_moderation(Moderation::Setting setting, TimePoint now);
  Moderation::Setting const& moderation() const { return moderation_.setting(); }

  // When decide() is to be called if nothing happens before; kNever: not by itself.
  TimePoint deadline() const { return moderation_.deadline(); }
  bool due(TimePoint now) const { return due_ || deadline() <= now; }

  // To be called when due. Asks memory what the driver wants; may wait. What is used meanwhile is
  // left for the next decision.
  Result<bool, DeviceError> decide(TimePoint now);

 private:
  HostMemory& memory_;
  QueueSettings queue_;
  bool event_idx_ = false;
  Moderation moderation_;
  bool due_ = false;
  UsedSince since_;
};

}  // namespace ringside::model
