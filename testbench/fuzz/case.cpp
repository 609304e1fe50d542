#include "testbench/fuzz/case.hpp"

#include <algorithm>
#include <string>

#include "interface/layout/registers.hpp"

namespace ringside::testbench::fuzz {

namespace {

using namespace std::string_view_literals;

constexpr std::array kPresets{"gen3x8"sv, "gen3x4"sv};
constexpr std::array kQueues{"receive"sv,   "transmit"sv,   "receive_1"sv, "transmit_1"sv,
                             "receive_2"sv, "transmit_2"sv, "receive_3"sv, "transmit_3"sv};
static_assert(kQueues.size() == layout::kDataQueues);
constexpr std::array kNoYes{"no"sv, "yes"sv};
constexpr std::array kOdds{"nothing"sv, "empty_element"sv, "wrong_direction"sv};
constexpr std::array kOrders{"at_once"sv, "head_last"sv, "tail_last"sv};
constexpr std::array kTypes{"plain"sv, "vlan"sv, "control"sv, "udp"sv};
constexpr std::array kHeaders{"zero"sv, "random"sv, "checksum"sv, "segments"sv};
constexpr std::array kFaults{"none"sv, "fcs"sv, "error"sv, "sfd"sv, "lane"sv, "no_end"sv};
constexpr std::array kEventFlags{"enable"sv, "disable"sv, "desc"sv, "reserved"sv};
constexpr std::array kVectors{"config"sv, "receive"sv, "transmit"sv, "function"sv};
constexpr std::array kVectorsOrNone{"config"sv, "receive"sv, "transmit"sv, "none"sv};
constexpr std::array kFields{"flag"sv, "length"sv, "address"sv, "id"sv, "lap"sv};
constexpr std::array kPokes{"read_anywhere"sv,  "disable_queue"sv,     "no_size"sv,
                            "huge_size"sv,      "move_ring"sv,         "features_again"sv,
                            "read_only"sv,      "notify_wrong_data"sv, "notify_byte"sv,
                            "notify_nowhere"sv, "no_such_queue"sv};
constexpr std::array kDestinations{"whatever"sv, "station"sv, "other"sv, "all"sv, "group"sv};
constexpr std::array kSignals{"local"sv, "remote"sv, "both"sv};
constexpr std::array kOpcodes{"pause"sv, "classes"sv, "unknown"sv};
constexpr std::array kControlled{"control_group"sv, "station"sv, "other"sv, "all"sv};

constexpr auto kCommands = [] {
  std::array<std::string_view, layout::kControlCommands.size() + 1> names{};
  std::ranges::transform(layout::kControlCommands, names.begin(),
                         [](auto const& each) { return each.name; });
  names.back() = "unknown";
  return names;
}();
constexpr std::array kLayouts{"in_order"sv, "answer_first"sv, "answer_between"sv, "stray_behind"sv};

// A share of the device's reads.
constexpr Parameter share(std::string_view name, std::string_view meaning) {
  return {name, 0, 1000, 0, meaning};
}
constexpr Parameter flag(std::string_view name, std::string_view meaning) {
  return {name, 0, 1, 0, meaning, kNoYes};
}
constexpr Parameter queue{"queue", 0, kQueues.size() - 1, 0, "which, modulo those in use", kQueues};
constexpr Parameter destination{"to", 0, 4, 0, "its destination address", kDestinations};
constexpr Parameter count{"count", 1, 64, 1, "as many alike"};
constexpr Parameter gap{"gap", 5, 4000, 12, "bytes of idle in front"};
constexpr Parameter fault{"fault", 0, 5, 0, "on the way", kFaults};

constexpr std::array kLink{
    Parameter{"preset", 0, 1, 0, "width and latencies", kPresets},
    Parameter{"slow", 1, 16, 1, "so many times slower than that"},
    Parameter{"credits", 1, 64, 64, "TLPs of a kind under way at most"},
    Parameter{"credit_bytes", 256, 16384, 16384, "bytes of writes under way at most"},
    share("late_permille", "of reads, answered late"),
    share("split_permille", "of reads, answered piece by piece"),
    share("held_permille", "of reads, overtaken by the next"),
    share("poisoned_permille", "of reads, answered with poisoned data"),
    share("missing_permille", "of reads, never answered"),
    Parameter{"late_by_ns", 0, 10000, 0, "how late at most"},
};
constexpr std::array kStart{
    Parameter{"rx_size", 1, layout::kMaxQueueSize, 16, "slots of the receive ring"},
    Parameter{"tx_size", 1, layout::kMaxQueueSize, 16, "slots of the transmit ring"},
    flag("indirect", "negotiated"),
    flag("event_idx", "negotiated"),
    flag("mergeable", "negotiated"),
    flag("csum", "negotiated: checksums of packets sent"),
    flag("guest_csum", "negotiated: checksums of packets received"),
    flag("segments", "negotiated, with csum: TCP packets are cut"),
    flag("hash_report", "negotiated: longer headers, with a hash"),
    Parameter{"rx_vector", 0, 3, 1, "of the receive queue", kVectorsOrNone},
    Parameter{"tx_vector", 0, 3, 2, "of the transmit queue", kVectorsOrNone},
    flag("abrupt", "resets in the middle of what is under way"),
    flag("hasty", "sets queues up before the reset is over, and again behind it"),
    Parameter{"pairs", 1, layout::kMaxQueuePairs, 1, "of queues in use, if that was negotiated"},
    flag("control", "negotiated: the control queue; without it all that follows is not"),
    flag("ctrl_rx", "negotiated: the receive filter and its extra modes"),
    flag("ctrl_vlan", "negotiated: the VLAN filter"),
    flag("ctrl_mac", "negotiated: the station's address by command"),
    flag("announce", "negotiated"),
    flag("mq", "negotiated: several pairs"),
    flag("rss", "negotiated: receive side scaling"),
    flag("coal", "negotiated: moderation by command"),
    flag("vq_coal", "negotiated: moderation of a queue by command"),
    flag("offloads", "negotiated: receive offloads by command"),
};
// Of send and post.
constexpr std::array kOffer{
    Parameter{"bytes", -12, 4096, 100, "of the frame or buffer; a frame has its header in front"},
    count,
    Parameter{"pieces", 1, 16, 1, "elements that share the bytes"},
    Parameter{"align", 0, 4095, 0, "offset of the first byte in its page"},
    flag("indirect", "in a table, if negotiated"),
    Parameter{"odd", 0, 2, 0, "an element more", kOdds},
    Parameter{"order", 0, 2, 0, "in which a chain becomes available", kOrders},
    Parameter{"torn_ns", 0, 2000, 0, "from its first part until its last"},
    flag("silent", "without a notification"),
    Parameter{"type", 0, 3, 0, "of the frame", kTypes},
    Parameter{"header", 0, 3, 0, "what is in that", kHeaders},
    destination,
    Parameter{"pair", 0, layout::kMaxQueuePairs - 1, 0, "of queues, modulo those in use"},
};
constexpr std::array kArrive{
    Parameter{"bytes", 1, 4000, 60, "of the frame, FCS not counted"},
    count,
    gap,
    fault,
    Parameter{"type", 0, 3, 0, "of the frame", kTypes},
    destination,
};
constexpr std::array kWait{Parameter{"ns", 0, 50000, 0, "that pass"}};
constexpr std::array kEvents{
    queue,
    Parameter{"flags", 0, 3, 0, "of the driver's event area", kEventFlags},
    Parameter{"offset", 0, 65535, 0, "in the ring, and wrap counter in bit 15"},
};
constexpr std::array kModerate{
    queue,
    Parameter{"packets", 0, 64, 0, "at most until an interrupt"},
    Parameter{"usecs", 0, 20, 0, "at most until an interrupt"},
};
constexpr std::array kMask{
    Parameter{"vector", 0, 3, 0, "or the whole function", kVectors},
    flag("on", "masked"),
};
constexpr std::array kMaster{flag("on", "may use the bus")};
constexpr std::array kRefuse{
    Parameter{"after", 0, 100, 0, "reads that are let pass"},
    Parameter{"reads", 1, 20, 1, "that are refused behind them"},
};
constexpr std::array kSpoil{
    queue,
    flag("table", "the entry of the next table, not the descriptor of the next buffer"),
    Parameter{"element", 0, 15, 0, "which of them, as far as there are so many"},
    Parameter{"field", 0, 4, 0, "what is wrong", kFields},
    Parameter{"value", 0, 15, 0, "which of the wrong values"},
};
constexpr std::array kScribble{
    queue,
    Parameter{"slot", 0, layout::kMaxQueueSize - 1, 0, "of the ring, modulo its size"},
    Parameter{"field", 0, 4, 0, "what is written over", kFields},
    Parameter{"value", 0, 15, 0, "by which of the wrong values"},
};
constexpr std::array kNotify{queue, Parameter{"times", 1, 32, 1, "in a row"}};
constexpr std::array kPoke{
    Parameter{"what", 0, kPokes.size() - 1, 0, "a driver does that should not", kPokes},
    Parameter{"value", 0, 65535, 0, "written, or offset read"},
};
constexpr std::array kLine{
    Parameter{"signal", 0, 2, 0, "what the ordered sets tell; both: in turns", kSignals},
    Parameter{"sets", 1, 8000, 4, "in a row, one a column of 3.2 ns, where no frame is"},
    Parameter{"times", 1, 64, 1, "over again"},
    Parameter{"silence", 1, 8000, 128, "columns without one behind them"},
    flag("cut", "they begin in the middle of a frame, which is lost"),
};
constexpr std::array kControl{
    Parameter{"opcode", 0, 2, 0, "what it asks for", kOpcodes},
    Parameter{"quanta", 0, 65535, 0, "of silence, 51.2 ns each; of class 0"},
    Parameter{"step", 0, 65535, 0, "so many more for each class, modulo 65536"},
    Parameter{"classes", 0, 255, 0, "that are meant, a bit each"},
    Parameter{"to", 0, 3, 0, "its destination address", kControlled},
    Parameter{"bytes", 1, 4000, 60, "of the frame, FCS not counted"},
    count,
    gap,
    fault,
};
// At its simplest it is what a reset leaves.
consteval std::int64_t after_reset(std::string_view name) {
  return static_cast<std::int64_t>(layout::find(layout::kMac, name).reset);
}
constexpr std::array kMac{
    flag("obey_pause", "as the other end asks"),
    flag("send_pause", "when the receive frame buffer fills"),
    flag("obey_classes", "priority flow control"),
    flag("send_classes", "the same for the other end"),
    Parameter{"stops", 0, 255, after_reset("pfc_stops"), "classes that stop the queue"},
    Parameter{"sends", 0, 255, after_reset("pfc_sends"), "classes that the other end is to stop"},
    Parameter{"quanta", 0, 65535, after_reset("pause_quanta"), "that the other end is to stop"},
    Parameter{"high", 0, 65535, after_reset("high_watermark"), "bytes that are too much"},
    Parameter{"low", 0, 65535, after_reset("low_watermark"), "bytes that no longer are"},
};

constexpr std::array kCommand{
    Parameter{"what", 0, kCommands.size() - 1, 0, "is said", kCommands},
    Parameter{"value", 0, 65535, 0, "that goes with it"},
    Parameter{"more", 0, 65535, 0, "that goes with it"},
    Parameter{"cut", -8, 64, 0, "bytes that it lacks; below 0: bytes too many"},
    Parameter{"pieces", 1, 16, 1, "elements that share the bytes"},
    Parameter{"room", 0, 16, 1, "bytes for the answer"},
    Parameter{"rooms", 1, 9, 1, "elements that share them"},
    Parameter{"layout", 0, kLayouts.size() - 1, 0, "where the answer's elements stand", kLayouts},
};

static_assert(kLink.size() == link::Count && kStart.size() == start::Count);
static_assert(kOffer.size() == offer::Count && kArrive.size() == arrive::Count);
static_assert(kEvents.size() == events::Count && kModerate.size() == moderate::Count);
static_assert(kSpoil.size() == spoil::Count && kScribble.size() == scribble::Count);
static_assert(kLine.size() == line::Count && kControl.size() == control::Count);
static_assert(kMac.size() == mac::Count && kCommand.size() == command::Count);
static_assert(kStart.size() == kMostParameters);
static_assert(kPokes.size() == poke::NoSuchQueue + 1);

constexpr std::array<KindOfAction, kKinds> kDescriptions{{
    {"link", "how PCIe behaves", kLink},
    {"start", "resets the device and begins a session", kStart},
    {"send", "offers packets to transmit", kOffer},
    {"post", "offers receive buffers", kOffer},
    {"arrive", "puts frames on the wire", kArrive},
    {"wait", "lets time pass", kWait},
    {"events", "says when the driver wants to be interrupted", kEvents},
    {"moderate", "sets moderation", kModerate},
    {"mask", "masks or unmasks MSI-X", kMask},
    {"master", "sets or clears bus mastering", kMaster},
    {"refuse", "has memory refuse reads", kRefuse},
    {"spoil", "has the next buffer be wrong in one field", kSpoil},
    {"scribble", "writes over a slot of a ring", kScribble},
    {"notify", "notifies, perhaps for nothing", kNotify},
    {"poke", "touches registers as no driver should", kPoke},
    {"line", "tells of a fault between frames", kLine},
    {"control", "puts MAC control frames on the wire", kControl},
    {"mac", "sets flow control", kMac},
    {"command", "says something over the control queue", kCommand},
}};

}  // namespace

KindOfAction const& describe(Kind kind) { return kDescriptions[static_cast<std::size_t>(kind)]; }

std::optional<Kind> find_kind(std::string_view name) {
  auto const found = std::find_if(kDescriptions.begin(), kDescriptions.end(),
                                  [&](KindOfAction const& each) { return each.name == name; });
  if (found == kDescriptions.end()) return std::nullopt;
  return static_cast<Kind>(found - kDescriptions.begin());
}

Action simplest(Kind kind) {
  Action action{kind, {}};
  auto const parameters = describe(kind).parameters;
  for (std::size_t i = 0; i < parameters.size(); ++i) action[i] = parameters[i].simplest;
  return action;
}

std::string to_text(Action const& action) {
  KindOfAction const& kind = describe(action.kind);
  std::string text(kind.name);
  for (std::size_t i = 0; i < kind.parameters.size(); ++i) {
    Parameter const& parameter = kind.parameters[i];
    if (action[i] == parameter.simplest) continue;
    text.append(", ").append(parameter.name).append(" ");
    text += parameter.names.empty()
                ? std::to_string(action[i])
                : std::string(parameter.names[static_cast<std::size_t>(action[i])]);
  }
  return text;
}

}  // namespace ringside::testbench::fuzz
