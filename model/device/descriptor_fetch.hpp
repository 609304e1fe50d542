// Takes available buffers out of a packed ring (virtio 1.3, 2.8.6 to 2.8.8), ahead of their use.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "model/device/host_memory.hpp"
#include "model/device/packed_ring.hpp"
#include "model/device/session.hpp"

namespace ringside::model {

// A part of a buffer. Readable elements come before writable ones.
struct Element {
  std::uint64_t address;
  std::uint32_t length;
  bool writable;
};

// What the driver made available under one id, copied once: what the driver writes over the
// descriptors afterwards changes nothing.
struct Buffer {
  std::vector<Element> elements;
  std::uint16_t id = 0;
  std::uint16_t slots = 0;  // of the ring; one if the elements stand in an indirect table

  std::uint64_t readable_bytes() const;
  std::uint64_t writable_bytes() const;
};

class DescriptorFetch {
 public:
  DescriptorFetch(HostMemory& memory, Session const& session)
      : memory_(memory), session_(session) {}

  struct Rules {
    bool indirect = false;  // INDIRECT_DESC is negotiated
    // All that a table holds is readable, whatever its entries say. So it is in a transmit queue:
    // DPDK leaves what it finds in the flags of its tables there.
    bool tables_readable = false;
    // A readable element may follow a writable one: in a control queue that is a command to be
    // refused, not a broken ring.
    bool any_order = false;
  };
  void start(QueueSettings const& queue, Rules rules);
  void stop();

  // The driver says that there is more, or it is worth a look.
  void announce() { announced_ = true; }
  bool announced() const { return announced_; }

  // Fetched and not yet taken, in ring order. References stay valid until take().
  std::deque<Buffer> const& waiting() const { return waiting_; }
  void take(std::size_t count);

  // Looks at the ring once and appends what it finds to waiting(); announced() says afterwards
  // whether there may be more. May wait for memory.
  Result<Done, DeviceError> fetch();

 private:
  using Chain = std::vector<layout::PackedDescriptor>;

  // A ring that had a whole sample's worth to give is asked for more the next time: a lone packet
  // costs little of the link, a flood hides the latency of memory.
  static constexpr std::uint32_t kLeastSample = 8;
  static constexpr std::uint32_t kMostSample = 32;

  Result<Done, DeviceError> sample();
  Result<Done, DeviceError> append(layout::PackedDescriptor const& descriptor);
  Result<Done, DeviceError> convert();

  HostMemory& memory_;
  Session const& session_;
  QueueSettings queue_;
  Rules rules_;
  bool announced_ = false;
  RingPosition position_;     // of the next descriptor to look at
  RingPosition chain_start_;  // of the last chain begun
  std::uint32_t sample_size_ = kLeastSample;
  std::deque<Buffer> waiting_;
  // Of the look at work: whole chains, and the beginning of one that goes on.
  std::vector<Chain> chains_;
  Chain open_;
  std::vector<std::uint8_t> sample_;
  std::vector<std::vector<std::uint8_t>> tables_;  // of each chain; empty if it has none
  std::vector<HostMemory::Read> table_reads_;
};

}  // namespace ringside::model
