#include "model/device/flow_control.hpp"

#include <algorithm>

namespace ringside::model {

void FlowControl::obey(MacControl const& control, TimePoint now) {
  if (control.kind == MacControl::Kind::Pause && settings_.obeys_pause()) {
    link_until_ = now + control.quanta * kQuantum;
  }
  if (control.kind != MacControl::Kind::ClassPause || !settings_.obeys_pfc()) return;
  stopped_until_ = now;
  for (std::size_t i = 0; i < kClasses; ++i) {
    if ((control.classes >> i & 1) != 0) class_until_[i] = now + control.class_quanta[i] * kQuantum;
    if ((settings_.pfc_stops() >> i & 1) != 0) {
      stopped_until_ = std::max(stopped_until_, class_until_[i]);
    }
  }
}

TimePoint FlowControl::silent_until() const { return std::max(link_until_, stopped_until_); }

void FlowControl::set_level(std::size_t bytes) {
  level_ = bytes;
  bool const sends = settings_.sends_pause() || settings_.sends_pfc();
  congested_ = sends && (level_ >= settings_.high_watermark() ||
                         (congested_ && level_ > settings_.low_watermark()));
}

// What is no longer obeyed is forgotten.
void FlowControl::settings_changed() {
  if (!settings_.obeys_pause()) link_until_ = {};
  if (!settings_.obeys_pfc()) {
    class_until_ = {};
    stopped_until_ = {};
  }
  set_level(level_);
}

bool FlowControl::due(TimePoint now) const {
  if (!wanted()) return stopping_;
  return !stopping_ || now >= refresh_;
}

std::vector<std::uint8_t> FlowControl::take(TimePoint now) {
  MacControl control;
  std::uint16_t const quanta = wanted() ? settings_.quanta() : std::uint16_t{0};
  control.kind = settings_.sends_pfc() ? MacControl::Kind::ClassPause : MacControl::Kind::Pause;
  control.quanta = quanta;
  control.classes = settings_.pfc_sends();
  control.class_quanta.fill(quanta);
  stopping_ = wanted();
  refresh_ = now + settings_.quanta() * kQuantum / 2;
  return write_mac_control(control, station_);
}

TimePoint FlowControl::deadline() const { return wanted() && stopping_ ? refresh_ : kNever; }

}  // namespace ringside::model
