#include "model/device/notifier.hpp"

#include <array>

namespace ringside::model {

void Notifier::start(QueueSettings const& queue, bool event_idx_negotiated) {
  queue_ = queue;
  event_idx_ = event_idx_negotiated;
  due_ = false;
  since_ = {.end = {}, .slots = 0, .first_question = true};
}

void Notifier::reset() {
  moderation_.reset();
  due_ = false;
}

void Notifier::used(std::uint32_t packets, std::uint32_t slots, RingPosition end, TimePoint now) {
  since_.slots += slots;
  since_.end = end;
  for (std::uint32_t i = 0; i < packets; ++i) due_ = moderation_.packet(now) || due_;
}

void Notifier::set_moderation(Moderation::Setting setting, TimePoint now) {
  due_ = moderation_.set(setting, now) || due_;
}

Result<bool, DeviceError> Notifier::decide(TimePoint now) {
  moderation_.expire(now);
  due_ = false;
  UsedSince const since = since_;
  since_.slots = 0;
  since_.first_question = false;

  std::array<std::uint8_t, sizeof(layout::EventSuppression)> bytes;
  if (!memory_.read(queue_.driver_events, bytes)) return DeviceError::EventAreaRefused;
  layout::EventSuppression const wish{load_le<std::uint16_t>(&bytes[0]),
                                      load_le<std::uint16_t>(&bytes[2])};
  return wants_interrupt(wish, since, queue_.size, event_idx_);
}

}  // namespace ringside::model
