#include "model/device/control_command.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "interface/layout/control.hpp"
#include "interface/layout/limits.hpp"
#include "interface/layout/virtio.hpp"
#include "model/device/control_scaling.hpp"

namespace ringside::model {

namespace {

using layout::control_command;

constexpr std::uint32_t kAckBytes = 1;
constexpr std::uint32_t kCoalescingBytes = sizeof(layout::Coalescing);
constexpr std::uint32_t kMostRoom = kCoalescingBytes + kAckBytes;

// One of the switches of the receive filter: a byte that is 0 or 1.
bool set_switch(Bytes data, bool ReceiveFilter::*which, ControlTarget& target) {
  if (data.size() != 1 || data[0] > 1) return false;
  ReceiveFilter filter = target.filter();
  filter.*which = data[0] != 0;
  target.set_filter(std::move(filter));
  return true;
}

// Takes a list off the front of `data`: a count and so many addresses.
std::optional<ReceiveFilter::List> take_list(Bytes& data) {
  if (data.size() < layout::kMacCountBytes) return std::nullopt;
  std::uint64_t const count = load_le<std::uint32_t>(data.data());
  data = data.subspan(layout::kMacCountBytes);
  if (data.size() < count * layout::kMacBytes) return std::nullopt;
  ReceiveFilter::List list;
  list.overflow = count > layout::kMacTableSize;
  for (std::uint64_t i = 0; i < std::min<std::uint64_t>(count, layout::kMacTableSize); ++i) {
    MacAddress address;
    std::copy_n(data.begin() + static_cast<std::ptrdiff_t>(i * layout::kMacBytes),
                layout::kMacBytes, address.bytes.begin());
    list.addresses.push_back(address);
  }
  data = data.subspan(count * layout::kMacBytes);
  return list;
}

bool set_table(Bytes data, ControlTarget& target) {
  auto unicast = take_list(data);
  if (!unicast) return false;
  auto multicast = take_list(data);
  if (!multicast || !data.empty()) return false;
  ReceiveFilter filter = target.filter();
  filter.unicast = std::move(*unicast);
  filter.multicast = std::move(*multicast);
  target.set_filter(std::move(filter));
  return true;
}

bool set_station(Bytes data, ControlTarget& target) {
  MacAddress station;
  if (data.size() != station.bytes.size()) return false;
  std::copy(data.begin(), data.end(), station.bytes.begin());
  target.set_station(station);
  return true;
}

bool set_vlan(Bytes data, bool wanted, ControlTarget& target) {
  if (data.size() != sizeof(std::uint16_t)) return false;
  std::uint16_t const vlan = load_le<std::uint16_t>(data.data());
  if (vlan >= layout::kVlans) return false;
  ReceiveFilter filter = target.filter();
  filter.vlans[vlan] = wanted;
  target.set_filter(std::move(filter));
  return true;
}

Moderation::Setting load_coalescing(Bytes data) {
  return {load_le<std::uint32_t>(data.data()), load_le<std::uint32_t>(&data[4])};
}

bool set_coalescing(Bytes data, std::uint16_t first, ControlTarget& target) {
  if (data.size() != kCoalescingBytes) return false;
  for (std::uint16_t queue = first; queue < layout::kDataQueues; queue += 2) {
    target.set_coalescing(queue, load_coalescing(data));
  }
  return true;
}

// The queue that a command is about, if there is one that can be meant.
std::optional<std::uint16_t> queue_of(Bytes data, ControlTarget const& target) {
  std::uint16_t const queue = load_le<std::uint16_t>(data.data());
  if (queue >= layout::kDataQueues || !target.queue_enabled_now(queue)) return std::nullopt;
  return queue;
}

bool set_coalescing_of_queue(Bytes data, ControlTarget& target) {
  constexpr std::size_t kQueueBytes = 4;
  if (data.size() != kQueueBytes + kCoalescingBytes) return false;
  auto const queue = queue_of(data, target);
  if (queue) target.set_coalescing(*queue, load_coalescing(data.subspan(kQueueBytes)));
  return queue.has_value();
}

bool set_guest_offloads(Bytes data, ControlTarget& target) {
  if (data.size() != sizeof(std::uint64_t)) return false;
  auto const offloads = load_le<std::uint64_t>(data.data());
  if ((offloads & ~layout::kGuestOffloads) != 0) return false;
  for (auto const& feature : layout::kFeatureBits) {
    std::uint64_t const bit = layout::bit(feature.value);
    if ((offloads & bit) != 0 && !target.negotiated(bit)) return false;
  }
  target.set_guest_offloads(offloads);
  return true;
}

bool change(std::uint16_t command, Bytes data, ControlTarget& target) {
  auto const agreed = [&](std::uint64_t feature) { return target.negotiated(feature); };
  switch (command) {
    case control_command("rx_promisc"):
      return agreed(layout::kFeatureCtrlRx) &&
             set_switch(data, &ReceiveFilter::promiscuous, target);
    case control_command("rx_allmulti"):
      return agreed(layout::kFeatureCtrlRx) &&
             set_switch(data, &ReceiveFilter::all_multicast, target);
    case control_command("rx_alluni"):
      return agreed(layout::kFeatureCtrlRxExtra) &&
             set_switch(data, &ReceiveFilter::all_unicast, target);
    case control_command("rx_nomulti"):
      return agreed(layout::kFeatureCtrlRxExtra) &&
             set_switch(data, &ReceiveFilter::no_multicast, target);
    case control_command("rx_nouni"):
      return agreed(layout::kFeatureCtrlRxExtra) &&
             set_switch(data, &ReceiveFilter::no_unicast, target);
    case control_command("rx_nobcast"):
      return agreed(layout::kFeatureCtrlRxExtra) &&
             set_switch(data, &ReceiveFilter::no_broadcast, target);
    case control_command("mac_table_set"):
      return agreed(layout::kFeatureCtrlRx) && set_table(data, target);
    case control_command("mac_addr_set"):
      return agreed(layout::kFeatureCtrlMacAddr) && set_station(data, target);
    case control_command("vlan_add"):
      return agreed(layout::kFeatureCtrlVlan) && set_vlan(data, true, target);
    case control_command("vlan_del"):
      return agreed(layout::kFeatureCtrlVlan) && set_vlan(data, false, target);
    case control_command("announce_ack"):
      if (!agreed(layout::kFeatureGuestAnnounce) || !data.empty()) return false;
      target.announced();
      return true;
    case control_command("mq_pairs_set"):
      return agreed(layout::kFeatureMq) && set_pairs(data, target);
    case control_command("mq_rss_config"):
      return agreed(layout::kFeatureRss) && set_scaling(data, target);
    case control_command("mq_hash_config"):
      return agreed(layout::kFeatureHashReport) && !agreed(layout::kFeatureRss) &&
             agreed(layout::kFeatureCtrlVq) && set_hashing(data, target);
    case control_command("guest_offloads_set"):
      return agreed(layout::kFeatureCtrlGuestOffloads) && agreed(layout::kFeatureCtrlVq) &&
             set_guest_offloads(data, target);
    case control_command("coal_tx_set"):
      return agreed(layout::kFeatureNotfCoal) &&
             set_coalescing(data, layout::kTransmitQueue, target);
    case control_command("coal_rx_set"):
      return agreed(layout::kFeatureNotfCoal) &&
             set_coalescing(data, layout::kReceiveQueue, target);
    case control_command("coal_vq_set"):
      return agreed(layout::kFeatureVqNotfCoal) && set_coalescing_of_queue(data, target);
    default:
      return false;
  }
}

// The answer stands in front of the ack, also of a question that is refused.
std::vector<std::uint8_t> coalescing_of_queue(Bytes data, bool refused,
                                              ControlTarget const& target) {
  std::vector<std::uint8_t> answer(kMostRoom, 0);
  std::optional<std::uint16_t> queue;
  if (!refused && data.size() == sizeof(std::uint32_t)) queue = queue_of(data, target);
  if (queue) {
    auto const setting = target.coalescing(*queue);
    store_le<std::uint32_t>(&answer[0], setting.max_packets);
    store_le<std::uint32_t>(&answer[4], setting.max_usecs);
  }
  answer.back() = queue ? layout::kControlOk : layout::kControlErr;
  return answer;
}

}  // namespace

void ControlBuffer::add(std::uint64_t address, std::uint32_t length, bool writable) {
  if (writable) {
    wrote_ = true;
    std::uint32_t const part = std::min(length, kMostRoom - room_bytes_);
    if (part != 0) room_.push_back({address, part});
    room_bytes_ += part;
    return;
  }
  refused_ = refused_ || wrote_ || length > layout::kMaxControlBytes - command_bytes_;
  if (refused_ || length == 0) return;
  command_.push_back({address, length});
  command_bytes_ += length;
}

std::vector<std::uint8_t> carry_out(ControlBuffer const& buffer, Bytes bytes, bool readable,
                                    ControlTarget& target) {
  if (buffer.room_bytes() == 0) return {};
  std::vector<std::uint8_t> const no{layout::kControlErr};
  if (!readable || bytes.size() < layout::kControlHeadBytes) return no;
  auto const command = load_be<std::uint16_t>(bytes.data());
  Bytes const data = bytes.subspan(layout::kControlHeadBytes);
  if (command == control_command("coal_vq_get") && target.negotiated(layout::kFeatureVqNotfCoal)) {
    if (buffer.room_bytes() < kMostRoom) return no;
    return coalescing_of_queue(data, buffer.refused(), target);
  }
  if (buffer.refused() || !change(command, data, target)) return no;
  return {layout::kControlOk};
}

}  // namespace ringside::model
