// One packed virtqueue as the device sees it: buffers come out, go back, and the driver is told.
#pragma once

#include <span>

#include "model/device/clock.hpp"
#include "model/device/descriptor_fetch.hpp"
#include "model/device/notifier.hpp"
#include "model/device/used_writer.hpp"

namespace ringside::model {

class Virtqueue {
 public:
  Virtqueue(HostMemory& memory, Session const& session, Clock const& clock)
      : fetch_(memory, session), used_(memory), notifier_(memory), clock_(clock) {}

  // The session is live and the driver has enabled the queue.
  Result<Done, DeviceError> start(QueueSettings const& queue, DescriptorFetch::Rules rules,
                                  bool event_idx);
  // A device reset: the queue is as it was at power on, its moderation included.
  void reset();
  bool running() const { return running_; }

  DescriptorFetch& available() { return fetch_; }
  DescriptorFetch const& available() const { return fetch_; }
  Notifier& notifier() { return notifier_; }
  Notifier const& notifier() const { return notifier_; }

  // Gives whole packets back, in ring order. May wait for memory.
  Result<Done, DeviceError> give_back(std::span<Used const> used);

 private:
  DescriptorFetch fetch_;
  UsedWriter used_;
  Notifier notifier_;
  Clock const& clock_;
  bool running_ = false;
};

}  // namespace ringside::model
