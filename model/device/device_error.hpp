// Why the device gave up: each of these ends in DEVICE_NEEDS_RESET (virtio 1.3, 2.1.2).
#pragma once

#include <cstdint>

namespace ringside::model {

enum class DeviceError : std::uint8_t {
  RingMisplaced,     // a ring or event area is misaligned or wraps the address space
  RingRefused,       // DMA error on descriptors, an indirect table or used descriptors
  EventAreaRefused,  // DMA error on the driver's event suppression area
  ChainTorn,         // a chain goes on in a descriptor that was never made available
  ChainTooLong,      // NEXT in as many descriptors as the ring has
  IndirectRefused,   // an indirect table without the feature, in a chain, or of a wrong length
  ReadableAfterWritable,
  AddressWraps,       // a buffer that goes beyond 2^64
  TooManyDataErrors,  // DMA errors on packet data, one after the other
};

}  // namespace ringside::model
