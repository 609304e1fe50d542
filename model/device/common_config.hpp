// Common configuration (virtio 1.3, 4.1.4.3): status handshake, feature negotiation, queue setup.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "interface/layout/registers.hpp"
#include "model/device/device_config.hpp"
#include "model/device/device_control.hpp"
#include "model/device/packet_rules.hpp"
#include "model/device/register_block.hpp"

namespace ringside::model {

struct QueueSettings {
  bool enabled = false;
  std::uint16_t size = layout::kMaxQueueSize;
  std::uint16_t vector = layout::kNoVector;
  std::uint64_t descriptors = 0;
  std::uint64_t driver_events = 0;
  std::uint64_t device_events = 0;
};

class CommonConfig final : public RegisterBlock {
 public:
  CommonConfig(DeviceConfig const& device, DeviceControl& control)
      : device_(device), control_(control) {}

  std::uint32_t read_word(std::uint32_t offset) override;
  void write_word(std::uint32_t offset, WordWrite write) override;

  std::uint8_t status() const { return status_; }
  bool negotiated(std::uint64_t feature) const { return (driver_features_ & feature) != 0; }
  PacketRules packet_rules() const {
    return {.checksum = negotiated(layout::kFeatureCsum),
            .tcpv4 = negotiated(layout::kFeatureHostTso4),
            .tcpv6 = negotiated(layout::kFeatureHostTso6),
            .ecn = negotiated(layout::kFeatureHostEcn),
            .hash_report = negotiated(layout::kFeatureHashReport)};
  }
  std::uint16_t config_vector() const { return config_vector_; }
  QueueSettings const& queue(std::uint16_t index) const { return queues_[index]; }
  // Which of all queues the driver means by a number. Without several pairs the control queue comes
  // behind the first (5.1.2).
  std::optional<std::uint16_t> queue_meant(std::uint16_t number) const;

  void set_needs_reset() { status_ |= layout::kStatusNeedsReset; }

  // Between the driver's write of 0 and the end of the reset all writes are ignored and the status
  // still reads as before, so the driver can tell when the old session is over.
  void reset();

 private:
  bool features_acceptable() const;
  void write_status(std::uint8_t value);
  void write_features(WordWrite write);
  void write_queue(std::uint32_t offset, WordWrite write);
  std::uint32_t read_queue(std::uint32_t offset) const;

  DeviceConfig const& device_;
  DeviceControl& control_;
  std::uint32_t device_feature_select_ = 0;
  std::uint32_t driver_feature_select_ = 0;
  std::uint64_t driver_features_ = 0;
  bool features_accepted_ = false;  // once FEATURES_OK is kept they stay until the reset
  std::uint16_t config_vector_ = layout::kNoVector;
  std::uint8_t status_ = 0;
  bool resetting_ = false;
  std::uint16_t queue_select_ = 0;
  std::array<QueueSettings, layout::kNumQueues> queues_{};
};

}  // namespace ringside::model
