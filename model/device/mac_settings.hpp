// How the host has set the MAC, as registers and as values.
#pragma once

#include <cstdint>
#include <string_view>

#include "interface/layout/registers.hpp"
#include "model/device/register_block.hpp"

namespace ringside::model {

// What a register is after reset, in its place in its word.
consteval std::uint32_t mac_reset(std::string_view name) {
  auto const& entry = layout::find(layout::kMac, name);
  return static_cast<std::uint32_t>(entry.reset << (entry.offset % 4 * 8));
}

class MacSettings final : public RegisterBlock {
 public:
  bool obeys_pause() const { return (modes_ & 1) != 0; }
  bool sends_pause() const { return (modes_ & 2) != 0; }
  bool obeys_pfc() const { return (modes_ & 4) != 0; }
  bool sends_pfc() const { return (modes_ & 8) != 0; }
  std::uint8_t pfc_stops() const { return static_cast<std::uint8_t>(modes_ >> 8); }
  std::uint8_t pfc_sends() const { return static_cast<std::uint8_t>(modes_ >> 16); }
  std::uint16_t quanta() const { return static_cast<std::uint16_t>(quanta_); }
  std::uint16_t high_watermark() const { return static_cast<std::uint16_t>(watermarks_); }
  std::uint16_t low_watermark() const { return static_cast<std::uint16_t>(watermarks_ >> 16); }

  // What the device tells by its last word.
  void set_state(std::uint8_t link_fault, std::uint8_t pause_state) {
    state_ = link_fault | std::uint32_t{pause_state} << 8;
  }

  std::uint32_t read_word(std::uint32_t offset) override;
  void write_word(std::uint32_t offset, WordWrite write) override;
  void reset() { *this = {}; }

  static constexpr std::uint32_t kStateWord = layout::find(layout::kMac, "link_fault").offset;

 private:
  std::uint32_t modes_ =
      mac_reset("flow_control") | mac_reset("pfc_stops") | mac_reset("pfc_sends");
  std::uint32_t quanta_ = mac_reset("pause_quanta");
  std::uint32_t watermarks_ = mac_reset("high_watermark") | mac_reset("low_watermark");
  std::uint32_t state_ = 0;
};

}  // namespace ringside::model
