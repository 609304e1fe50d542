// The seam between a protocol stack and a network device.
#pragma once

#include <cstdint>
#include <functional>

#include "interface/base/mac_address.hpp"
#include "interface/base/result.hpp"
#include "interface/seam/packet_buffer.hpp"

namespace ringside {

enum class TransmitError : std::uint8_t {
  QueueFull,  // comes back: on_transmit_ready is called when there is room
  LinkDown,   // the device is stopped, or broken and waiting for its reset
  // Longer than the MTU allows and not to be cut by this device, or shorter than an Ethernet
  // header.
  TooLong,
};

// Counts since the device came into being, in the sense of struct rtnl_link_stats64.
struct NetDeviceStatistics {
  std::uint64_t rx_packets = 0;
  std::uint64_t rx_bytes = 0;
  std::uint64_t rx_dropped = 0;  // received well, not delivered (no buffer to refill with, ...)
  std::uint64_t rx_length_errors = 0;  // the device reported an impossible length
  std::uint64_t rx_errors = 0;
  std::uint64_t tx_packets = 0;
  std::uint64_t tx_bytes = 0;
  std::uint64_t tx_dropped = 0;
  std::uint64_t interrupts = 0;
  std::uint64_t polls = 0;
  std::uint64_t notifications = 0;  // the device was notified
  std::uint64_t resets = 0;         // recoveries from DEVICE_NEEDS_RESET or a broken ring
};

// Who gets what a device receives. Both run in Context::Softirq.
class PacketReceiver {
 public:
  virtual ~PacketReceiver() = default;
  // One Ethernet frame from destination address to the end of the payload, without FCS.
  virtual void receive(PacketBuffer packet) = 0;
  // The poll is over: what was held back for aggregation (acknowledgements) goes out now.
  virtual void receive_done() = 0;
};

// A frame given to transmit() has `kTransmitHeadroom` bytes of headroom left for the device's own
// header; a stack leaves that much plus its own headers when it allocates.
inline constexpr std::uint32_t kTransmitHeadroom = 32;

class NetDevice {
 public:
  virtual ~NetDevice() = default;

  virtual MacAddress mac() const = 0;
  virtual std::uint16_t mtu() const = 0;  // of the network layer: 1500 on plain Ethernet
  virtual bool link_up() const = 0;
  // Packets may leave their transport checksum to it (PacketInfo::checksum_bytes).
  virtual bool completes_checksums() const { return false; }
  // Packets may leave it to cut them (PacketInfo::segment_bytes), and to say CWR only once.
  virtual bool cuts_segments(SegmentKind) const { return false; }
  virtual bool notifies_congestion_once() const { return false; }
  virtual PacketPool& pool() = 0;

  virtual void set_receiver(PacketReceiver* receiver) = 0;
  virtual void on_transmit_ready(std::function<void()> handler) = 0;
  virtual void on_link_change(std::function<void(bool up)> handler) = 0;

  // Takes the packet if and only if it succeeds. `more` promises another packet at once, so that
  // the device may be told of both together.
  virtual Result<Done, TransmitError> transmit(PacketBuffer& packet, bool more) = 0;

  // Receives up to `budget` packets (NAPI): what was done; less than `budget` means the device is
  // drained and its interrupt enabled again. The device calls it by itself after an interrupt.
  virtual unsigned poll(unsigned budget) = 0;

  virtual NetDeviceStatistics statistics() const = 0;
};

}  // namespace ringside
