// The registers of the reference, told what the RTL's are told.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "interface/base/mac_address.hpp"
#include "interface/base/time.hpp"
#include "model/device/common_config.hpp"
#include "model/device/mac_settings.hpp"
#include "model/device/moderation.hpp"
#include "model/device/msix.hpp"
#include "model/device/notify_block.hpp"
#include "model/device/registers.hpp"

namespace ringside::testbench::lockstep {

// What accesses lead to.
class RegisterEvents {
 public:
  virtual ~RegisterEvents() = default;
  virtual void session_begins() = 0;
  virtual void session_ends() = 0;  // the driver resets the device
  virtual void queue_enabled(std::uint16_t queue) = 0;
  virtual void queue_notified(std::uint16_t queue) = 0;
  virtual void moderation_set(std::uint16_t queue) = 0;
};

class RegisterReference final : private model::DeviceControl {
 public:
  RegisterReference(MacAddress mac, RegisterEvents& events);

  void write(std::uint32_t offset, unsigned size, std::uint32_t value) {
    registers_.write(offset, size, value);
  }
  // What a read gives; nothing for what hangs on the very cycle of the read: counters, the
  // interrupt status, pending bits.
  std::optional<std::uint32_t> read(std::uint32_t offset, unsigned size);

  void set_control(bool msix_enable, bool msix_mask) {
    msix_.set_control(msix_enable, msix_mask);
    function_mask_ = msix_mask;
  }

  // The device says that it needs a reset.
  void set_needs_reset() { common_.set_needs_reset(); }
  // The reset that the driver has asked for is over: registers are as at power on.
  void end_reset();

  // The link status of the device configuration; whether that is a change.
  bool set_link(bool up) { return device_config_.set_link(up); }

  model::CommonConfig const& common() const { return common_; }
  model::DeviceConfig& device_config() { return device_config_; }
  void set_moderation(std::uint16_t queue, model::Moderation::Setting const& setting) {
    moderation_.settings[queue] = setting;
  }
  model::MacSettings const& mac() const { return mac_; }
  model::Moderation::Setting const& moderation(std::uint16_t queue) const {
    return moderation_.settings[queue];
  }

  struct Message {
    std::uint64_t address;
    std::uint32_t data;
    bool masked;  // by the entry or by the function
  };
  Message message(std::uint16_t vector);
  bool msix_enabled() const { return msix_.enabled(); }

 private:
  struct ModerationBlock final : model::RegisterBlock {
    explicit ModerationBlock(RegisterReference& of) : owner(of) {}
    std::uint32_t read_word(std::uint32_t offset) override;
    void write_word(std::uint32_t offset, model::WordWrite write) override;
    RegisterReference& owner;
    std::array<model::Moderation::Setting, layout::kNumQueues> settings{};
  };

  void driver_resets() override;
  void driver_is_ready() override { events_.session_begins(); }
  void queue_enabled(std::uint16_t queue) override { events_.queue_enabled(queue); }
  void queue_notified(std::uint16_t queue) override { events_.queue_notified(queue); }

  RegisterEvents& events_;
  model::DeviceConfig device_config_;
  model::CommonConfig common_{device_config_, *this};
  model::Msix msix_;
  model::NotifyBlock notify_{common_, *this};
  ModerationBlock moderation_{*this};
  model::MacSettings mac_;
  model::Registers registers_;
  bool function_mask_ = false;
  bool resetting_ = false;
};

}  // namespace ringside::testbench::lockstep
