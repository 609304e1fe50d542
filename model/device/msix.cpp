#include "model/device/msix.hpp"

#include <bit>
#include <cassert>

namespace ringside::model {
namespace {

using layout::find;
using layout::kMsixStride;
using layout::kMsixTable;

constexpr std::uint32_t kMaskBit = 1;
constexpr std::uint64_t kAddressLowBits = 0x3;  // messages are aligned words

}  // namespace

std::uint32_t Msix::read_word(std::uint32_t offset) {
  Entry const& entry = table_[offset / kMsixStride];
  switch (offset % kMsixStride) {
    case find(kMsixTable, "address_low").offset:
      return static_cast<std::uint32_t>(entry.address);
    case find(kMsixTable, "address_high").offset:
      return static_cast<std::uint32_t>(entry.address >> 32);
    case find(kMsixTable, "data").offset:
      return entry.data;
    default:
      return entry.masked ? kMaskBit : 0;
  }
}

void Msix::write_word(std::uint32_t offset, WordWrite write) {
  Entry& entry = table_[offset / kMsixStride];
  std::uint32_t const within = offset % kMsixStride;
  switch (within) {
    case find(kMsixTable, "address_low").offset:
    case find(kMsixTable, "address_high").offset:
      entry.address = write.onto_half(entry.address, within) & ~kAddressLowBits;
      break;
    case find(kMsixTable, "data").offset:
      entry.data = write.onto(entry.data);
      break;
    default:
      entry.masked = (write.onto<std::uint32_t>(entry.masked ? kMaskBit : 0) & kMaskBit) != 0;
  }
}

void Msix::set_control(bool enable, bool function_mask) {
  enabled_ = enable;
  function_mask_ = function_mask;
}

void Msix::raise(std::uint16_t vector) {
  if (enabled_ && vector < table_.size()) pending_ |= 1U << vector;
}

std::uint32_t Msix::sendable() const {
  if (!enabled_ || function_mask_ || !bus_master_) return 0;
  std::uint32_t masked = 0;
  for (std::size_t i = 0; i < table_.size(); ++i) masked |= (table_[i].masked ? 1U : 0U) << i;
  return pending_ & ~masked;
}

bool Msix::ready() const { return sendable() != 0; }

void Msix::send(HostMemory& memory) {
  assert(ready());
  auto const vector = static_cast<unsigned>(std::countr_zero(sendable()));
  pending_ &= ~(1U << vector);
  // A copy: the host may rewrite the entry while the message is on its way.
  Entry const entry = table_[vector];
  std::array<std::uint8_t, 4> message;
  store_le<std::uint32_t>(message.data(), entry.data);
  [[maybe_unused]] auto const sent = memory.write(entry.address, message);
}

}  // namespace ringside::model
