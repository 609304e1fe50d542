// Where the driver notifies the device of available buffers (virtio 1.3, 4.1.4.4).
#pragma once

#include <cstdint>

#include "interface/layout/registers.hpp"
#include "model/device/device_control.hpp"
#include "model/device/register_block.hpp"

namespace ringside::model {

class NotifyBlock final : public RegisterBlock {
 public:
  explicit NotifyBlock(DeviceControl& control) : control_(control) {}

  std::uint32_t read_word(std::uint32_t) override { return 0; }
  // The driver writes the queue's index, 16 bits wide, to the queue's slot; anything that does not
  // fit together is not a notification.
  void write_word(std::uint32_t offset, WordWrite write) override {
    constexpr std::uint32_t kHalfWord = 0xFFFF;
    std::uint32_t const slot = offset / layout::kNotifyMultiplier;
    if (write.mask != kHalfWord || (write.data & kHalfWord) != slot) return;
    control_.queue_notified(static_cast<std::uint16_t>(slot));
  }

 private:
  DeviceControl& control_;
};

}  // namespace ringside::model
