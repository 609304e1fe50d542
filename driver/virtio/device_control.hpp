// What a driver can tell its device over the control queue, and keeps telling it after each reset.
#pragma once

#include <array>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "driver/virtio/control_queue.hpp"
#include "interface/base/mac_address.hpp"
#include "interface/layout/receive_scaling.hpp"

namespace ringside::driver {

// The receive filter (virtio 1.3, 5.1.6.5.1).
struct ReceiveMode {
  bool promiscuous = false;
  bool all_multicast = true;  // the stack does not say which groups it listens to
  bool all_unicast = false;
  bool no_multicast = false;
  bool no_unicast = false;
  bool no_broadcast = false;
  bool operator==(ReceiveMode const&) const = default;
};

// Which hashes of received packets are reported, with HASH_REPORT, and by which key.
struct ReceiveHashing {
  std::uint32_t types = layout::kSupportedHashTypes;
  std::array<std::uint8_t, layout::kHashKeyBytes> key = layout::kDefaultHashKey;
  bool operator==(ReceiveHashing const&) const = default;
};

// How received packets are spread over queue pairs, with RSS (5.1.6.5.6.1).
struct ReceiveScaling {
  ReceiveHashing hashing;
  std::vector<std::uint16_t> table;  // of pairs; its size is a power of two
  std::uint16_t unclassified = 0;    // the pair of packets without a hash
  bool operator==(ReceiveScaling const&) const = default;
};

// Each call says what is wanted from now on; the handler, if there is one, hears what the device
// says, unless this object is gone by then. While the device is being reset only the wish is noted:
// Unavailable is returned then, and the device is told when it is back. Busy: ask once more, later.
class DeviceControl {
 public:
  using Handler = UniqueFunction<void(Result<Done, ControlError>)>;
  using ModerationHandler = UniqueFunction<void(Result<Moderation, ControlError>)>;
  using Outcome = Result<Done, ControlError>;

  // `station_changed` hears of an address that the device has accepted.
  DeviceControl(ControlQueue& queue, std::function<void(MacAddress)> station_changed)
      : queue_(queue), station_changed_(std::move(station_changed)) {}

  Outcome set_receive_mode(ReceiveMode const& mode, Handler handler = {});
  Outcome set_mac_table(std::span<MacAddress const> unicast, std::span<MacAddress const> multicast,
                        Handler handler = {});
  Outcome set_mac(MacAddress const& station, Handler handler = {});
  Outcome add_vlan(std::uint16_t vlan, Handler handler = {});
  Outcome remove_vlan(std::uint16_t vlan, Handler handler = {});
  Outcome set_receive_moderation(Moderation moderation, Handler handler = {});
  Outcome set_transmit_moderation(Moderation moderation, Handler handler = {});
  // Of one queue, until its direction is set as a whole.
  Outcome set_queue_moderation(std::uint16_t queue, Moderation moderation, Handler handler = {});
  Outcome get_queue_moderation(std::uint16_t queue, ModerationHandler handler);
  Outcome acknowledge_announcement(Handler handler = {});
  // Whether the device checks the checksums of what it receives, as it does after a reset if that
  // was negotiated.
  Outcome set_receive_checksums(bool on, Handler handler = {});
  // Over so many pairs, as the device likes, unless a table says more.
  Outcome set_queue_pairs(std::uint16_t pairs, Handler handler = {});
  Outcome set_receive_scaling(ReceiveScaling const& scaling, Handler handler = {});
  // With RSS that is a matter of scaling: an even one, if there has been none.
  Outcome set_receive_hashing(ReceiveHashing const& hashing, Handler handler = {});

  // The device is live with these features and so many pairs to use, and as after a reset.
  void begin(std::uint64_t features, std::uint16_t queue_pairs);

 private:
  bool has(std::uint64_t feature) const { return (features_ & feature) != 0; }
  Outcome tell(std::uint64_t feature, std::uint16_t command, std::span<std::uint8_t const> data,
               Handler handler);
  Outcome tell_switch(std::uint64_t feature, std::uint16_t command, bool on, Handler handler);
  ControlHandler hearing(Handler handler);
  void go_on();
  Outcome tell_table(Handler handler);
  Outcome tell_moderation(std::uint16_t command, Moderation moderation, Handler handler);
  Outcome tell_pairs(Handler handler);
  Outcome tell_scaling(ReceiveScaling const& scaling, Handler handler);
  Outcome tell_hashing(Handler handler);
  void repeat_scaling();

  ControlQueue& queue_;
  std::function<void(MacAddress)> station_changed_;
  std::uint64_t features_ = 0;
  std::deque<UniqueFunction<Outcome()>> to_repeat_;  // after a reset, and not said yet
  // Wishes.
  ReceiveMode mode_;
  std::vector<MacAddress> unicast_;
  std::vector<MacAddress> multicast_;
  std::optional<MacAddress> station_;
  std::set<std::uint16_t> vlans_;
  Moderation receive_;
  Moderation transmit_;
  std::map<std::uint16_t, Moderation> by_queue_;
  bool receive_checksums_ = true;
  std::uint16_t pairs_ = 1;
  std::optional<ReceiveScaling> scaling_;
  std::optional<ReceiveHashing> hashing_;
  // Handlers that are on their way ask this whether we still exist.
  std::shared_ptr<char const> alive_ = std::make_shared<char const>('\0');
};

}  // namespace ringside::driver
