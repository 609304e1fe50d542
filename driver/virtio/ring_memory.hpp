// The memory of one packed virtqueue that driver and device share, and ordered access to it.
#pragma once

#include <atomic>
#include <cstdint>

#include "driver/buffer/dma_mapping.hpp"
#include "interface/layout/virtio.hpp"
#include "interface/seam/virtio_transport.hpp"

namespace ringside::driver {

// Descriptor ring, both event suppression structures, and an indirect table for each buffer id.
// Taken once for the largest ring; each session maps it anew and finds it zeroed.
class RingMemory {
 public:
  // `table_entries` of each indirect table; 0: there are none.
  RingMemory(DmaMemory& memory, std::uint16_t capacity, std::uint16_t table_entries);

  Result<Done, DmaError> open();  // device may have reached it before: reset the device first
  void close();

  QueueLayout layout(std::uint16_t size) const {
    return {size, ring_map_.address(), driver_map_.address(), device_map_.address()};
  }
  std::uint64_t table_address(std::uint16_t id) const {
    return table_map_.address() + table_offset(id);
  }

  // Everything of a descriptor but its flags.
  void write_body(std::uint16_t slot, std::uint64_t address, std::uint32_t length,
                  std::uint16_t id) {
    std::uint8_t* const at = descriptor(slot);
    store_le(at + offsetof(layout::PackedDescriptor, addr), address);
    store_le(at + offsetof(layout::PackedDescriptor, len), length);
    store_le(at + offsetof(layout::PackedDescriptor, id), id);
  }
  void write_flags(std::uint16_t slot, std::uint16_t flags) {
    store_le(descriptor(slot) + offsetof(layout::PackedDescriptor, flags), flags);
  }
  // Flags of a head: all bodies and flags written before are visible first. The barrier orders the
  // bus, the release the compiler.
  void publish_flags(std::uint16_t slot, std::uint16_t flags) {
    memory_.write_barrier();
    shared16(descriptor(slot) + offsetof(layout::PackedDescriptor, flags))
        .store(flags, std::memory_order_release);
  }
  std::uint16_t read_flags(std::uint16_t slot) const {
    return shared16(descriptor(slot) + offsetof(layout::PackedDescriptor, flags))
        .load(std::memory_order_acquire);
  }
  // Id and length of a used descriptor, once: valid after its flags were seen and read_barrier().
  std::uint16_t read_id(std::uint16_t slot) const {
    return load_le<std::uint16_t>(descriptor(slot) + offsetof(layout::PackedDescriptor, id));
  }
  std::uint32_t read_length(std::uint16_t slot) const {
    return load_le<std::uint32_t>(descriptor(slot) + offsetof(layout::PackedDescriptor, len));
  }
  void read_barrier() const { memory_.read_barrier(); }

  void write_table_entry(std::uint16_t id, std::uint16_t entry,
                         layout::PackedDescriptor const& descriptor);

  // Where and whether the device shall interrupt. The position is in place before the flags are.
  void write_driver_events(std::uint16_t off_wrap, std::uint16_t flags) {
    store_le(driver_events_.data() + offsetof(layout::EventSuppression, off_wrap), off_wrap);
    write_driver_event_flags(flags);
  }
  void write_driver_event_flags(std::uint16_t flags) {
    memory_.write_barrier();
    shared16(driver_events_.data() + offsetof(layout::EventSuppression, flags))
        .store(flags, std::memory_order_release);
  }
  // One 32-bit snapshot, so that position and flags belong together.
  layout::EventSuppression read_device_events() const {
    auto* const word = reinterpret_cast<std::uint32_t*>(device_events_.data());
    std::uint32_t const both = std::atomic_ref(*word).load(std::memory_order_acquire);
    return {static_cast<std::uint16_t>(both), static_cast<std::uint16_t>(both >> 16)};
  }

  // Own writes become visible before what follows is read: neither barrier of DmaMemory promises
  // that, and both "publish, then ask whether to notify" and "enable, then look again" need it.
  void full_barrier() const {
    memory_.write_barrier();
    std::atomic_thread_fence(std::memory_order_seq_cst);
    memory_.read_barrier();
  }

 private:
  static std::atomic_ref<std::uint16_t> shared16(std::uint8_t* at) {
    return std::atomic_ref(*reinterpret_cast<std::uint16_t*>(at));
  }
  std::uint8_t* descriptor(std::uint16_t slot) const {
    return ring_.data() + std::size_t{slot} * sizeof(layout::PackedDescriptor);
  }
  std::size_t table_offset(std::uint16_t id) const {
    return std::size_t{id} * table_entries_ * sizeof(layout::PackedDescriptor);
  }

  DmaMemory& memory_;
  std::uint16_t table_entries_;
  MutableBytes ring_;
  MutableBytes tables_;
  MutableBytes driver_events_;
  MutableBytes device_events_;
  DmaMapping ring_map_;
  DmaMapping table_map_;
  DmaMapping driver_map_;
  DmaMapping device_map_;
};

}  // namespace ringside::driver
