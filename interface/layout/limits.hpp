// What this NIC is built for: sizes that hardware, model and driver share.
#pragma once

#include <array>
#include <cstdint>

#include "interface/layout/table.hpp"

namespace ringside::layout {

inline constexpr std::array kLimits{
    Constant{"max_queue_size", 256, "Descriptors in a virtqueue at most, and after reset."},
    Constant{"max_queue_pairs", 4, "Pairs of a receive and a transmit queue."},
    Constant{"num_queues", 9, "Virtqueues: receive 2n, transmit 2n + 1, control the last."},
    Constant{"num_vectors", 10, "MSI-X vectors: configuration, and one a queue."},
    Constant{"max_indirect", 256, "Entries of an indirect table at most."},
    Constant{"max_receive_buffers", 64, "Descriptors that one received packet may fill at most."},
    Constant{"mtu", 1500, "The MTU that the device states."},
    Constant{"net_header_bytes", 12, "Virtio header in front of each packet."},
    Constant{"net_header_hash_bytes", 8, "What it is longer by if it tells of hashes."},
    Constant{"min_frame_bytes", 60, "Shortest frame without FCS; transmit pads to it."},
    Constant{"max_frame_bytes", 1518, "Longest frame without FCS: MTU, Ethernet header, VLAN tag."},
    Constant{"max_segmented_bytes", 65593,
             "Longest frame to cut into segments: what IPv6 can state, and the headers around it."},
    Constant{"min_gso_size", 48, "Payload of a segment at least, but for the last."},
    Constant{"max_gso_headers", 192, "Bytes of headers that are copied to each segment at most."},
    Constant{"max_gso_elements", 64, "Descriptors of a packet to cut at most."},
    Constant{"data_errors_until_reset", 8, "DMA errors on packet data before the device gives up."},
    Constant{"moderation_ps_per_us", 1'000'000, "Picoseconds in the unit of max_usecs."},
    Constant{"mac_table_size", 16, "Unicast addresses to filter for, and as many multicast ones."},
    Constant{"max_control_bytes", 65535, "Bytes that a control command may have for the device."},
};

inline constexpr std::uint16_t kMaxQueueSize = find(kLimits, "max_queue_size").value;
inline constexpr std::uint16_t kMaxQueuePairs = find(kLimits, "max_queue_pairs").value;
inline constexpr std::uint16_t kDataQueues = 2 * kMaxQueuePairs;  // those that carry packets
inline constexpr std::uint16_t kNumQueues = find(kLimits, "num_queues").value;
inline constexpr std::uint16_t kNumVectors = find(kLimits, "num_vectors").value;
inline constexpr std::uint32_t kMaxIndirect = find(kLimits, "max_indirect").value;
inline constexpr std::uint32_t kMaxReceiveBuffers = find(kLimits, "max_receive_buffers").value;
inline constexpr std::uint16_t kMtu = find(kLimits, "mtu").value;
inline constexpr std::uint32_t kNetHeaderBytes = find(kLimits, "net_header_bytes").value;
inline constexpr std::uint32_t kNetHeaderHashBytes = find(kLimits, "net_header_hash_bytes").value;
inline constexpr std::uint32_t kMinFrameBytes = find(kLimits, "min_frame_bytes").value;
inline constexpr std::uint32_t kMaxFrameBytes = find(kLimits, "max_frame_bytes").value;
inline constexpr std::uint32_t kMaxSegmentedBytes = find(kLimits, "max_segmented_bytes").value;
inline constexpr std::uint32_t kMinGsoSize = find(kLimits, "min_gso_size").value;
inline constexpr std::uint32_t kMaxGsoHeaders = find(kLimits, "max_gso_headers").value;
inline constexpr std::uint32_t kMaxGsoElements = find(kLimits, "max_gso_elements").value;
inline constexpr std::uint32_t kMacTableSize = find(kLimits, "mac_table_size").value;
inline constexpr std::uint32_t kMaxControlBytes = find(kLimits, "max_control_bytes").value;
inline constexpr std::uint32_t kDataErrorsUntilReset =
    find(kLimits, "data_errors_until_reset").value;

static_assert(kNumQueues == kDataQueues + 1 && kNumVectors == kNumQueues + 1);

}  // namespace ringside::layout
