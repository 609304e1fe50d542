#include "driver/virtio/device_control.hpp"

#include <algorithm>
#include <array>

#include "interface/layout/control.hpp"

namespace ringside::driver {

namespace {

using layout::control_command;

constexpr std::size_t kQueueBytes = 4;
constexpr std::size_t kModerationBytes = sizeof(layout::Coalescing);

struct Switch {
  std::uint64_t feature;
  std::uint16_t command;
  bool ReceiveMode::*value;
};
constexpr std::array kSwitches{
    Switch{layout::kFeatureCtrlRx, control_command("rx_promisc"), &ReceiveMode::promiscuous},
    Switch{layout::kFeatureCtrlRx, control_command("rx_allmulti"), &ReceiveMode::all_multicast},
    Switch{layout::kFeatureCtrlRxExtra, control_command("rx_alluni"), &ReceiveMode::all_unicast},
    Switch{layout::kFeatureCtrlRxExtra, control_command("rx_nomulti"), &ReceiveMode::no_multicast},
    Switch{layout::kFeatureCtrlRxExtra, control_command("rx_nouni"), &ReceiveMode::no_unicast},
    Switch{layout::kFeatureCtrlRxExtra, control_command("rx_nobcast"), &ReceiveMode::no_broadcast},
};
constexpr ReceiveMode kModeAfterReset{.all_multicast = false};

std::array<std::uint8_t, kModerationBytes> bytes_of(Moderation moderation) {
  std::array<std::uint8_t, kModerationBytes> bytes;
  store_le<std::uint32_t>(&bytes[0], moderation.max_packets);
  store_le<std::uint32_t>(&bytes[4], moderation.max_usecs);
  return bytes;
}

void append(std::vector<std::uint8_t>& data, std::vector<MacAddress> const& addresses) {
  data.resize(data.size() + layout::kMacCountBytes);
  store_le<std::uint32_t>(&data[data.size() - layout::kMacCountBytes],
                          static_cast<std::uint32_t>(addresses.size()));
  for (MacAddress const& address : addresses) {
    data.insert(data.end(), address.bytes.begin(), address.bytes.end());
  }
}

}  // namespace

ControlHandler DeviceControl::hearing(Handler handler) {
  std::weak_ptr<char const> const alive = alive_;
  return [this, alive, handler = std::move(handler)](ControlOutcome outcome) mutable {
    if (alive.expired()) return;
    if (handler) handler(outcome ? Outcome(Done{}) : outcome.error());
    if (!alive.expired()) go_on();
  };
}

DeviceControl::Outcome DeviceControl::tell(std::uint64_t feature, std::uint16_t command,
                                           std::span<std::uint8_t const> data, Handler handler) {
  if (!has(feature)) return ControlError::Unavailable;
  return queue_.send(command, data, 0, hearing(std::move(handler)));
}

DeviceControl::Outcome DeviceControl::tell_switch(std::uint64_t feature, std::uint16_t command,
                                                  bool on, Handler handler) {
  std::uint8_t const value = on ? 1 : 0;
  return tell(feature, command, {&value, 1}, std::move(handler));
}

// One command for each switch that the device has; the last of them has the handler. All are told,
// also those that do not change: one that the device has not heard of is not known to be as it was.
DeviceControl::Outcome DeviceControl::set_receive_mode(ReceiveMode const& mode, Handler handler) {
  mode_ = mode;
  std::vector<Switch const*> told;
  for (Switch const& each : kSwitches) {
    if (!has(each.feature) && mode.*each.value) return ControlError::Unavailable;
    if (has(each.feature)) told.push_back(&each);
  }
  if (told.empty()) return ControlError::Unavailable;
  for (Switch const* each : told) {
    bool const last = each == told.back();
    auto const outcome = tell_switch(each->feature, each->command, mode.*(each->value),
                                     last ? std::move(handler) : Handler{});
    if (!outcome) return outcome;
  }
  return Done{};
}

DeviceControl::Outcome DeviceControl::tell_table(Handler handler) {
  std::vector<std::uint8_t> data;
  append(data, unicast_);
  append(data, multicast_);
  return tell(layout::kFeatureCtrlRx, control_command("mac_table_set"), data, std::move(handler));
}

DeviceControl::Outcome DeviceControl::set_mac_table(std::span<MacAddress const> unicast,
                                                    std::span<MacAddress const> multicast,
                                                    Handler handler) {
  std::size_t const bytes = layout::kControlHeadBytes + 2 * layout::kMacCountBytes +
                            (unicast.size() + multicast.size()) * layout::kMacBytes;
  if (bytes > ControlQueue::kCommandBytes) return ControlError::TooLong;
  unicast_.assign(unicast.begin(), unicast.end());
  multicast_.assign(multicast.begin(), multicast.end());
  return tell_table(std::move(handler));
}

DeviceControl::Outcome DeviceControl::set_mac(MacAddress const& station, Handler handler) {
  station_ = station;
  return tell(layout::kFeatureCtrlMacAddr, control_command("mac_addr_set"), station.bytes,
              [this, station, handler = std::move(handler)](Outcome outcome) mutable {
                if (outcome) station_changed_(station);
                if (handler) handler(outcome);
              });
}

DeviceControl::Outcome DeviceControl::add_vlan(std::uint16_t vlan, Handler handler) {
  vlans_.insert(vlan);
  std::array<std::uint8_t, 2> data;
  store_le<std::uint16_t>(data.data(), vlan);
  return tell(layout::kFeatureCtrlVlan, control_command("vlan_add"), data, std::move(handler));
}

DeviceControl::Outcome DeviceControl::remove_vlan(std::uint16_t vlan, Handler handler) {
  vlans_.erase(vlan);
  std::array<std::uint8_t, 2> data;
  store_le<std::uint16_t>(data.data(), vlan);
  return tell(layout::kFeatureCtrlVlan, control_command("vlan_del"), data, std::move(handler));
}

DeviceControl::Outcome DeviceControl::tell_moderation(std::uint16_t command, Moderation moderation,
                                                      Handler handler) {
  return tell(layout::kFeatureNotfCoal, command, bytes_of(moderation), std::move(handler));
}

DeviceControl::Outcome DeviceControl::set_receive_moderation(Moderation moderation,
                                                             Handler handler) {
  receive_ = moderation;
  std::erase_if(by_queue_, [](auto const& each) { return each.first % 2 == 0; });
  return tell_moderation(control_command("coal_rx_set"), moderation, std::move(handler));
}

DeviceControl::Outcome DeviceControl::set_transmit_moderation(Moderation moderation,
                                                              Handler handler) {
  transmit_ = moderation;
  std::erase_if(by_queue_, [](auto const& each) { return each.first % 2 == 1; });
  return tell_moderation(control_command("coal_tx_set"), moderation, std::move(handler));
}

DeviceControl::Outcome DeviceControl::set_queue_moderation(std::uint16_t queue,
                                                           Moderation moderation, Handler handler) {
  by_queue_[queue] = moderation;
  std::array<std::uint8_t, kQueueBytes + kModerationBytes> data{};
  store_le<std::uint16_t>(data.data(), queue);
  auto const setting = bytes_of(moderation);
  std::copy(setting.begin(), setting.end(), data.begin() + kQueueBytes);
  return tell(layout::kFeatureVqNotfCoal, control_command("coal_vq_set"), data, std::move(handler));
}

DeviceControl::Outcome DeviceControl::get_queue_moderation(std::uint16_t queue,
                                                           ModerationHandler handler) {
  if (!has(layout::kFeatureVqNotfCoal)) return ControlError::Unavailable;
  std::array<std::uint8_t, kQueueBytes> data{};
  store_le<std::uint16_t>(data.data(), queue);
  return queue_.send(control_command("coal_vq_get"), data, kModerationBytes,
                     [alive = std::weak_ptr<char const>(alive_),
                      handler = std::move(handler)](ControlOutcome outcome) mutable {
                       if (alive.expired()) return;
                       if (!outcome) return handler(outcome.error());
                       handler(Moderation{load_le<std::uint32_t>(&(*outcome)[0]),
                                          load_le<std::uint32_t>(&(*outcome)[4])});
                     });
}

DeviceControl::Outcome DeviceControl::acknowledge_announcement(Handler handler) {
  return tell(layout::kFeatureGuestAnnounce, control_command("announce_ack"), {},
              std::move(handler));
}

DeviceControl::Outcome DeviceControl::set_receive_checksums(bool on, Handler handler) {
  receive_checksums_ = on;
  if (on && !has(layout::kFeatureGuestCsum)) return ControlError::Unavailable;
  std::array<std::uint8_t, sizeof(std::uint64_t)> data;
  store_le<std::uint64_t>(data.data(), on ? layout::kFeatureGuestCsum : 0);
  return tell(layout::kFeatureCtrlGuestOffloads, control_command("guest_offloads_set"), data,
              std::move(handler));
}

// What a reset left as it is wanted is not said again. A command that is refused here was refused
// before, or is not understood by this device: nobody waits for it.
void DeviceControl::begin(std::uint64_t features, std::uint16_t queue_pairs) {
  features_ = features;
  pairs_ = queue_pairs;
  to_repeat_.clear();
  if (!has(layout::kFeatureCtrlVq)) return;
  auto const repeat = [this](auto step) { to_repeat_.emplace_back(std::move(step)); };
  for (Switch const& each : kSwitches) {
    if (mode_.*each.value != kModeAfterReset.*each.value) {
      repeat(
          [this, &each] { return tell_switch(each.feature, each.command, mode_.*each.value, {}); });
    }
  }
  if (!unicast_.empty() || !multicast_.empty()) repeat([this] { return tell_table({}); });
  if (station_) repeat([this, station = *station_] { return set_mac(station); });
  for (std::uint16_t const vlan : vlans_) repeat([this, vlan] { return add_vlan(vlan); });
  auto const set = [this](std::uint16_t command, Moderation moderation) {
    return [this, command, moderation] { return tell_moderation(command, moderation, {}); };
  };
  if (receive_ != Moderation{}) repeat(set(control_command("coal_rx_set"), receive_));
  if (transmit_ != Moderation{}) repeat(set(control_command("coal_tx_set"), transmit_));
  for (auto const& [queue, moderation] : by_queue_) {
    repeat([this, queue = queue, moderation = moderation] {
      return set_queue_moderation(queue, moderation);
    });
  }
  if (!receive_checksums_) repeat([this] { return set_receive_checksums(false); });
  repeat_scaling();
  go_on();
}

// As many as there is room for; the end of each command calls this again.
void DeviceControl::go_on() {
  while (!to_repeat_.empty()) {
    auto const told = to_repeat_.front()();
    if (!told && told.error() == ControlError::Busy) return;
    to_repeat_.pop_front();
  }
}

}  // namespace ringside::driver
