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
  store_le<std::uint16_t>(&bytes[find(kDeviceConfig, "link_status").offset], link_up_ ? 1 : 0);
  store_le<std::uint16_t>(&bytes[find(kDeviceConfig, "max_virtqueue_pairs").offset],
                          find(kDeviceConfig, "max_virtqueue_pairs").reset);
  store_le<std::uint16_t>(&bytes[find(kDeviceConfig, "mtu").offset], layout::kMtu);
  return load_le<std::uint32_t>(&bytes[offset]);
}

bool DeviceConfig::set_link(bool up) {
  if (up == link_up_) return false;
  link_up_ = up;
  changed_ = true;
  return true;
}

}  // namespace ringside::model
