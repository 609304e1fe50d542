// Numbers of virtio 1.3: feature bits, device status, packed virtqueues, the network header.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "interface/layout/limits.hpp"
#include "interface/layout/table.hpp"

namespace ringside::layout {

// Feature bits that this NIC knows (virtio 1.3, 5.1.3 and 6).
inline constexpr std::array kFeatureBits{
    Constant{"csum", 0, "The device completes the checksums of sent packets."},
    Constant{"guest_csum", 1,
             "The device may say of a received packet that its checksum is right."},
    Constant{"ctrl_guest_offloads", 2, "The control queue turns receive offloads on and off."},
    Constant{"mtu", 3, "The device states its maximum MTU."},
    Constant{"mac", 5, "The device has a MAC address."},
    Constant{"host_tso4", 11, "The device cuts TCP over IPv4 into segments."},
    Constant{"host_tso6", 12, "The device cuts TCP over IPv6 into segments."},
    Constant{"host_ecn", 13, "... with congestion notified in the first segment only."},
    Constant{"mrg_rxbuf", 15, "A received packet may fill several buffers."},
    Constant{"status", 16, "The configuration has a link status."},
    Constant{"ctrl_vq", 17, "There is a control virtqueue."},
    Constant{"ctrl_rx", 18, "It filters by destination address."},
    Constant{"ctrl_vlan", 19, "It filters by VLAN."},
    Constant{"ctrl_rx_extra", 20, "It filters by kind of address, too."},
    Constant{"guest_announce", 21, "The device may ask the driver to announce itself."},
    Constant{"mq", 22, "It says how many queue pairs are in use."},
    Constant{"ctrl_mac_addr", 23, "It sets the station address."},
    Constant{"indirect_desc", 28, "A descriptor may point to a table of descriptors."},
    Constant{"event_idx", 29, "Notifications may be asked for at a ring position."},
    Constant{"version_1", 32, "Virtio 1.x; without it the device refuses."},
    Constant{"access_platform", 33, "Addresses are translated by an IOMMU."},
    Constant{"ring_packed", 34, "Packed virtqueues; without it the device refuses."},
    Constant{"order_platform", 36, "The driver uses barriers fit for a real device."},
    Constant{"vq_notf_coal", 52, "The control queue moderates the interrupts of each queue."},
    Constant{"notf_coal", 53, "It does so for all receive and all transmit queues."},
    Constant{"hash_report", 57, "The network header says how a received packet was hashed."},
    Constant{"rss", 60, "It says how received packets are spread over queues by their hash."},
};

constexpr std::uint64_t bit(std::uint64_t number) { return std::uint64_t{1} << number; }

inline constexpr std::uint64_t kFeatureCsum = bit(find(kFeatureBits, "csum").value);
inline constexpr std::uint64_t kFeatureGuestCsum = bit(find(kFeatureBits, "guest_csum").value);
inline constexpr std::uint64_t kFeatureCtrlGuestOffloads =
    bit(find(kFeatureBits, "ctrl_guest_offloads").value);
inline constexpr std::uint64_t kFeatureMtu = bit(find(kFeatureBits, "mtu").value);
inline constexpr std::uint64_t kFeatureMac = bit(find(kFeatureBits, "mac").value);
inline constexpr std::uint64_t kFeatureHostTso4 = bit(find(kFeatureBits, "host_tso4").value);
inline constexpr std::uint64_t kFeatureHostTso6 = bit(find(kFeatureBits, "host_tso6").value);
inline constexpr std::uint64_t kFeatureHostEcn = bit(find(kFeatureBits, "host_ecn").value);
inline constexpr std::uint64_t kFeatureMrgRxbuf = bit(find(kFeatureBits, "mrg_rxbuf").value);
inline constexpr std::uint64_t kFeatureStatus = bit(find(kFeatureBits, "status").value);
inline constexpr std::uint64_t kFeatureCtrlVq = bit(find(kFeatureBits, "ctrl_vq").value);
inline constexpr std::uint64_t kFeatureCtrlRx = bit(find(kFeatureBits, "ctrl_rx").value);
inline constexpr std::uint64_t kFeatureCtrlVlan = bit(find(kFeatureBits, "ctrl_vlan").value);
inline constexpr std::uint64_t kFeatureCtrlRxExtra = bit(find(kFeatureBits, "ctrl_rx_extra").value);
inline constexpr std::uint64_t kFeatureGuestAnnounce =
    bit(find(kFeatureBits, "guest_announce").value);
inline constexpr std::uint64_t kFeatureCtrlMacAddr = bit(find(kFeatureBits, "ctrl_mac_addr").value);
inline constexpr std::uint64_t kFeatureMq = bit(find(kFeatureBits, "mq").value);
inline constexpr std::uint64_t kFeatureHashReport = bit(find(kFeatureBits, "hash_report").value);
inline constexpr std::uint64_t kFeatureRss = bit(find(kFeatureBits, "rss").value);
inline constexpr std::uint64_t kFeatureVqNotfCoal = bit(find(kFeatureBits, "vq_notf_coal").value);
inline constexpr std::uint64_t kFeatureNotfCoal = bit(find(kFeatureBits, "notf_coal").value);
inline constexpr std::uint64_t kFeatureIndirectDesc =
    bit(find(kFeatureBits, "indirect_desc").value);
inline constexpr std::uint64_t kFeatureEventIdx = bit(find(kFeatureBits, "event_idx").value);
inline constexpr std::uint64_t kFeatureVersion1 = bit(find(kFeatureBits, "version_1").value);
inline constexpr std::uint64_t kFeatureAccessPlatform =
    bit(find(kFeatureBits, "access_platform").value);
inline constexpr std::uint64_t kFeatureRingPacked = bit(find(kFeatureBits, "ring_packed").value);
inline constexpr std::uint64_t kFeatureOrderPlatform =
    bit(find(kFeatureBits, "order_platform").value);

// What the NIC offers, and what it insists on.
inline constexpr std::uint64_t kFeaturesOffered = [] {
  std::uint64_t all = 0;
  for (auto const& feature : kFeatureBits) all |= bit(feature.value);
  return all;
}();
inline constexpr std::uint64_t kFeaturesRequired = kFeatureVersion1 | kFeatureRingPacked;
// What can not be agreed on without ctrl_vq (5.1.3.1). A header with a hash can, and offloads that
// could be turned off: there is nobody to ask for either.
inline constexpr std::uint64_t kFeaturesOfControl =
    kFeatureCtrlRx | kFeatureCtrlVlan | kFeatureCtrlRxExtra | kFeatureGuestAnnounce |
    kFeatureCtrlMacAddr | kFeatureMq | kFeatureVqNotfCoal | kFeatureNotfCoal | kFeatureRss;
// Receive offloads, which the control queue may turn on and off.
inline constexpr std::uint64_t kGuestOffloads = kFeatureGuestCsum;
// With either of them there are all queue pairs, without there is the first (5.1.2).
inline constexpr std::uint64_t kFeaturesOfPairs = kFeatureMq | kFeatureRss;

// device_status (virtio 1.3, 2.1).
inline constexpr std::array kStatusBits{
    Constant{"acknowledge", 0x01, "The guest has found the device."},
    Constant{"driver", 0x02, "The guest knows how to drive it."},
    Constant{"driver_ok", 0x04, "The driver is ready: the device is live."},
    Constant{"features_ok", 0x08, "Negotiation is complete; the device keeps it if it agrees."},
    Constant{"needs_reset", 0x40, "The device met an error it can not recover from."},
    Constant{"failed", 0x80, "The driver has given up."},
};
inline constexpr std::uint8_t kStatusAcknowledge = find(kStatusBits, "acknowledge").value;
inline constexpr std::uint8_t kStatusDriver = find(kStatusBits, "driver").value;
inline constexpr std::uint8_t kStatusDriverOk = find(kStatusBits, "driver_ok").value;
inline constexpr std::uint8_t kStatusFeaturesOk = find(kStatusBits, "features_ok").value;
inline constexpr std::uint8_t kStatusNeedsReset = find(kStatusBits, "needs_reset").value;
inline constexpr std::uint8_t kStatusFailed = find(kStatusBits, "failed").value;

// Packed virtqueue descriptor (2.8.13): 16 bytes, little endian.
struct PackedDescriptor {
  std::uint64_t addr;
  std::uint32_t len;
  std::uint16_t id;
  std::uint16_t flags;
};
inline constexpr std::array kPackedDescriptor{
    Field{"addr", 0, 64},
    Field{"len", 64, 32},
    Field{"id", 96, 16},
    Field{"flags", 112, 16},
};
static_assert(sizeof(PackedDescriptor) == 16);
static_assert(offsetof(PackedDescriptor, addr) * 8 == find(kPackedDescriptor, "addr").offset);
static_assert(offsetof(PackedDescriptor, len) * 8 == find(kPackedDescriptor, "len").offset);
static_assert(offsetof(PackedDescriptor, id) * 8 == find(kPackedDescriptor, "id").offset);
static_assert(offsetof(PackedDescriptor, flags) * 8 == find(kPackedDescriptor, "flags").offset);

inline constexpr std::array kDescriptorFlags{
    Constant{"next", 0x0001, "The buffer goes on in the next descriptor."},
    Constant{"write", 0x0002, "The device writes; in a used descriptor: it has written."},
    Constant{"indirect", 0x0004, "addr and len name a table of descriptors."},
    Constant{"avail", 0x0080, "The driver's wrap counter when made available."},
    Constant{"used", 0x8000, "Its inverse when available, equal to avail when used."},
};
inline constexpr std::uint16_t kDescriptorNext = find(kDescriptorFlags, "next").value;
inline constexpr std::uint16_t kDescriptorWrite = find(kDescriptorFlags, "write").value;
inline constexpr std::uint16_t kDescriptorIndirect = find(kDescriptorFlags, "indirect").value;
inline constexpr std::uint16_t kDescriptorAvail = find(kDescriptorFlags, "avail").value;
inline constexpr std::uint16_t kDescriptorUsed = find(kDescriptorFlags, "used").value;

// Event suppression structure (2.8.14): 4 bytes.
struct EventSuppression {
  std::uint16_t off_wrap;  // bits 14:0 ring offset, bit 15 wrap counter
  std::uint16_t flags;
};
inline constexpr std::array kEventSuppression{
    Field{"off", 0, 15},
    Field{"wrap", 15, 1},
    Field{"flags", 16, 2},
    Field{"reserved", 18, 14},
};
static_assert(sizeof(EventSuppression) == 4);
static_assert(offsetof(EventSuppression, flags) * 8 == find(kEventSuppression, "flags").offset);

inline constexpr std::array kEventFlags{
    Constant{"enable", 0, "Notify always."},
    Constant{"disable", 1, "Never notify."},
    Constant{"desc", 2, "Notify at the ring position; only with event_idx."},
};
inline constexpr std::uint16_t kEventEnable = find(kEventFlags, "enable").value;
inline constexpr std::uint16_t kEventDisable = find(kEventFlags, "disable").value;
inline constexpr std::uint16_t kEventDesc = find(kEventFlags, "desc").value;

// The header in front of each packet (5.1.6), as it is without HASH_REPORT.
struct NetHeader {
  std::uint8_t flags;
  std::uint8_t gso_type;
  std::uint16_t hdr_len;
  std::uint16_t gso_size;
  std::uint16_t csum_start;
  std::uint16_t csum_offset;
  std::uint16_t num_buffers;
};
inline constexpr std::array kNetHeader{
    Field{"flags", 0, 8},         Field{"gso_type", 8, 8},     Field{"hdr_len", 16, 16},
    Field{"gso_size", 32, 16},    Field{"csum_start", 48, 16}, Field{"csum_offset", 64, 16},
    Field{"num_buffers", 80, 16},
};
static_assert(offsetof(NetHeader, num_buffers) * 8 == find(kNetHeader, "num_buffers").offset);

// What follows it with HASH_REPORT, on both ways. It says nothing of packets to send.
struct NetHeaderHash {
  std::uint32_t hash_value;
  std::uint16_t hash_report;  // kHashReports
  std::uint16_t padding;
};
inline constexpr std::array kNetHeaderHash{
    Field{"hash_value", 0, 32},
    Field{"hash_report", 32, 16},
    Field{"padding", 48, 16},
};
static_assert(sizeof(NetHeader) == kNetHeaderBytes && sizeof(NetHeaderHash) == kNetHeaderHashBytes);
static_assert(offsetof(NetHeaderHash, hash_report) * 8 ==
              find(kNetHeaderHash, "hash_report").offset);

inline constexpr std::uint32_t kLongestNetHeaderBytes = kNetHeaderBytes + kNetHeaderHashBytes;
constexpr std::uint32_t net_header_bytes(bool with_hash) {
  return with_hash ? kLongestNetHeaderBytes : kNetHeaderBytes;
}

inline constexpr std::array kNetHeaderFlags{
    Constant{"needs_csum", 0x01, "Sent: complete the checksum at csum_start + csum_offset."},
    Constant{"data_valid", 0x02, "Received: the transport checksum is right."},
};
inline constexpr std::uint8_t kNeedsCsum = find(kNetHeaderFlags, "needs_csum").value;
inline constexpr std::uint8_t kDataValid = find(kNetHeaderFlags, "data_valid").value;

// gso_type: into what the device cuts a packet.
inline constexpr std::array kNetHeaderGso{
    Constant{"tcpv4", 0x01, "TCP over IPv4."},
    Constant{"tcpv6", 0x04, "TCP over IPv6."},
    Constant{"ecn", 0x80, "With either: congestion is notified in the first segment only."},
};
inline constexpr std::uint8_t kGsoTcpv4 = find(kNetHeaderGso, "tcpv4").value;
inline constexpr std::uint8_t kGsoTcpv6 = find(kNetHeaderGso, "tcpv6").value;
inline constexpr std::uint8_t kGsoEcn = find(kNetHeaderGso, "ecn").value;

inline constexpr std::uint16_t kNoVector = 0xFFFF;
// Queue numbers (5.1.2): pair n receives with queue 2n and transmits with queue 2n + 1.
constexpr std::uint16_t receive_queue(std::uint16_t pair) {
  return static_cast<std::uint16_t>(2 * pair);
}
constexpr std::uint16_t transmit_queue(std::uint16_t pair) {
  return static_cast<std::uint16_t>(2 * pair + 1);
}
constexpr bool is_transmit_queue(std::uint16_t queue) { return queue % 2 != 0; }
constexpr std::uint16_t pair_of_queue(std::uint16_t queue) { return queue / 2; }
inline constexpr std::uint16_t kReceiveQueue = receive_queue(0);
inline constexpr std::uint16_t kTransmitQueue = transmit_queue(0);
inline constexpr std::uint16_t kControlQueue = kDataQueues;  // behind all pairs
// Its number to a driver that has agreed to one pair only.
inline constexpr std::uint16_t kControlQueueOfOnePair = 2;

// `link_status` of the device configuration (5.1.4).
inline constexpr std::uint16_t kLinkUp = 1;
inline constexpr std::uint16_t kAnnounce = 2;

}  // namespace ringside::layout
