// Where a virtio function's registers are: the walk along its PCI capabilities.
#pragma once

#include <cstdint>
#include <optional>

#include "interface/base/result.hpp"
#include "interface/seam/host_bus.hpp"
#include "interface/seam/virtio_transport.hpp"

namespace ringside::driver {

// A range of a BAR, found to lie within it.
struct BarRegion {
  unsigned bar = 0;
  std::uint32_t offset = 0;
  std::uint32_t length = 0;

  // Whether `size` bytes at `at` are within.
  bool holds(std::uint64_t at, std::uint32_t size) const { return at + size <= length; }
};

struct MsixTable {
  std::uint16_t capability = 0;  // offset in configuration space
  std::uint16_t vectors = 0;
  BarRegion table;
};

// Ringside's own registers (interface/layout/pci.hpp, kRingsideCapability).
struct VendorRegisters {
  unsigned bar = 0;
  std::uint32_t moderation_offset = 0;
  std::uint32_t statistics_offset = 0;
};

struct PciLayout {
  BarRegion common;
  BarRegion isr;
  BarRegion device;
  BarRegion notify;
  std::uint32_t notify_multiplier = 0;
  std::optional<MsixTable> msix;
  std::optional<VendorRegisters> vendor;
};

// A list that is longer than configuration space allows is a loop.
inline constexpr unsigned kMaxCapabilities = 48;

// Checks the identity of the function and finds its structures. A capability that names what the
// function does not have is passed over, as is a second one of a kind (virtio 1.3, 4.1.4.1);
// NotFound if one that is needed is missing then.
Result<PciLayout, TransportError> find_virtio(HostBus& bus);

}  // namespace ringside::driver
