// What random runs have met: one table of bins, and every pair of bins that can meet in a session.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ringside::testbench::fuzz {

struct BinDescription {
  std::string_view name;
  std::string_view group;  // of a group with a name a session has one only: these are no pair
  std::string_view meaning;
};

// Every bin, and with it every pair. To cover something new: a line here, and a hit() by its name
// where it happens.
inline constexpr std::array kBins{
    // What was negotiated and set.
    BinDescription{"indirect", "", "indirect descriptors negotiated"},
    BinDescription{"event_idx", "", "event index negotiated"},
    BinDescription{"mergeable", "", "mergeable receive buffers negotiated"},
    BinDescription{"csum", "", "checksums of packets sent negotiated"},
    BinDescription{"guest_csum", "", "checksums of packets received negotiated"},
    BinDescription{"segments", "", "packets sent may be cut into segments"},
    BinDescription{"hash_report", "", "headers with a hash negotiated"},
    BinDescription{"offloads", "", "receive offloads that can be turned off negotiated"},
    BinDescription{"pairs", "", "more queue pairs than one"},
    BinDescription{"ctrl_vq", "", "the control queue negotiated"},
    BinDescription{"ctrl_rx", "", "the receive filter negotiated"},
    BinDescription{"ctrl_vlan", "", "the VLAN filter negotiated"},
    BinDescription{"ctrl_mac", "", "the station's address by command negotiated"},
    BinDescription{"announce", "", "announcements negotiated"},
    BinDescription{"mq", "", "several queue pairs negotiated"},
    BinDescription{"rss", "", "receive side scaling negotiated"},
    BinDescription{"coal", "", "moderation by command negotiated"},
    BinDescription{"vq_coal", "", "moderation of one queue by command negotiated"},
    BinDescription{"rx_ring_1", "rx_ring", "a receive ring of one slot"},
    BinDescription{"rx_ring_odd", "rx_ring", "one whose size is no power of two"},
    BinDescription{"rx_ring_2n", "rx_ring", "one whose size is a power of two"},
    BinDescription{"tx_ring_1", "tx_ring", "a transmit ring of one slot"},
    BinDescription{"tx_ring_odd", "tx_ring", "one whose size is no power of two"},
    BinDescription{"tx_ring_2n", "tx_ring", "one whose size is a power of two"},
    BinDescription{"shared_vector", "vectors", "both queues on one vector"},
    BinDescription{"no_vector", "vectors", "a queue without a vector"},
    BinDescription{"hasty_start", "", "queues set up before the reset was over"},
    BinDescription{"rx_moderated", "", "receive interrupts moderated"},
    BinDescription{"tx_moderated", "", "transmit interrupts moderated"},
    BinDescription{"events_off", "", "a driver that wants no interrupts"},
    BinDescription{"events_at_index", "", "one that wants them at a slot"},
    BinDescription{"obeys_pause", "", "PAUSE frames obeyed"},
    BinDescription{"obeys_classes", "", "priority flow control obeyed"},
    BinDescription{"sends_pause", "", "PAUSE asked for when the frame buffer fills"},
    BinDescription{"sends_classes", "", "priority flow control asked for then"},
    BinDescription{"events_reserved", "", "one that says nothing that means anything"},
    // How PCIe behaved.
    BinDescription{"link_x4", "", "the narrower preset"},
    BinDescription{"link_slow", "", "a link slower than its preset"},
    BinDescription{"link_starved", "", "few credits"},
    BinDescription{"reads_late", "", "reads answered late"},
    BinDescription{"reads_split", "", "reads answered piece by piece"},
    BinDescription{"reads_overtaken", "", "reads overtaken by later ones"},
    BinDescription{"read_poisoned", "", "a read answered with poisoned data"},
    BinDescription{"read_missing", "", "a read never answered"},
    BinDescription{"read_refused", "", "a read that memory refused"},
    BinDescription{"bus_master_off", "", "bus mastering taken away for a while"},
    // What was transmitted.
    BinDescription{"tx_padded", "", "a frame below the minimum"},
    BinDescription{"tx_longest", "", "a frame of exactly the maximum"},
    BinDescription{"tx_checksum", "", "a packet whose checksum the device is to complete"},
    BinDescription{"tx_segments", "", "a packet to be cut into segments"},
    BinDescription{"tx_segments_wrong", "", "one with something wrong in its headers"},
    BinDescription{"tx_dropped", "", "a packet too short, too long or not allowed"},
    BinDescription{"tx_chain", "", "a packet in several descriptors"},
    BinDescription{"tx_table", "", "a packet in an indirect table"},
    BinDescription{"tx_unaligned", "", "a packet at an odd address"},
    BinDescription{"tx_across_pages", "", "a piece that crosses 4 KiB"},
    BinDescription{"tx_empty_element", "", "an element of length 0"},
    BinDescription{"tx_writable", "", "a writable element in a packet"},
    BinDescription{"tx_broadcast", "", "a frame for all"},
    BinDescription{"tx_multicast", "", "a frame for a group"},
    BinDescription{"tx_pause", "", "a PAUSE frame of the NIC's own"},
    BinDescription{"tx_class_pause", "", "one of priority flow control"},
    BinDescription{"tx_ring_full", "", "no slot left to send"},
    BinDescription{"tx_burst", "", "many packets behind one notification"},
    BinDescription{"tx_wrapped", "", "the transmit ring went round"},
    // What was received.
    BinDescription{"rx_shortest", "", "a frame of exactly the minimum"},
    BinDescription{"rx_longest", "", "a frame of exactly the maximum"},
    BinDescription{"rx_vlan", "", "a tagged frame"},
    BinDescription{"rx_udp", "", "a UDP packet, its checksum right or wrong"},
    BinDescription{"rx_data_valid", "", "a packet whose checksum the device found right"},
    BinDescription{"rx_merged", "", "a packet in several buffers"},
    BinDescription{"rx_chain", "", "a buffer of several descriptors"},
    BinDescription{"rx_table", "", "a buffer in an indirect table"},
    BinDescription{"rx_unaligned", "", "a buffer at an odd address"},
    BinDescription{"rx_unfit", "", "a buffer given back unused"},
    BinDescription{"rx_no_buffer", "", "a frame lost for want of buffers"},
    BinDescription{"rx_overrun", "", "a frame lost for want of room"},
    BinDescription{"rx_ring_full", "", "no slot left to post"},
    BinDescription{"rx_wrapped", "", "the receive ring went round"},
    BinDescription{"rx_bad_fcs", "", "a frame with a wrong FCS"},
    BinDescription{"rx_error_char", "", "a frame with an error character"},
    BinDescription{"rx_runt", "", "a frame too short"},
    BinDescription{"rx_giant", "", "a frame too long"},
    BinDescription{"rx_no_sfd", "", "a frame without SFD"},
    BinDescription{"rx_wrong_lane", "", "a start in a wrong lane"},
    BinDescription{"rx_no_end", "", "a frame without its end"},
    BinDescription{"rx_short_gap", "", "frames closer than 12 bytes"},
    BinDescription{"rx_to_station", "", "a frame for the station"},
    BinDescription{"rx_broadcast", "", "a frame for all"},
    BinDescription{"rx_multicast", "", "a frame for a group"},
    BinDescription{"rx_filtered", "", "a frame that the receive filter kept back"},
    BinDescription{"rx_pause", "", "a PAUSE frame for some time"},
    BinDescription{"rx_pause_end", "", "one that ends a pause"},
    BinDescription{"rx_class_pause", "", "a frame of priority flow control"},
    BinDescription{"rx_control_unknown", "", "a MAC control frame of an opcode that is not known"},
    BinDescription{"rx_control_ignored", "", "one for others, or of a wrong length"},
    // What stood between frames.
    BinDescription{"line_local_fault", "", "a local fault"},
    BinDescription{"line_remote_fault", "", "a remote fault"},
    BinDescription{"line_few_sets", "", "too few ordered sets for a fault"},
    BinDescription{"line_flaps", "", "a fault that does not end between sets"},
    BinDescription{"line_alternates", "", "local and remote faults in turns"},
    BinDescription{"line_cut", "", "ordered sets in the middle of a frame"},
    // What the driver did besides.
    BinDescription{"interrupt", "", "a queue's interrupt came"},
    BinDescription{"vector_masked", "", "a vector masked for a while"},
    BinDescription{"function_masked", "", "all vectors masked for a while"},
    BinDescription{"torn_chain", "", "a chain made available head last"},
    BinDescription{"reset_at_work", "", "a reset with buffers under way"},
    BinDescription{"silent", "", "buffers offered without a notification"},
    BinDescription{"notify_flood", "", "notifications for nothing"},
    BinDescription{"odd_registers", "", "registers touched as no driver should"},
    // What it said over the control queue.
    BinDescription{"command_rx_mode", "", "which kinds of frames it wants"},
    BinDescription{"command_mac_table", "", "which addresses it wants"},
    BinDescription{"command_mac", "", "its own address"},
    BinDescription{"command_vlan", "", "a VLAN that it wants, or not"},
    BinDescription{"command_announce", "", "that it has announced itself"},
    BinDescription{"command_pairs", "", "how many queue pairs it uses"},
    BinDescription{"command_rss", "", "how packets are spread"},
    BinDescription{"command_hash", "", "which hashes it wants to hear of"},
    BinDescription{"command_offloads", "", "which receive offloads it wants"},
    BinDescription{"command_coal", "", "moderation of all queues of a direction"},
    BinDescription{"command_vq_coal", "", "moderation of one queue, set or asked for"},
    BinDescription{"command_malformed", "", "what there is not, or of a wrong length"},
    BinDescription{"command_ring_full", "", "no slot left for a command"},
    BinDescription{"reset_at_command", "", "a reset with a command under way"},
    // What a hostile driver did.
    BinDescription{"hostile_tx", "", "a wrong descriptor for transmit"},
    BinDescription{"hostile_rx", "", "a wrong descriptor for receive"},
    BinDescription{"hostile_table", "", "a wrong entry in a table"},
    BinDescription{"hostile_flag", "", "a wrong flag"},
    BinDescription{"hostile_length", "", "a wrong length"},
    BinDescription{"hostile_address", "", "a wrong address"},
    BinDescription{"hostile_id", "", "a wrong identifier"},
    BinDescription{"hostile_lap", "", "a wrong lap"},
    BinDescription{"tail_last", "", "a head available before its tail"},
    BinDescription{"scribbled", "", "a slot written over"},
    BinDescription{"needs_reset", "", "the device asked for a reset"},
};

