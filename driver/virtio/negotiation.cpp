// Feature selection and the checks on the device configuration.
#include "driver/virtio/negotiation.hpp"

#include <algorithm>
#include <array>

#include "interface/layout/registers.hpp"

namespace ringside::driver {

namespace {

using layout::bit;

// A feature makes sense only with one of those that it needs (virtio 1.3, 5.1.3.1).
struct Dependency {
  std::uint64_t features;
  std::uint64_t any_of;
};
constexpr std::array kDependencies{
    Dependency{bit(7) | bit(8) | bit(10), layout::kFeatureGuestCsum},  // GUEST_TSO4, TSO6, UFO
    Dependency{bit(9), bit(7) | bit(8)},                               // GUEST_ECN
    Dependency{bit(11) | bit(12) | bit(14) | bit(56),
               layout::kFeatureCsum},        // HOST_TSO4, TSO6, UFO, USO
    Dependency{bit(13), bit(11) | bit(12)},  // HOST_ECN
    // CTRL_RX, CTRL_VLAN, GUEST_ANNOUNCE, MQ, CTRL_MAC_ADDR, VQ_NOTF_COAL, NOTF_COAL, RSS
    Dependency{bit(18) | bit(19) | bit(21) | bit(22) | bit(23) | bit(52) | bit(53) | bit(60),
               layout::kFeatureCtrlVq},
};

bool consistent(std::uint64_t features) {
  return std::all_of(kDependencies.begin(), kDependencies.end(), [features](Dependency const& d) {
    return (features & d.features) == 0 || (features & d.any_of) != 0;
  });
}

// Without those that lack what they need, since that was not wished for.
std::uint64_t supported(std::uint64_t features) {
  for (bool changed = true; changed;) {
    changed = false;
    for (Dependency const& d : kDependencies) {
      if ((features & d.features) == 0 || (features & d.any_of) != 0) continue;
      features &= ~d.features;
      changed = true;
    }
  }
  return features;
}

constexpr std::uint32_t kMacOffset = layout::find(layout::kDeviceConfig, "mac").offset;
constexpr std::uint32_t kLinkStatusOffset =
    layout::find(layout::kDeviceConfig, "link_status").offset;
constexpr std::uint32_t kMaxPairsOffset =
    layout::find(layout::kDeviceConfig, "max_virtqueue_pairs").offset;
constexpr std::uint32_t kMtuOffset = layout::find(layout::kDeviceConfig, "mtu").offset;

std::uint16_t read_config16(VirtioTransport& transport, std::uint32_t offset) {
  std::array<std::uint8_t, 2> bytes{};
  transport.read_config(offset, bytes);
  return load_le<std::uint16_t>(bytes.data());
}

bool station_address(MacAddress const& mac) { return !mac.is_group() && mac != MacAddress{}; }

}  // namespace

DriverError driver_error(TransportError error) {
  switch (error) {
    case TransportError::NotFound:
      return DriverError::DeviceMissing;
    case TransportError::FeaturesRefused:
      return DriverError::FeaturesRefused;
    case TransportError::ResetTimeout:
      return DriverError::ResetTimeout;
    case TransportError::QueueMissing:
    case TransportError::VectorRefused:
    case TransportError::Unsupported:
      break;
  }
  return DriverError::QueueMissing;
}

namespace {

// What the device has of pairs decides where its control queue is (5.1.2). One that has not the
// queues that it says, or says what can not be, is used as if it had one pair.
void agree_on_pairs(VirtioTransport& transport, Wishes const& wishes, Agreement& agreed) {
  constexpr std::uint16_t kMostPairs = 0x8000;  // 5.1.4
  if ((agreed.features & layout::kFeaturesOfPairs) == 0) return;
  std::uint16_t const pairs = read_config16(transport, kMaxPairsOffset);
  std::uint32_t const control = 2U * pairs;
  if (pairs < 2 || pairs > kMostPairs || control >= transport.queue_count()) {
    agreed.features &= ~layout::kFeaturesOfPairs;
    return;
  }
  agreed.queue_pairs = std::min(pairs, wishes.queue_pairs);
  agreed.control_queue = static_cast<std::uint16_t>(control);
}

}  // namespace

Result<Agreement, DriverError> negotiate(VirtioTransport& transport, Wishes const& wishes) {
  std::uint64_t const offered = transport.offered_features();
  if (!consistent(offered)) return DriverError::FeaturesInconsistent;

  Agreement agreed;
  agreed.features = supported(offered & wishes.features & kFeaturesKnown);
  if (wishes.queue_pairs < 2) agreed.features &= ~layout::kFeaturesOfPairs;
  if (!wishes.hash_report) agreed.features &= ~layout::kFeatureHashReport;
  if ((agreed.features & layout::kFeaturesRequired) != layout::kFeaturesRequired) {
    return DriverError::FeatureMissing;
  }

  // A control queue that does not exist is no reason to do without the others.
  if (transport.queue_count() <= layout::kControlQueueOfOnePair) {
    agreed.features &= ~layout::kFeatureCtrlVq;
  }
  if (!agreed.has(layout::kFeatureCtrlVq)) {
    agreed.features &= ~(layout::kFeaturesOfControl | layout::kFeatureHashReport |
                         layout::kFeatureCtrlGuestOffloads);
  }
  agree_on_pairs(transport, wishes, agreed);

  // What is offered may be read before it is accepted (2.5.1), so a bad value costs only its bit.
  std::uint32_t const max_mtu =
      std::min(wishes.max_frame_bytes - kEthernetHeaderBytes - kVlanTagBytes, 65535U);
  agreed.mtu = static_cast<std::uint16_t>(std::min<std::uint32_t>(kDefaultMtu, max_mtu));
  if (agreed.has(layout::kFeatureMtu)) {
    std::uint16_t const mtu = read_config16(transport, kMtuOffset);
    if (mtu >= kMinMtu && mtu <= max_mtu) {
      agreed.mtu = mtu;
    } else {
      agreed.features &= ~layout::kFeatureMtu;
    }
  }
  if (auto accepted = transport.accept_features(agreed.features); !accepted) {
    return driver_error(accepted.error());
  }

  agreed.mac = wishes.fallback_mac;
  if (agreed.has(layout::kFeatureMac)) transport.read_config(kMacOffset, agreed.mac.bytes);
  if (!station_address(agreed.mac)) return DriverError::ConfigInvalid;
  agreed.link_up = read_link_up(transport, agreed.features);
  return agreed;
}

bool read_link_up(VirtioTransport& transport, std::uint64_t features) {
  if ((features & layout::kFeatureStatus) == 0) return true;
  return (read_config16(transport, kLinkStatusOffset) & layout::kLinkUp) != 0;
}

bool announcement_asked(VirtioTransport& transport, std::uint64_t features) {
  constexpr std::uint64_t kBoth = layout::kFeatureStatus | layout::kFeatureGuestAnnounce;
  if ((features & kBoth) != kBoth) return false;
  return (read_config16(transport, kLinkStatusOffset) & layout::kAnnounce) != 0;
}

}  // namespace ringside::driver
