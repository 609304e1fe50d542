// What both directions of a packed virtqueue share (virtio 1.3, 2.8): positions, descriptors in
// memory, and where a ring may lie.
#pragma once

#include <cstdint>
#include <optional>

#include "interface/base/bytes.hpp"
#include "interface/base/result.hpp"
#include "interface/layout/virtio.hpp"
#include "model/device/common_config.hpp"
#include "model/device/device_error.hpp"

namespace ringside::model {

// A slot and the wrap counter of the lap it is passed in. Both counters of a queue begin at 1.
struct RingPosition {
  std::uint16_t offset = 0;
  bool wrap = true;

  void advance(std::uint32_t slots, std::uint16_t size) {
    std::uint32_t const next = offset + slots;
    if (next >= size) wrap = !wrap;
    offset = static_cast<std::uint16_t>(next >= size ? next - size : next);
  }
  bool operator==(RingPosition const&) const = default;
};

constexpr std::uint32_t kDescriptorBytes = sizeof(layout::PackedDescriptor);

inline layout::PackedDescriptor load_descriptor(std::uint8_t const* from) {
  return {load_le<std::uint64_t>(from), load_le<std::uint32_t>(from + 8),
          load_le<std::uint16_t>(from + 12), load_le<std::uint16_t>(from + 14)};
}

// Made available in the lap of that wrap counter (2.8.1).
inline bool is_available(std::uint16_t flags, bool wrap) {
  bool const avail = (flags & layout::kDescriptorAvail) != 0;
  bool const used = (flags & layout::kDescriptorUsed) != 0;
  return avail == wrap && used != wrap;
}

// Also if it ends exactly at 2^64: the address behind the last byte must be a number, too.
inline bool wraps_address_space(std::uint64_t address, std::uint64_t length) {
  return address + length < address;
}

// Alignment is the driver's duty (2.8.10.1); a device that cut off low bits would hit other memory.
inline std::optional<DeviceError> check_placement(QueueSettings const& queue) {
  bool const misplaced =
      queue.descriptors % kDescriptorBytes != 0 || queue.driver_events % 4 != 0 ||
      queue.device_events % 4 != 0 ||
      wraps_address_space(queue.descriptors, std::uint64_t{queue.size} * kDescriptorBytes);
  if (misplaced) return DeviceError::RingMisplaced;
  return std::nullopt;
}

// A descriptor that names a table (2.8.7): `alone`, when it neither goes on nor continues a chain.
inline Result<Done, DeviceError> check_indirect(layout::PackedDescriptor const& descriptor,
                                                bool negotiated, bool alone) {
  bool const well_formed = negotiated && alone && descriptor.len != 0 &&
                           descriptor.len % kDescriptorBytes == 0 &&
                           descriptor.len / kDescriptorBytes <= layout::kMaxIndirect;
  if (!well_formed) return DeviceError::IndirectRefused;
  if (wraps_address_space(descriptor.addr, descriptor.len)) return DeviceError::AddressWraps;
  return Done{};
}

// An element of a buffer; `after_writable`, when it must be writable as one before it is (2.8.17).
inline Result<Done, DeviceError> check_element(std::uint64_t address, std::uint32_t length,
                                               bool writable, bool after_writable) {
  if (!writable && after_writable) return DeviceError::ReadableAfterWritable;
  if (wraps_address_space(address, length)) return DeviceError::AddressWraps;
  return Done{};
}

}  // namespace ringside::model
