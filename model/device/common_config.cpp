#include "model/device/common_config.hpp"

#include "interface/layout/virtio.hpp"

namespace ringside::model {
namespace {

using namespace layout;

// Offset of the 32-bit word that a register of the common configuration begins in.
consteval std::uint32_t word_of(std::string_view name) {
  return find(kCommonConfig, name).offset & ~3U;
}

// The bit of that word at which it begins.
consteval unsigned shift_of(std::string_view name) {
  return find(kCommonConfig, name).offset % 4 * 8;
}

constexpr std::uint8_t kDriverBits =
    kStatusAcknowledge | kStatusDriver | kStatusDriverOk | kStatusFeaturesOk | kStatusFailed;

std::uint32_t window(std::uint64_t features, std::uint32_t select) {
  return select < 2 ? static_cast<std::uint32_t>(features >> (32 * select)) : 0;
}

std::uint16_t existing_vector(std::uint16_t vector) {
  return vector < kNumVectors ? vector : kNoVector;
}

}  // namespace

void CommonConfig::reset() {
  device_feature_select_ = driver_feature_select_ = 0;
  driver_features_ = 0;
  features_accepted_ = false;
  config_vector_ = kNoVector;
  status_ = 0;
  resetting_ = false;
  queue_select_ = 0;
  queues_ = {};
}

std::uint32_t CommonConfig::read_word(std::uint32_t offset) {
  switch (offset) {
    case word_of("device_feature_select"):
      return device_feature_select_;
    case word_of("device_feature"):
      return window(kFeaturesOffered, device_feature_select_);
    case word_of("driver_feature_select"):
      return driver_feature_select_;
    case word_of("driver_feature"):
      return window(driver_features_, driver_feature_select_);
    case word_of("config_msix_vector"):
      return config_vector_ << shift_of("config_msix_vector") | kNumQueues
                                                                    << shift_of("num_queues");
    case word_of("device_status"):
      return status_ << shift_of("device_status") |
             device_.generation() << shift_of("config_generation") |
             static_cast<std::uint32_t>(queue_select_) << shift_of("queue_select");
    default:
      return read_queue(offset);
  }
}

std::optional<std::uint16_t> CommonConfig::queue_meant(std::uint16_t number) const {
  bool const one_pair = features_accepted_ && !negotiated(kFeaturesOfPairs);
  if (one_pair && number == kControlQueueOfOnePair) return kControlQueue;
  std::uint16_t const queues = one_pair ? kControlQueueOfOnePair : kNumQueues;
  if (number >= queues) return std::nullopt;
  return number;
}

std::uint32_t CommonConfig::read_queue(std::uint32_t offset) const {
  // What is not there has size 0, no vector, and nothing else.
  static constexpr QueueSettings kAbsent{.size = 0};
  auto const meant = queue_meant(queue_select_);
  QueueSettings const& queue = meant ? queues_[*meant] : kAbsent;
  switch (offset) {
    case word_of("queue_size"):
      return queue.size << shift_of("queue_size") | static_cast<std::uint32_t>(queue.vector)
                                                        << shift_of("queue_msix_vector");
    case word_of("queue_enable"):
      return (queue.enabled ? 1U : 0U) << shift_of("queue_enable") |
             (meant ? queue_select_ : 0U) << shift_of("queue_notify_off");
    case word_of("queue_desc"):
      return static_cast<std::uint32_t>(queue.descriptors);
    case word_of("queue_desc") + 4:
      return static_cast<std::uint32_t>(queue.descriptors >> 32);
    case word_of("queue_driver"):
      return static_cast<std::uint32_t>(queue.driver_events);
    case word_of("queue_driver") + 4:
      return static_cast<std::uint32_t>(queue.driver_events >> 32);
    case word_of("queue_device"):
      return static_cast<std::uint32_t>(queue.device_events);
    case word_of("queue_device") + 4:
      return static_cast<std::uint32_t>(queue.device_events >> 32);
    default:
      return 0;
  }
}

void CommonConfig::write_word(std::uint32_t offset, WordWrite write) {
  if (resetting_) return;
  switch (offset) {
    case word_of("device_feature_select"):
      device_feature_select_ = write.onto(device_feature_select_);
      break;
    case word_of("driver_feature_select"):
      driver_feature_select_ = write.onto(driver_feature_select_);
      break;
    case word_of("driver_feature"):
      write_features(write);
      break;
    case word_of("config_msix_vector"):
      config_vector_ = existing_vector(write.onto(config_vector_, shift_of("config_msix_vector")));
      break;
    case word_of("device_status"):
      queue_select_ = write.onto(queue_select_, shift_of("queue_select"));
      if (write.reaches<std::uint8_t>(shift_of("device_status"))) {
        write_status(write.onto(status_, shift_of("device_status")));
      }
      break;
    default:
      write_queue(offset, write);
  }
}

// Bits that are not on offer are stored, and are then a reason to refuse FEATURES_OK.
void CommonConfig::write_features(WordWrite write) {
  if (features_accepted_ || driver_feature_select_ >= 2) return;
  unsigned const shift = 32 * driver_feature_select_;
  std::uint32_t const value = write.onto(window(driver_features_, driver_feature_select_));
  driver_features_ &= ~(std::uint64_t{0xFFFF'FFFF} << shift);
  driver_features_ |= std::uint64_t{value} << shift;
}

bool CommonConfig::features_acceptable() const {
  return (driver_features_ & ~kFeaturesOffered) == 0 &&
         (driver_features_ & kFeaturesRequired) == kFeaturesRequired &&
         (negotiated(kFeatureCtrlVq) || !negotiated(kFeaturesOfControl));
}

void CommonConfig::write_status(std::uint8_t value) {
  if (value == 0) {
    resetting_ = true;
    control_.driver_resets();
    return;
  }
  std::uint8_t next = (value & kDriverBits) | (status_ & kStatusNeedsReset);
  if ((next & kStatusFeaturesOk) != 0) {
    features_accepted_ = features_accepted_ || features_acceptable();
    if (!features_accepted_) next &= ~kStatusFeaturesOk;
  }
  if ((next & kStatusFeaturesOk) == 0) next &= ~kStatusDriverOk;
  bool const ready = (next & ~status_ & kStatusDriverOk) != 0;
  status_ = next;
  if (ready) control_.driver_is_ready();
}

void CommonConfig::write_queue(std::uint32_t offset, WordWrite write) {
  auto const meant = queue_meant(queue_select_);
  if (!meant) return;
  QueueSettings* const queue = &queues_[*meant];
  if (offset == word_of("queue_size")) {
    constexpr unsigned kVectorShift = shift_of("queue_msix_vector");
    queue->vector = existing_vector(write.onto(queue->vector, kVectorShift));
  }
  // Where a queue is and how long stays as it is while the device works on it.
  if (queue->enabled) return;
  switch (offset) {
    case word_of("queue_size"): {
      std::uint16_t const size = write.onto(queue->size, shift_of("queue_size"));
      if (size >= 1 && size <= kMaxQueueSize) queue->size = size;
      break;
    }
    case word_of("queue_enable"):
      if (write.onto<std::uint16_t>(0, shift_of("queue_enable")) == 1) {
        queue->enabled = true;
        control_.queue_enabled(*meant);
      }
      break;
    case word_of("queue_desc"):
    case word_of("queue_desc") + 4:
      queue->descriptors = write.onto_half(queue->descriptors, offset);
      break;
    case word_of("queue_driver"):
    case word_of("queue_driver") + 4:
      queue->driver_events = write.onto_half(queue->driver_events, offset);
      break;
    case word_of("queue_device"):
    case word_of("queue_device") + 4:
      queue->device_events = write.onto_half(queue->device_events, offset);
      break;
    default:
      break;
  }
}

}  // namespace ringside::model
