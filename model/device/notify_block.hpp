// Where the driver notifies the device of available buffers (virtio 1.3, 4.1.4.4).
#pragma once

#include <cstdint>

#include "interface/layout/registers.hpp"
#include "model/device/common_config.hpp"
#include "model/device/device_control.hpp"
#include "model/device/register_block.hpp"

namespace ringside::model {

class NotifyBlock final : public RegisterBlock {
 public:
  NotifyBlock(CommonConfig const& common, DeviceControl& control)
      : common_(common), control_(control) {}

  std::uint32_t read_word(std::uint32_t) override { return 0; }
  // The driver writes the queue's index, 16 bits wide, to the queue's slot; anything that does not
  // fit together is not a notification.
  void write_word(std::uint32_t offset, WordWrite write) override {
    constexpr std::uint32_t kHalfWord = 0xFFFF;
    std::uint32_t const slot = offset / layout::kNotifyMultiplier;
    if (write.mask != kHalfWord || (write.data & kHalfWord) != slot) return;
    auto const queue = common_.queue_meant(static_cast<std::uint16_t>(slot));
    if (queue) control_.queue_notified(*queue);
  }

 private:
  CommonConfig const& common_;
  DeviceControl& control_;
};

}  // namespace ringside::model
