// The seam that a driver's virtqueue is put behind to be judged.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "tests/conformance/device_under_test.hpp"

namespace ringside::conformance {

// Its ring and event structures, and its tables, lie in SharedMemory, which it writes as it likes.
class DriverUnderTest {
 public:
  virtual ~DriverUnderTest() = default;

  // Whether this driver, left to itself, would lay the buffers of the case out as the case does.
  virtual bool can(Case const&) const { return true; }

  // A fresh queue in zeroed memory, interrupts enabled; says where it lies.
  virtual Queue start(std::uint16_t size, bool indirect, bool event_idx) = 0;

  // Makes a buffer available. False: there is no room for it now.
  virtual bool add(std::span<Element const> elements) = 0;

  // Whether the device is to be notified of what was added since the last time this was asked.
  virtual bool notification_due() = 0;

  // Takes the next used buffer: `buffer` counts all that add() ever took in this session.
  struct Taken {
    std::uint16_t buffer;
    std::uint32_t length;
  };
  virtual std::optional<Taken> take() = 0;

  virtual void disable_interrupts() = 0;
  // From the next used buffer on. False: there is one already, so none need be expected for it.
  virtual bool enable_interrupts() = 0;

  // `at_barrier` is called whenever the driver orders its writes before later ones, or its reads. A
  // driver whose barriers can not be seen returns false; then they are not judged.
  enum class Barrier : std::uint8_t { Write, Read };
  virtual bool watch_barriers(std::function<void(Barrier)> at_barrier) = 0;

  // The driver has given up the queue.
  virtual bool broken() const = 0;
};

}  // namespace ringside::conformance
