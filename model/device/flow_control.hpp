// Flow control of the link, both ways: when we are to be silent, and when the other end is told to
// be (IEEE 802.3, 31B and 31D).
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "interface/base/mac_address.hpp"
#include "interface/base/time.hpp"
#include "model/device/mac_control.hpp"
#include "model/device/mac_settings.hpp"

namespace ringside::model {

class FlowControl {
 public:
  FlowControl(MacAddress station, MacSettings const& settings)
      : station_(station), settings_(settings) {}

  MacAddress const& station() const { return station_; }

  // A control frame has come.
  void obey(MacControl const& control, TimePoint now);
  // No frame of the host's begins before then.
  TimePoint silent_until() const;

  // Bytes that the receive frame buffer holds.
  void set_level(std::size_t bytes);
  // A frame for the other end is to go as soon as the line is free.
  bool due(TimePoint now) const;
  // That frame, with FCS; it goes now.
  std::vector<std::uint8_t> take(TimePoint now);
  // When one is due for its age alone.
  TimePoint deadline() const;
  // The other end has been told to be silent.
  bool stopping() const { return stopping_; }

  void settings_changed();

 private:
  bool sends() const {
    return (settings_.sends_pause() || settings_.sends_pfc()) && settings_.quanta() != 0;
  }
  bool wanted() const { return sends() && congested_; }

  MacAddress station_;
  MacSettings const& settings_;
  TimePoint link_until_{};
  std::array<TimePoint, kClasses> class_until_{};
  TimePoint stopped_until_{};  // the latest of the classes that stop the queue
  std::size_t level_ = 0;
  bool congested_ = false;
  bool stopping_ = false;
  TimePoint refresh_{};
};

}  // namespace ringside::model
