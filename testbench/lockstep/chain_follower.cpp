#include "testbench/lockstep/chain_follower.hpp"

#include <algorithm>

namespace ringside::testbench::lockstep {

using layout::kDescriptorIndirect;
using layout::kDescriptorNext;
using layout::kDescriptorWrite;
using model::DeviceError;
using model::kDescriptorBytes;

void ChainFollower::start(std::uint16_t queue_size, model::DescriptorFetch::Rules rules) {
  *this = {};
  queue_size_ = queue_size;
  rules_ = rules;
}

Result<Done, DeviceError> ChainFollower::add(layout::PackedDescriptor const& descriptor) {
  bool const next = (descriptor.flags & kDescriptorNext) != 0;
  if ((descriptor.flags & kDescriptorIndirect) != 0) {
    bool const alone = !next && chain_length_ == 0;
    if (auto ok = model::check_indirect(descriptor, rules_.indirect, alone); !ok) return ok;
    items_.push_back({{}, Table{tables_++, descriptor.addr, descriptor.len, descriptor.id, 0, {}}});
    return Done{};
  }
  ++chain_length_;
  if (next && chain_length_ >= queue_size_) return DeviceError::ChainTooLong;
  Element element{descriptor.addr, descriptor.len, (descriptor.flags & kDescriptorWrite) != 0,
                  !next,           descriptor.id,  static_cast<std::uint16_t>(chain_length_)};
  if (!next) chain_length_ = 0;
  items_.push_back({element, std::nullopt});
  return release();
}

ChainFollower::Table* ChainFollower::asked_at(std::uint64_t address) {
  for (Item& item : items_) {
    if (!item.table || item.table->asked >= item.table->length) continue;
    Table& table = *item.table;
    // A read that ended between two entries, at the end of a beat, brought the rest in vain.
    std::uint64_t const next = table.address + table.asked;
    std::uint64_t const entry = table.address + table.asked / kDescriptorBytes * kDescriptorBytes;
    if (address == next || address == entry) {
      table.asked = address - table.address;
      return &table;
    }
  }
  return nullptr;
}

Result<Done, DeviceError> ChainFollower::add_to_table(unsigned number, std::uint64_t address,
                                                      Bytes bytes) {
  auto const found = std::find_if(items_.begin(), items_.end(), [&](Item const& item) {
    return item.table && item.table->number == number;
  });
  if (found == items_.end()) return Done{};
  Table& table = *found->table;
  std::uint64_t const at = address - table.address;
  std::uint64_t const known = table.bytes.size();
  std::uint64_t const end = std::min<std::uint64_t>(at + bytes.size(), table.length);
  if (at > known || end <= known) return Done{};
  auto const fresh = bytes.subspan(known - at, end - known);
  table.bytes.insert(table.bytes.end(), fresh.begin(), fresh.end());
  return release();
}

// Hands out what stands in front of the first table with entries to come, and those that came.
Result<Done, DeviceError> ChainFollower::release() {
  while (!items_.empty()) {
    Item& item = items_.front();
    if (!item.table) {
      if (auto added = add_element(item.element); !added) return added;
      items_.pop_front();
      continue;
    }
    Table& table = *item.table;
    while (table.bytes.size() >= kDescriptorBytes) {
      auto const entry = model::load_descriptor(table.bytes.data());
      table.bytes.erase(table.bytes.begin(), table.bytes.begin() + kDescriptorBytes);
      table.address += kDescriptorBytes;
      table.length -= kDescriptorBytes;
      table.asked -= std::min<std::uint64_t>(table.asked, kDescriptorBytes);
      bool const writable = !rules_.tables_readable && (entry.flags & kDescriptorWrite) != 0;
      Element const element{entry.addr, entry.len, writable, table.length == 0, table.id, 1};
      if (auto added = add_element(element); !added) return added;
    }
    if (table.length != 0) return Done{};
    items_.pop_front();
  }
  return Done{};
}

Result<Done, DeviceError> ChainFollower::add_element(Element const& element) {
  auto const ok = model::check_element(element.address, element.length, element.writable, wrote_);
  if (!ok) return ok;
  wrote_ = element.writable && !element.last && !rules_.any_order;
  elements_.push_back(element);
  return Done{};
}

}  // namespace ringside::testbench::lockstep
