// The transmit virtqueue: packets out to the device, and their buffers back.
#pragma once

#include <cstdint>
#include <vector>

#include "driver/buffer/dma_packet_pool.hpp"
#include "driver/virtio/host_services.hpp"
#include "driver/virtio/packed_ring.hpp"

namespace ringside::driver {

struct TransmitOptions {
  RingOptions ring;
  bool checksum = false;     // CSUM: the device completes checksums
  bool hash_report = false;  // HASH_REPORT: the header is longer
};

// A packet is its virtio header and its frame in one descriptor, with the header pushed into the
// headroom. One without headroom takes two elements, one that the device cannot reach is copied.
// Whoever leaves the checksum to a device that does not complete it has it done here.
class TransmitQueue {
 public:
  TransmitQueue(HostServices const& host, DmaPacketPool& pool, std::uint16_t capacity);

  Result<Done, DmaError> start(TransmitOptions const& options);
  // Only when the device cannot reach the buffers any more. What it still had is counted dropped:
  // nobody can say whether it was sent.
  void release();

  PackedRing& ring() { return ring_; }
  PackedRing const& ring() const { return ring_; }

  // Takes the packet if and only if it succeeds. A packet that can never be sent succeeds too, and
  // is counted dropped.
  Result<Done, TransmitError> add(PacketBuffer& packet);

  // Takes back what the device is done with, all of it.
  unsigned clean();

  // Asks for an interrupt when three quarters of what is outstanding are done.
  void enable_interrupts_late();

  // Someone was refused and is waiting. There is room for him when a good part of the ring is free.
  bool waiting() const { return waiting_; }
  bool room_for_waiting() const;
  void set_waiting(bool waiting) { waiting_ = waiting; }

 private:
  struct Sent {
    PacketBuffer packet;
    DmaMapping mapping;
    std::uint32_t frame_bytes = 0;
  };

  bool fits(std::size_t elements) const {
    return ring_.descriptors_for(elements) <= ring_.free_descriptors();
  }
  layout::NetHeader header_of(PacketBuffer& packet) const;
  Result<DmaMapping, DmaError> map(PacketBuffer& packet);
  bool copy_into_own_block(PacketBuffer& packet);
  Done drop(PacketBuffer& packet);

  HostServices host_;
  DmaPacketPool& pool_;
  PackedRing ring_;
  bool checksum_ = false;
  std::uint32_t header_bytes_ = layout::kNetHeaderBytes;
  // Headers that ask for nothing are alike: one serves every packet that has no headroom for its
  // own.
  MutableBytes zero_header_;
  DmaMapping zero_header_map_;
  std::vector<Sent> sent_;  // by buffer id
  bool waiting_ = false;
};

}  // namespace ringside::driver
