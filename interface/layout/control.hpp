// What the driver says over the control virtqueue (virtio 1.3, 5.1.6.5): commands, answers, and the
// structures that go with them.
#pragma once

#include <array>
#include <cstdint>

#include "interface/layout/table.hpp"

namespace ringside::layout {

// A command begins with two bytes: its class (the upper byte here) and its number in the class.
inline constexpr std::array kControlCommands{
    Constant{"rx_promisc", 0x0000, "Accept every frame: one byte, 1 or 0."},
    Constant{"rx_allmulti", 0x0001, "Accept all multicast frames."},
    Constant{"rx_alluni", 0x0002, "Accept all unicast frames."},
    Constant{"rx_nomulti", 0x0003, "Accept no multicast frame."},
    Constant{"rx_nouni", 0x0004, "Accept no unicast frame but those to the station."},
    Constant{"rx_nobcast", 0x0005, "Accept no broadcast frame."},
    Constant{"mac_table_set", 0x0100, "Unicast and multicast addresses, each with a count before."},
    Constant{"mac_addr_set", 0x0101, "The station address: six bytes."},
    Constant{"vlan_add", 0x0200, "Accept the frames of a VLAN: le16."},
    Constant{"vlan_del", 0x0201, "Do not."},
    Constant{"announce_ack", 0x0300, "The driver has seen that it is to announce itself."},
    Constant{"mq_pairs_set", 0x0400, "Queue pairs in use: le16."},
    Constant{"mq_rss_config", 0x0401, "How packets are hashed and spread: RssConfig."},
    Constant{"mq_hash_config", 0x0402,
             "How packets are hashed, where there is no rss: HashConfig."},
    Constant{"guest_offloads_set", 0x0500, "Receive offloads in use: le64 of feature bits."},
    Constant{"coal_tx_set", 0x0600, "Moderation of all transmit queues."},
    Constant{"coal_rx_set", 0x0601, "Moderation of all receive queues."},
    Constant{"coal_vq_set", 0x0602, "Moderation of one queue."},
    Constant{"coal_vq_get", 0x0603, "Asks for it: the answer stands before the ack."},
};

consteval std::uint16_t control_command(std::string_view name) {
  for (auto const& command : kControlCommands) {
    if (command.name == name) return static_cast<std::uint16_t>(command.value);
  }
  no_such_name_in_the_table();
}

// The last byte that the device writes.
inline constexpr std::array kControlAcks{
    Constant{"ok", 0, "Done."},
    Constant{"err", 1, "Refused: nothing has changed."},
};
inline constexpr std::uint8_t kControlOk = find(kControlAcks, "ok").value;
inline constexpr std::uint8_t kControlErr = find(kControlAcks, "err").value;

// Moderation of a queue (5.1.6.5.7), as the two SET commands carry it and GET answers.
struct Coalescing {
  std::uint32_t max_packets;
  std::uint32_t max_usecs;
  bool operator==(Coalescing const&) const = default;
};
inline constexpr std::array kCoalescing{
    Field{"max_packets", 0, 32},
    Field{"max_usecs", 32, 32},
};
static_assert(sizeof(Coalescing) == 8);

// In front of it in the commands about one queue.
inline constexpr std::array kCoalescingQueue{
    Field{"vq_index", 0, 16},
    Field{"reserved", 16, 16},
};

// Receive side scaling (5.1.6.5.6.1): these, le16 entries of the indirection table as many as the
// mask says and one more, le16 max_tx_vq, and the length of the key before the key.
inline constexpr std::array kRssConfig{
    Field{"hash_types", 0, 32},
    Field{"indirection_table_mask", 32, 16},
    Field{"unclassified_queue", 48, 16},
};
inline constexpr std::uint32_t kRssConfigBytes = 8;
inline constexpr std::uint32_t kRssTailBytes = 3;  // between the table and the key

// Hashing alone (5.1.6.5.6.4): these, and the length of the key before the key. What is reserved
// may hold anything.
inline constexpr std::array kHashConfig{
    Field{"hash_types", 0, 32},
    Field{"reserved", 32, 64},
    Field{"hash_key_length", 96, 8},
};
inline constexpr std::uint32_t kHashConfigBytes = 13;

inline constexpr std::uint32_t kControlHeadBytes = 2;
inline constexpr std::uint32_t kMacBytes = 6;
inline constexpr std::uint32_t kMacCountBytes = 4;  // in front of each list of addresses
inline constexpr std::uint16_t kVlans = 4096;

}  // namespace ringside::layout
