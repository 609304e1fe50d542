#include "testbench/lockstep/register_reference.hpp"

namespace ringside::testbench::lockstep {

namespace {

bool within(layout::Block const& block, std::uint32_t offset) {
  return offset >= block.offset && offset - block.offset < block.size;
}

}  // namespace

RegisterReference::RegisterReference(MacAddress mac, RegisterEvents& events)
    : events_(events), device_config_(mac) {
  registers_.map(layout::kCommonBlock, common_);
  registers_.map(layout::kDeviceBlock, device_config_);
  registers_.map(layout::kNotifyBlock, notify_);
  registers_.map(layout::kModerationBlock, moderation_);
  registers_.map(layout::kMacBlock, mac_);
  registers_.map(layout::kMsixTableBlock, msix_);
}

std::optional<std::uint32_t> RegisterReference::read(std::uint32_t offset, unsigned size) {
  for (layout::Block const* block :
       {&layout::kIsrBlock, &layout::kStatisticsBlock, &layout::kMsixPendingBlock}) {
    if (within(*block, offset) || within(*block, offset + size - 1)) return std::nullopt;
  }
  if (within(layout::kMacBlock, offset) &&
      offset - layout::kMacBlock.offset >= model::MacSettings::kStateWord) {
    return std::nullopt;
  }
  return registers_.read(offset, size);
}

void RegisterReference::driver_resets() {
  resetting_ = true;
  events_.session_ends();
}

void RegisterReference::end_reset() {
  if (!resetting_) return;
  resetting_ = false;
  common_.reset();
  device_config_.reset();
  mac_.reset();
  moderation_.settings = {};
}

RegisterReference::Message RegisterReference::message(std::uint16_t vector) {
  using layout::find;
  using layout::kMsixTable;
  std::uint32_t const entry = vector * layout::kMsixStride;
  auto const word = [&](std::uint32_t offset) { return msix_.read_word(entry + offset); };
  std::uint64_t const high = word(find(kMsixTable, "address_high").offset);
  return {high << 32 | word(find(kMsixTable, "address_low").offset),
          word(find(kMsixTable, "data").offset),
          (word(find(kMsixTable, "vector_control").offset) & 1) != 0 || function_mask_};
}

std::uint32_t RegisterReference::ModerationBlock::read_word(std::uint32_t offset) {
  auto const& setting = settings[offset / layout::kModerationStride];
  return offset % layout::kModerationStride == 0 ? setting.max_packets : setting.max_usecs;
}

void RegisterReference::ModerationBlock::write_word(std::uint32_t offset, model::WordWrite write) {
  if (owner.resetting_) return;
  auto const queue = static_cast<std::uint16_t>(offset / layout::kModerationStride);
  auto& setting = settings[queue];
  std::uint32_t& half =
      offset % layout::kModerationStride == 0 ? setting.max_packets : setting.max_usecs;
  half = write.onto(half);
  owner.events_.moderation_set(queue);
}

}  // namespace ringside::testbench::lockstep
