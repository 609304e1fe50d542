// The seam that a device's virtqueue is put behind to be judged.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "tests/conformance/expectation.hpp"
#include "tests/conformance/shared_memory.hpp"

namespace ringside::conformance {

// Where a queue lies in SharedMemory, and what was negotiated for it.
struct Queue {
  std::uint16_t size = 0;
  std::uint64_t descriptors = 0;
  std::uint64_t driver_events = 0;
  std::uint64_t device_events = 0;
  bool indirect = false;
  bool event_idx = false;
};

// It reaches memory by SharedMemory::ask, answer and write alone. Each call lets it work until
// nothing more happens by itself. Moderation of interrupts is off.
class DeviceUnderTest {
 public:
  virtual ~DeviceUnderTest() = default;

  // Whether this device claims what the case needs; cases that it does not are counted as such.
  virtual bool can(Case const&) const { return true; }

  // A reset, and then this queue in a new session. What was before is forgotten.
  virtual void start(Queue const& queue) = 0;

  // The driver has notified. Buffers that the device found since the last call, in the order of the
  // ring, as the engine behind the queue sees them.
  virtual std::vector<std::vector<Element>> find(bool notified) = 0;

  // The driver notifies while find() is at work: called from within an access to memory.
  virtual void notify_meanwhile() = 0;

  // The engine is done with buffers that were found: `buffer` counts all that find() ever returned
  // in this session. True if the driver was interrupted.
  struct Completion {
    std::uint16_t buffer;
    std::uint32_t written;
  };
  virtual bool give_back(std::span<Completion const> completions, bool one_packet) = 0;

  // The device has given up the queue.
  virtual bool broken() const = 0;
};

}  // namespace ringside::conformance
