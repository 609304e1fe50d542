#include "tests/rtl/virtio/ring_driver.hpp"

#include <cassert>

#include "interface/layout/virtio.hpp"

namespace ringside::testbench {

void RingDriver::poke(std::uint16_t index, std::uint64_t addr, std::uint32_t len, std::uint16_t id,
                      std::uint16_t flags) {
  std::uint64_t const slot = base_ + 16 * index;
  memory_.write(slot, 8, addr);
  memory_.write(slot + 8, 4, len);
  memory_.write(slot + 12, 2, id);
  memory_.write(slot + 14, 2, flags);
}

void RingDriver::advance() {
  assert(free_ > 0);
  --free_;
  if (++next_ == size_) {
    next_ = 0;
    wrap_ = !wrap_;
  }
}

void RingDriver::post(std::vector<Part> const& parts, std::uint16_t id) {
  assert(parts.size() <= free_);
  std::uint16_t const head = next_;
  std::uint16_t head_flags = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    bool const last = i + 1 == parts.size();
    std::uint16_t flags = available_flags();
    if (!last) flags |= layout::kDescriptorNext;
    if (parts[i].write) flags |= layout::kDescriptorWrite;
    if (i == 0) head_flags = flags;
    // The head's flags come last; until then it keeps what it had.
    std::uint64_t const old = memory_.read(base_ + 16 * next_ + 14, 2);
    // Only the last element's id counts, so the others carry garbage.
    poke(next_, parts[i].addr, parts[i].len, last ? id : static_cast<std::uint16_t>(~id),
         i == 0 ? static_cast<std::uint16_t>(old) : flags);
    advance();
    expected_.push_back({last, parts[i].write, static_cast<std::uint16_t>(parts.size()), id,
                         parts[i].len, parts[i].addr});
  }
  memory_.write(base_ + 16 * head + 14, 2, head_flags);
  posted_.push_back(static_cast<std::uint16_t>(parts.size()));
}

void RingDriver::post_indirect(std::vector<Part> const& parts, std::uint16_t id,
                               std::uint64_t table, std::uint16_t flags) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    memory_.write(table + 16 * i, 8, parts[i].addr);
    memory_.write(table + 16 * i + 8, 4, parts[i].len);
    memory_.write(table + 16 * i + 12, 2, 0xBAD1);
    memory_.write(table + 16 * i + 14, 2, flags | (parts[i].write ? layout::kDescriptorWrite : 0));
    expected_.push_back(
        {i + 1 == parts.size(), parts[i].write, 1, id, parts[i].len, parts[i].addr});
  }
  post_raw(table, static_cast<std::uint32_t>(16 * parts.size()), id, layout::kDescriptorIndirect);
}

void RingDriver::post_raw(std::uint64_t addr, std::uint32_t len, std::uint16_t id,
                          std::uint16_t flags) {
  poke(next_, addr, len, id, available_flags() | flags);
  advance();
  posted_.push_back(1);
}

void RingDriver::use() {
  assert(!posted_.empty());
  std::uint16_t const slots = posted_.front();
  posted_.pop_front();
  memory_.write(base_ + 16 * used_ + 14, 2, used_wrap_ ? 0x8080 : 0);
  used_ = static_cast<std::uint16_t>(used_ + slots);
  if (used_ >= size_) {
    used_ = static_cast<std::uint16_t>(used_ - size_);
    used_wrap_ = !used_wrap_;
  }
  free_ = static_cast<std::uint16_t>(free_ + slots);
}

}  // namespace ringside::testbench
