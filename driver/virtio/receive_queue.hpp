// The receive virtqueue: buffers out to the device, packets back from it.
#pragma once

#include <cstdint>
#include <vector>

#include "driver/buffer/dma_packet_pool.hpp"
#include "driver/virtio/host_services.hpp"
#include "driver/virtio/packed_ring.hpp"

namespace ringside::driver {

// Room in front of what the device writes: a packet that is sent on gets its headers there.
inline constexpr std::uint32_t kReceiveHeadroom = 64;

struct ReceiveOptions {
  RingOptions ring;
  bool mergeable = false;         // MRG_RXBUF: a packet may fill several buffers
  bool checksum = false;          // GUEST_CSUM: the header speaks about checksums
  bool hash_report = false;       // HASH_REPORT: the header is longer, and tells of a hash
  std::uint32_t frame_bytes = 0;  // longest frame to be expected
};

// Everything in the header and in the used length is the device's claim and is checked: an
// impossible one costs the packet, and a counter says so.
class ReceiveQueue {
 public:
  // Each buffer gives the device `buffer_bytes` of a block; 0: all behind the headroom. `pair`: of
  // the packets that come in here.
  ReceiveQueue(HostServices const& host, DmaPacketPool& pool, std::uint16_t capacity,
               std::uint32_t buffer_bytes, std::uint16_t pair = 0);

  Result<Done, DmaError> start(ReceiveOptions const& options);
  void release();  // only when the device cannot reach the buffers any more

  std::uint32_t buffer_bytes() const { return buffer_bytes_; }
  PackedRing& ring() { return ring_; }
  PackedRing const& ring() const { return ring_; }

  // Makes free blocks available, if enough descriptors are free to be worth a notification.
  // False if the pool ran out and the device has too few buffers left to go on for long.
  bool refill();

  // Hands up to `budget` packets to `receiver`; those that had to be dropped count as well.
  unsigned receive(unsigned budget, PacketReceiver* receiver);

 private:
  struct Buffer {
    PacketBuffer packet;
    DmaMapping mapping;
  };

  bool add_one();
  bool refill_due() const;
  PacketBuffer take(UsedBuffer const& used);
  PacketBuffer assemble(UsedBuffer const& first);
  PacketBuffer gather(PacketBuffer packet, std::uint16_t buffers);
  struct Header {
    layout::NetHeader net;
    layout::NetHeaderHash hash;  // zero if there is none
  };
  std::uint32_t header_bytes() const { return layout::net_header_bytes(options_.hash_report); }
  bool apply_header(PacketBuffer& packet, Header const& header);

  HostServices host_;
  NetDeviceStatistics& statistics_;
  DriverStatistics& driver_statistics_;
  DmaPacketPool& pool_;
  std::uint32_t buffer_bytes_;
  std::uint16_t pair_;
  PackedRing ring_;
  ReceiveOptions options_;
  std::vector<Buffer> available_;  // by buffer id
};

}  // namespace ringside::driver
