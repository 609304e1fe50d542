#include "model/device/device_config.hpp"

#include <algorithm>
#include <array>

#include "interface/base/bytes.hpp"
#include "interface/layout/registers.hpp"

namespace ringside::model {

std::uint32_t DeviceConfig::read_word(std::uint32_t offset) {
  // A driver that has read nothing since the last change can not have read half of it, so many
  // changes may share one step of the generation.
  if (changed_) ++generation_;
  changed_ = false;

  using layout::find;
  using layout::kDeviceConfig;
  std::array<std::uint8_t, layout::kDeviceBlock.size> bytes{};
  std::copy(mac_.bytes.begin(), mac_.bytes.end(),
            bytes.begin() + find(kDeviceConfig, "mac").offset);
  store_le<std::uint16_t>(&bytes[find(kDeviceConfig, "link_status").offset],
                          static_cast<std::uint16_t>((link_up_ ? layout::kLinkUp : 0) |
                                                     (announce_ ? layout::kAnnounce : 0)));
  store_le<std::uint16_t>(&bytes[find(kDeviceConfig, "max_virtqueue_pairs").offset],
                          find(kDeviceConfig, "max_virtqueue_pairs").reset);
  store_le<std::uint16_t>(&bytes[find(kDeviceConfig, "mtu").offset], layout::kMtu);
  bytes[find(kDeviceConfig, "rss_max_key_size").offset] = layout::kHashKeyBytes;
  store_le<std::uint16_t>(&bytes[find(kDeviceConfig, "rss_max_indirection_table_length").offset],
                          layout::kIndirectionEntries);
  store_le<std::uint32_t>(&bytes[find(kDeviceConfig, "supported_hash_types").offset],
                          layout::kSupportedHashTypes);
  return load_le<std::uint32_t>(&bytes[offset]);
}

bool DeviceConfig::set_link(bool up) {
  if (up == link_up_) return false;
  link_up_ = up;
  changed_ = true;
  return true;
}

void DeviceConfig::set_mac(MacAddress mac) {
  mac_ = mac;
  changed_ = true;
}

void DeviceConfig::announced() {
  announce_ = false;
  changed_ = true;
}

void DeviceConfig::reset() {
  mac_ = permanent_;
  announce_ = false;
}

}  // namespace ringside::model
