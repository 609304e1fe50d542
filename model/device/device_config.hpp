// Device configuration (virtio 1.3, 5.1.4): what the driver reads about this network device.
#pragma once

#include <cstdint>

#include "interface/base/mac_address.hpp"
#include "model/device/register_block.hpp"

namespace ringside::model {

class DeviceConfig final : public RegisterBlock {
 public:
  explicit DeviceConfig(MacAddress mac) : permanent_(mac), mac_(mac) {}

  std::uint32_t read_word(std::uint32_t offset) override;

  // Returns whether this is a change.
  bool set_link(bool up);
  bool link_up() const { return link_up_; }

  // The driver gives the station another address, until the device is reset.
  void set_mac(MacAddress mac);
  MacAddress mac() const { return mac_; }
  // The driver is to announce its station to the network (5.1.6.5.4), and has done so.
  void ask_to_announce() { announce_ = true; }
  void announced();
  void reset();

  // Differs between two reads of the configuration with a change in between (4.1.4.3.1).
  std::uint8_t generation() const { return generation_; }

 private:
  MacAddress permanent_;
  MacAddress mac_;
  bool link_up_ = true;
  bool announce_ = false;
  bool changed_ = false;  // since the driver last read
  std::uint8_t generation_ = 0;
};

}  // namespace ringside::model
