#include "model/device/mac_settings.hpp"

namespace ringside::model {
namespace {

constexpr std::uint32_t kModesWord = layout::find(layout::kMac, "flow_control").offset;
constexpr std::uint32_t kQuantaWord = layout::find(layout::kMac, "pause_quanta").offset;
constexpr std::uint32_t kWatermarksWord = layout::find(layout::kMac, "high_watermark").offset;

}  // namespace

std::uint32_t MacSettings::read_word(std::uint32_t offset) {
  switch (offset) {
    case kModesWord:
      return modes_;
    case kQuantaWord:
      return quanta_;
    case kWatermarksWord:
      return watermarks_;
    default:
      return state_;
  }
}

void MacSettings::write_word(std::uint32_t offset, WordWrite write) {
  switch (offset) {
    case kModesWord:
      modes_ = write.onto(modes_) & 0x00FF'FFFF;
      return;
    case kQuantaWord:
      quanta_ = write.onto(quanta_) & 0xFFFF;
      return;
    case kWatermarksWord:
      watermarks_ = write.onto(watermarks_);
      return;
    default:
      return;
  }
}

}  // namespace ringside::model
