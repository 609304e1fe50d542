// Taking, zeroing and mapping of a packed virtqueue's memory.
#include "driver/virtio/ring_memory.hpp"

#include <algorithm>
#include <array>

namespace ringside::driver {

namespace {

// The device fetches descriptors in bursts; a ring that begins on a page crosses the fewest pages.
constexpr std::size_t kRingAlignment = 4096;
// Each side polls the other's event structure: a cache line of its own avoids false sharing.
constexpr std::size_t kEventBytes = 64;

}  // namespace

RingMemory::RingMemory(DmaMemory& memory, std::uint16_t capacity, std::uint16_t table_entries)
    : memory_(memory), table_entries_(table_entries) {
  constexpr std::size_t kDescriptor = sizeof(layout::PackedDescriptor);
  ring_ = memory.allocate(capacity * kDescriptor, kRingAlignment);
  if (table_entries > 0) {
    tables_ = memory.allocate(std::size_t{capacity} * table_entries * kDescriptor, kEventBytes);
  }
  driver_events_ = memory.allocate(kEventBytes, kEventBytes);
  device_events_ = memory.allocate(kEventBytes, kEventBytes);
}

Result<Done, DmaError> RingMemory::open() {
  struct Part {
    MutableBytes bytes;
    std::size_t mapped;
    DmaDirection direction;
    DmaMapping& mapping;
  };
  constexpr std::size_t kEvents = sizeof(layout::EventSuppression);
  std::array const parts{
      Part{ring_, ring_.size(), DmaDirection::Both, ring_map_},
      Part{driver_events_, kEvents, DmaDirection::ToDevice, driver_map_},
      Part{device_events_, kEvents, DmaDirection::FromDevice, device_map_},
      Part{tables_, tables_.size(), DmaDirection::ToDevice, table_map_},
  };
  for (Part const& part : parts) {
    if (&part.mapping == &table_map_ && table_entries_ == 0) continue;
    if (part.bytes.empty()) return DmaError::OutOfSpace;
    std::fill(part.bytes.begin(), part.bytes.end(), std::uint8_t{0});
    auto mapping = DmaMapping::create(memory_, part.bytes.first(part.mapped), part.direction);
    if (!mapping) {
      close();
      return mapping.error();
    }
    part.mapping = std::move(*mapping);
  }
  return Done{};
}

void RingMemory::close() {
  for (DmaMapping* mapping : {&ring_map_, &table_map_, &driver_map_, &device_map_}) {
    mapping->release();
  }
}

void RingMemory::write_table_entry(std::uint16_t id, std::uint16_t entry,
                                   layout::PackedDescriptor const& descriptor) {
  assert(entry < table_entries_);
  std::uint8_t* const at = tables_.data() + table_offset(id) + entry * sizeof descriptor;
  store_le(at + offsetof(layout::PackedDescriptor, addr), descriptor.addr);
  store_le(at + offsetof(layout::PackedDescriptor, len), descriptor.len);
  store_le(at + offsetof(layout::PackedDescriptor, id), descriptor.id);
  store_le(at + offsetof(layout::PackedDescriptor, flags), descriptor.flags);
}

}  // namespace ringside::driver
