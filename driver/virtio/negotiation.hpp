// Agreement with the device: features, and what its configuration says once it has been judged.
#pragma once

#include <cstdint>

#include "interface/base/mac_address.hpp"
#include "interface/base/result.hpp"
#include "interface/layout/virtio.hpp"
#include "interface/seam/virtio_transport.hpp"

namespace ringside::driver {

enum class DriverError : std::uint8_t {
  DeviceMissing,         // the transport does not lead to a usable device
  ResetTimeout,          // the device did not come out of reset
  FeatureMissing,        // VERSION_1 or packed rings are not on offer
  FeaturesInconsistent,  // a feature is on offer without the one that it needs
  FeaturesRefused,       // the device did not keep FEATURES_OK
  ConfigInvalid,         // the device states an address that no station can have
  QueueMissing,          // fewer queues than one pair, or a refused queue
  BufferTooSmall,        // a receive buffer cannot hold the smallest legal packet
  OutOfMemory,
};

DriverError driver_error(TransportError error);

// What the driver asks for when it is on offer.
inline constexpr std::uint64_t kFeaturesWanted =
    layout::kFeaturesRequired | layout::kFeatureMac | layout::kFeatureStatus | layout::kFeatureMtu |
    layout::kFeatureMrgRxbuf | layout::kFeatureIndirectDesc | layout::kFeatureEventIdx |
    layout::kFeatureAccessPlatform | layout::kFeatureOrderPlatform | layout::kFeatureCsum |
    layout::kFeatureGuestCsum | layout::kFeatureHostTso4 | layout::kFeatureHostTso6 |
    layout::kFeatureHostEcn | layout::kFeatureCtrlGuestOffloads | layout::kFeatureCtrlVq |
    (layout::kFeaturesOfControl & ~layout::kFeaturesOfPairs);  // one pair is used

// What it takes besides, if it is to use several pairs, or to hear of hashes.
inline constexpr std::uint64_t kFeaturesOfScaling =
    layout::kFeaturesOfPairs | layout::kFeatureHashReport;
inline constexpr std::uint64_t kFeaturesKnown = kFeaturesWanted | kFeaturesOfScaling;

inline constexpr std::uint16_t kMinMtu = 68;  // RFC 791
inline constexpr std::uint16_t kDefaultMtu = 1500;
inline constexpr std::uint32_t kEthernetHeaderBytes = 14;
inline constexpr std::uint32_t kVlanTagBytes = 4;

struct Agreement {
  std::uint64_t features = 0;
  MacAddress mac;
  std::uint16_t mtu = kDefaultMtu;
  bool link_up = true;
  std::uint16_t queue_pairs = 1;  // in use
  std::uint16_t control_queue = layout::kControlQueueOfOnePair;

  std::uint32_t header_bytes() const {
    return layout::net_header_bytes(has(layout::kFeatureHashReport));
  }
  bool has(std::uint64_t feature) const { return (features & feature) != 0; }
};

struct Wishes {
  std::uint64_t features = kFeaturesWanted;
  MacAddress fallback_mac;        // for a device that has none of its own
  std::uint32_t max_frame_bytes;  // that one packet buffer can hold, virtio header excluded
  std::uint16_t queue_pairs = 1;  // at most
  bool hash_report = false;
};

// From reset to FEATURES_OK (virtio 1.3, 3.1.1, steps 2 to 6). The configuration is read once: what
// was judged is what is used.
Result<Agreement, DriverError> negotiate(VirtioTransport& transport, Wishes const& wishes);

// The link state, as it is now.
bool read_link_up(VirtioTransport& transport, std::uint64_t features);

// Whether the device wants its driver to announce the station to the network.
bool announcement_asked(VirtioTransport& transport, std::uint64_t features);

}  // namespace ringside::driver
