// What registers ask of the device behind them.
#pragma once

#include <cstdint>

namespace ringside::model {

class DeviceControl {
 public:
  virtual ~DeviceControl() = default;
  virtual void driver_resets() = 0;
  virtual void driver_is_ready() = 0;  // DRIVER_OK has been accepted
  virtual void queue_enabled(std::uint16_t queue) = 0;
  virtual void queue_notified(std::uint16_t queue) = 0;
};

}  // namespace ringside::model
