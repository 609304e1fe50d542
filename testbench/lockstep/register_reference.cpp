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
  registers_.map(layout::kMsixTableBlock, msix_);
}

std::optional<std::uint32_t> RegisterReference::read(std::uint32_t offset, unsigned size) {
  for (layout::Block const* block :
       {&layout::kIsrBlock, &layout::kStatisticsBlock, &layout::kMsixPendingBlock}) {
    if (within(*block, offset) || within(*block, offset + size - 1)) return std::nullopt;
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
  moderation_.settings = {};
}

RegisterReference::Message RegisterReference::message(std::uint16_t vector) {
  std::uint32_t const entry = vector * layout::kMsixStride;
  auto const word = [&](std::string_view name) {
    for (auto const& each : layout::kMsixTable) {
      if (each.name == name) return msix_.read_word(entry + each.offset);
    }
    return std::uint32_t{0};
  };
  std::uint64_t const high = word("address_high");
  return {high << 32 | word("address_low"), word("data"),
          (word("vector_control") & 1) != 0 || function_mask_};
}

// The driver writes the queue's index, 16 bits wide, to the queue's slot (4.1.4.4).
void RegisterReference::NotifyBlock::write_word(std::uint32_t offset, model::WordWrite write) {
  constexpr std::uint32_t kHalfWord = 0xFFFF;
  std::uint32_t const slot = offset / layout::kNotifyMultiplier;
  if (write.mask != kHalfWord || (write.data & kHalfWord) != slot) return;
  owner.queue_notified(static_cast<std::uint16_t>(slot));
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