struct Bin {
  consteval Bin(char const* name) : place(0) {
    while (kBins.at(place).name != name) ++place;  // a name that is not there does not compile
  }
  std::size_t place;
};

// What one session met.
class SessionBins {
 public:
  void hit(Bin bin) { hits_.set(bin.place); }
  bool has(std::size_t bin) const { return hits_.test(bin); }
  std::string to_string() const { return hits_.to_string(); }
  static SessionBins of(std::string const& bits);

 private:
  std::bitset<kBins.size()> hits_;
};

// Pairs that no session can have, besides those of a group: in one slot there is no chain.
inline constexpr std::array kImpossible{
    std::array{Bin("rx_ring_1"), Bin("rx_chain")}, std::array{Bin("rx_ring_1"), Bin("rx_merged")},
    std::array{Bin("tx_ring_1"), Bin("tx_chain")}, std::array{Bin("tx_ring_1"), Bin("tx_burst")}};

constexpr bool may_meet(std::size_t one, std::size_t other) {
  for (auto const& [left, right] : kImpossible) {
    if (left.place == one && right.place == other) return false;
    if (left.place == other && right.place == one) return false;
  }
  return one != other && (kBins[one].group.empty() || kBins[one].group != kBins[other].group);
}

// What many sessions met, of one process or several.
class Coverage {
 public:
  void add(SessionBins const& session);
  void merge(Coverage const& other);

  std::size_t bins() const;  // single ones and pairs
  std::size_t met() const;
  double percent() const {
    return 100.0 * static_cast<double>(met()) / static_cast<double>(bins());
  }

  // The holes: bins never met, then how many partners each of the others has not met, the worst
  // first, `most` lines of them.
  void print_holes(std::ostream& out, std::size_t most = 12) const;

  // coverage.json: sessions by bin and by pair. Reading throws UserError with the file's name.
  std::string to_json() const;
  static Coverage read(std::filesystem::path const& file);

 private:
  std::uint64_t sessions_ = 0;
  std::array<std::uint64_t, kBins.size()> single_{};
  std::map<std::pair<std::size_t, std::size_t>, std::uint64_t> pairs_;  // lower place first
};

}  // namespace ringside::testbench::fuzz
