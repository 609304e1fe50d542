// Every register of the NIC: BAR 0, block by block. The RTL package and docs/registers.md are
// printed from these tables, and one register test walks them on every device.
#pragma once

#include <array>
#include <cstdint>

#include "interface/layout/limits.hpp"
#include "interface/layout/receive_scaling.hpp"
#include "interface/layout/table.hpp"
#include "interface/layout/virtio.hpp"

namespace ringside::layout {

// Common configuration (virtio 1.3, 4.1.4.3). The rows from queue_size on are views of the queue
// that queue_select chooses.
inline constexpr std::array kCommonConfig{
    Register{"device_feature_select", 0x00, 32, Access::ReadWrite, 0, "Window of device_feature."},
    Register{"device_feature", 0x04, 32, Access::ReadOnly, kFeaturesOffered & 0xFFFF'FFFF,
             "32 offered feature bits."},
    Register{"driver_feature_select", 0x08, 32, Access::ReadWrite, 0, "Window of driver_feature."},
    Register{"driver_feature", 0x0C, 32, Access::ReadWrite, 0, "32 accepted feature bits."},
    Register{"config_msix_vector", 0x10, 16, Access::ReadWrite, kNoVector,
             "Vector of configuration changes; 0xFFFF: none."},
    Register{"num_queues", 0x12, 16, Access::ReadOnly, kNumQueues, "Virtqueues of the device."},
    Register{"device_status", 0x14, 8, Access::ReadWrite, 0, "Handshake progress; 0 resets."},
    Register{"config_generation", 0x15, 8, Access::ReadOnly, 0,
             "Differs after a change of the device configuration."},
    Register{"queue_select", 0x16, 16, Access::ReadWrite, 0, "Queue that the rows below show."},
    Register{"queue_size", 0x18, 16, Access::ReadWrite, kMaxQueueSize,
             "Descriptors in the queue; 0: no such queue."},
    Register{"queue_msix_vector", 0x1A, 16, Access::ReadWrite, kNoVector,
             "Vector of used buffers; 0xFFFF: none."},
    Register{"queue_enable", 0x1C, 16, Access::ReadWrite, 0, "1 starts the queue."},
    Register{"queue_notify_off", 0x1E, 16, Access::ReadOnly, 0, "Slot of the queue in notify."},
    Register{"queue_desc", 0x20, 64, Access::ReadWrite, 0, "Descriptor ring."},
    Register{"queue_driver", 0x28, 64, Access::ReadWrite, 0, "Driver event suppression."},
    Register{"queue_device", 0x30, 64, Access::ReadWrite, 0, "Device event suppression."},
};

inline constexpr std::array kIsr{
    Register{"isr_status", 0x00, 8, Access::ReadToClear, 0,
             "Bit 0: used buffers; bit 1: configuration changed."},
};

// Device configuration (5.1.4).
inline constexpr std::array kDeviceConfig{
    Register{"mac", 0x00, 48, Access::ReadOnly, 0, "Station address, first byte first."},
    Register{"link_status", 0x06, 16, Access::ReadOnly, 1, "Bit 0: link up; bit 1: announce."},
    Register{"max_virtqueue_pairs", 0x08, 16, Access::ReadOnly, kMaxQueuePairs,
             "Pairs of a receive and a transmit queue."},
    Register{"mtu", 0x0A, 16, Access::ReadOnly, kMtu, "Largest packet of the network layer."},
    Register{"rss_max_key_size", 0x11, 8, Access::ReadOnly, kHashKeyBytes,
             "Bytes of the key of a packet's hash."},
    Register{"rss_max_indirection_table_length", 0x12, 16, Access::ReadOnly, kIndirectionEntries,
             "Entries of the table that spreads packets."},
    Register{"supported_hash_types", 0x14, 32, Access::ReadOnly, kSupportedHashTypes,
             "Bits of the hash types."},
};

// Notification slots (4.1.4.4), one a queue: the driver writes the queue's index.
inline constexpr std::uint32_t kNotifyMultiplier = 4;
inline constexpr std::array kNotify{
    Register{"queue_index", 0x00, 16, Access::WriteOnly, 0, "The queue has available buffers."},
};

// Interrupt moderation of a queue that carries packets, ours: what NOTF_COAL sets, without it.
inline constexpr std::uint32_t kModerationStride = 8;
inline constexpr std::array kModeration{
    Register{"max_packets", 0x00, 32, Access::ReadWrite, 0, "Interrupt after so many."},
    Register{"max_usecs", 0x04, 32, Access::ReadWrite, 0, "Or so long after the first."},
};

// Counters, 64 bits each, in the order of the RTL's counter index. They survive a virtio reset.
inline constexpr std::array kStatistics{
    Register{"tx_frames", 0x00, 64, Access::ReadOnly, 0, "Frames put on the wire."},
    Register{"tx_octets", 0x08, 64, Access::ReadOnly, 0, "Their bytes, FCS included."},
    Register{"rx_frames", 0x10, 64, Access::ReadOnly, 0, "Good frames taken off the wire."},
    Register{"rx_octets", 0x18, 64, Access::ReadOnly, 0, "Their bytes, FCS included."},
    Register{"rx_fcs_errors", 0x20, 64, Access::ReadOnly, 0, "64 bytes to the maximum, FCS wrong."},
    Register{"rx_undersize", 0x28, 64, Access::ReadOnly, 0, "Below 64 bytes, FCS right."},
    Register{"rx_fragments", 0x30, 64, Access::ReadOnly, 0, "Below 64 bytes, FCS wrong."},
    Register{"rx_oversize", 0x38, 64, Access::ReadOnly, 0, "Above the maximum, FCS right."},
    Register{"rx_jabbers", 0x40, 64, Access::ReadOnly, 0, "Above the maximum, FCS wrong."},
    Register{"rx_symbol_errors", 0x48, 64, Access::ReadOnly, 0,
             "A control character inside the frame."},
    Register{"rx_framing_errors", 0x50, 64, Access::ReadOnly, 0,
             "No SFD where it belongs, or a start in a wrong lane."},
    Register{"rx_dropped_overrun", 0x58, 64, Access::ReadOnly, 0, "No room in the frame buffer."},
    Register{"rx_dropped_no_buffer", 0x60, 64, Access::ReadOnly, 0,
             "The receive queue had no (fitting) buffer, or was not live."},
    Register{"rx_dropped_error", 0x68, 64, Access::ReadOnly, 0, "DMA write of the data failed."},
    Register{"tx_dropped_malformed", 0x70, 64, Access::ReadOnly, 0,
             "Too short or too long for a frame, or a header that asks for what can not be."},
    Register{"tx_dropped_error", 0x78, 64, Access::ReadOnly, 0, "DMA read of the data failed."},
    Register{"interrupts", 0x80, 64, Access::ReadOnly, 0, "MSI-X messages sent."},
    Register{"rx_packets", 0x88, 64, Access::ReadOnly, 0, "Packets given to the driver."},
    Register{"tx_packets", 0x90, 64, Access::ReadOnly, 0, "Buffers taken from the driver."},
    Register{"rx_buffers_unused", 0x98, 64, Access::ReadOnly, 0,
             "Buffers given back empty: no frame can begin in them."},
    // From here on each is one of a frame's few steps, or a link's: rtl/host/statistics.sv takes
    // them one by one. Sizes are those of good frames and of rx_fcs_errors.
    Register{"rx_broadcast", 0xA0, 64, Access::ReadOnly, 0, "Good frames to all stations."},
    Register{"rx_multicast", 0xA8, 64, Access::ReadOnly, 0, "Good frames to other groups."},
    Register{"rx_size_64", 0xB0, 64, Access::ReadOnly, 0, "Frames of 64 bytes, FCS included."},
    Register{"rx_size_127", 0xB8, 64, Access::ReadOnly, 0, "Of 65 to 127."},
    Register{"rx_size_255", 0xC0, 64, Access::ReadOnly, 0, "Of 128 to 255."},
    Register{"rx_size_511", 0xC8, 64, Access::ReadOnly, 0, "Of 256 to 511."},
    Register{"rx_size_1023", 0xD0, 64, Access::ReadOnly, 0, "Of 512 to 1023."},
    Register{"rx_size_max", 0xD8, 64, Access::ReadOnly, 0, "Of 1024 to the maximum."},
    Register{"rx_pause_frames", 0xE0, 64, Access::ReadOnly, 0, "PAUSE frames for this station."},
    Register{"rx_pfc_frames", 0xE8, 64, Access::ReadOnly, 0,
             "Frames of priority flow control for this station."},
    Register{"rx_unsupported_opcodes", 0xF0, 64, Access::ReadOnly, 0,
             "MAC control frames with an opcode that is not known."},
    Register{"rx_control_ignored", 0xF8, 64, Access::ReadOnly, 0,
             "MAC control frames for others, or longer than 64 bytes."},
    Register{"tx_broadcast", 0x100, 64, Access::ReadOnly, 0, "Frames sent to all stations."},
    Register{"tx_multicast", 0x108, 64, Access::ReadOnly, 0, "Frames sent to other groups."},
    Register{"tx_size_64", 0x110, 64, Access::ReadOnly, 0, "Frames of 64 bytes, FCS included."},
    Register{"tx_size_127", 0x118, 64, Access::ReadOnly, 0, "Of 65 to 127."},
    Register{"tx_size_255", 0x120, 64, Access::ReadOnly, 0, "Of 128 to 255."},
    Register{"tx_size_511", 0x128, 64, Access::ReadOnly, 0, "Of 256 to 511."},
    Register{"tx_size_1023", 0x130, 64, Access::ReadOnly, 0, "Of 512 to 1023."},
    Register{"tx_size_max", 0x138, 64, Access::ReadOnly, 0, "Of 1024 to the maximum."},
    Register{"tx_pause_frames", 0x140, 64, Access::ReadOnly, 0, "PAUSE frames sent."},
    Register{"tx_pfc_frames", 0x148, 64, Access::ReadOnly, 0,
             "Frames of priority flow control sent."},
    Register{"local_faults", 0x150, 64, Access::ReadOnly, 0, "Local faults found on the wire."},
    Register{"remote_faults", 0x158, 64, Access::ReadOnly, 0, "Remote faults found on the wire."},
    Register{"link_transitions", 0x160, 64, Access::ReadOnly, 0,
             "Changes of link_status, up and down."},
    Register{"rx_filtered", 0x168, 64, Access::ReadOnly, 0,
             "Good frames that the receive filter did not want."},
};

// The MAC's own settings, ours. A virtio reset sets them back.
inline constexpr std::array kMac{
    Register{"flow_control", 0x00, 8, Access::ReadWrite, 0,
             "Bit 0: obey PAUSE; 1: send PAUSE; 2: obey priority flow control; 3: send it."},
    Register{"pfc_stops", 0x01, 8, Access::ReadWrite, 0x01,
             "Bit k: a pause of class k stops the transmit queue."},
    Register{"pfc_sends", 0x02, 8, Access::ReadWrite, 0xFF,
             "Bit k: class k is asked to pause when the frame buffer fills."},
    Register{"pause_quanta", 0x04, 16, Access::ReadWrite, 0xFFFF,
             "Time asked for, in units of 51.2 ns; asked for again after half of it."},
    Register{"high_watermark", 0x08, 16, Access::ReadWrite, 0x6000,
             "Pause is asked for with so many bytes in the receive frame buffer."},
    Register{"low_watermark", 0x0A, 16, Access::ReadWrite, 0x4000,
             "And taken back with so many or fewer."},
    Register{"link_fault", 0x0C, 8, Access::ReadOnly, 0,
             "What the wire says: 0 none, 1 local fault, 2 remote fault."},
    Register{"pause_state", 0x0D, 8, Access::ReadOnly, 0,
             "Bit 0: the peer has stopped us; bit 1: we have stopped the peer."},
};

// MSI-X table and pending bits (PCI 3.0, 6.8.2), one entry of each register a vector.
inline constexpr std::uint32_t kMsixStride = 16;
inline constexpr std::array kMsixTable{
    Register{"address_low", 0x00, 32, Access::ReadWrite, 0, "Message address, bits 31:2."},
    Register{"address_high", 0x04, 32, Access::ReadWrite, 0, "Message address, bits 63:32."},
    Register{"data", 0x08, 32, Access::ReadWrite, 0, "Message data."},
    Register{"vector_control", 0x0C, 32, Access::ReadWrite, 1, "Bit 0 masks the vector."},
};
inline constexpr std::array kMsixPending{
    Register{"pending", 0x00, 64, Access::ReadOnly, 0, "Bit v: vector v waits to be unmasked."},
};

// BAR 0: 64 KiB. Each block has a page of its own, as hypervisors trap by page.
inline constexpr std::uint32_t kBarSize = 0x10000;
inline constexpr Block kCommonBlock{"common", 0x0000, 0x40, kCommonConfig, "Common configuration."};
inline constexpr Block kIsrBlock{"isr", 0x1000, 0x04, kIsr, "Interrupt status."};
inline constexpr Block kDeviceBlock{"device", 0x2000, 0x18, kDeviceConfig, "Device configuration."};
inline constexpr Block kNotifyBlock{
    "notify",  0x3000, kNumQueues* kNotifyMultiplier, kNotify, "Notifications, one entry a queue.",
    kNumQueues};
inline constexpr Block kModerationBlock{"moderation",
                                        0x4000,
                                        kDataQueues* kModerationStride,
                                        kModeration,
                                        "Interrupt moderation, one entry a queue of a pair.",
                                        kDataQueues};
inline constexpr Block kStatisticsBlock{
    "statistics", 0x5000, 0x170, kStatistics,
    "Counters. A read of a lower half holds its upper half for the next read."};
inline constexpr Block kMsixTableBlock{
    "msix_table", 0x8000, kNumVectors* kMsixStride, kMsixTable, "MSI-X table, one entry a vector.",
    kNumVectors};
inline constexpr Block kMacBlock{"mac", 0x6000, 0x10, kMac, "MAC: flow control, link fault."};
inline constexpr Block kMsixPendingBlock{"msix_pending", 0x9000, 0x08, kMsixPending,
                                         "MSI-X pending bits."};
inline constexpr std::array kBlocks{
    kCommonBlock,     kIsrBlock, kDeviceBlock,    kNotifyBlock,      kModerationBlock,
    kStatisticsBlock, kMacBlock, kMsixTableBlock, kMsixPendingBlock,
};

static_assert(kStatistics.size() * 8 == kStatisticsBlock.size);

// Offset in BAR 0 of a register, by the names in the tables.
consteval std::uint32_t offset_of(Block const& block, std::string_view name) {
  return block.offset + find(block.registers, name).offset;
}

}  // namespace ringside::layout
