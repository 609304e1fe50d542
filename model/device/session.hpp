// Whether the device works: what lies between two resets.
#pragma once

#include <cstdint>
#include <optional>

#include "interface/layout/limits.hpp"
#include "model/device/device_error.hpp"

namespace ringside::model {

// Work that has been waiting for memory asks live() again before it goes on: a session may end
// meanwhile. A new one can not begin before all such work has come to its end.
class Session {
 public:
  // From DRIVER_OK until a reset or an error: buffers are taken, used and announced.
  bool live() const { return state_ == State::Live; }
  // A reset has been asked for and old work has not ended yet.
  bool draining() const { return state_ == State::Draining; }
  std::optional<DeviceError> error() const { return error_; }

  void begin() {
    if (state_ == State::Idle) state_ = State::Live;
  }
  void drain() { state_ = State::Draining; }
  void reset() { *this = {}; }
  // Returns whether this error is the one that ends the session.
  bool fail(DeviceError error) {
    if (!live()) return false;
    state_ = State::Broken;
    error_ = error;
    return true;
  }

  // A DMA error on packet data. True when there have been so many that the device must give up.
  bool count_data_error() { return ++data_errors_ >= layout::kDataErrorsUntilReset; }

 private:
  enum class State : std::uint8_t { Idle, Live, Broken, Draining };
  State state_ = State::Idle;
  std::optional<DeviceError> error_;
  std::uint32_t data_errors_ = 0;
};

}  // namespace ringside::model
