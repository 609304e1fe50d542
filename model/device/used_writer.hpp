// Gives buffers back to the driver: used descriptors in a packed ring (virtio 1.3, 2.8.6).
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "model/device/host_memory.hpp"
#include "model/device/packed_ring.hpp"

namespace ringside::model {

// A buffer that goes back. The buffers of one packet follow each other, with `more` in all but the
// last of them.
struct Used {
  std::uint16_t id = 0;
  std::uint16_t slots = 0;
  std::uint32_t length = 0;  // bytes written; none: WRITE is not set
  bool more = false;
};

class UsedWriter {
 public:
  explicit UsedWriter(HostMemory& memory) : memory_(memory) {}

  void start(QueueSettings const& queue);

  // Writes whole packets, in the order of the ring; what the device wrote into the buffers is
  // visible before. The first buffer of each packet becomes visible last, so that a driver that
  // sees it finds all the others (5.1.6.4). May wait for memory.
  Result<Done, DeviceError> write(std::span<Used const> used);

  // Of the next used descriptor.
  RingPosition position() const { return position_; }

  // Length, id and flags are the second half of a descriptor: one aligned write makes them visible
  // together. The address in the first half is of no use to the driver.
  static constexpr std::uint32_t kOffset = 8;
  using Encoded = std::array<std::uint8_t, kDescriptorBytes - kOffset>;
  static Encoded encode(Used const& used, bool wrap);

 private:
  HostMemory& memory_;
  QueueSettings queue_;
  RingPosition position_;
  // Of the call at work.
  std::vector<Encoded> encoded_;
  std::vector<HostMemory::Write> firsts_;
  std::vector<HostMemory::Write> others_;
};

}  // namespace ringside::model
