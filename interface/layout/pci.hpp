// PCI configuration space of the NIC: identity, BAR 0, and the capability list that leads a virtio
// driver to its registers (virtio 1.3, 4.1.2 to 4.1.4; PCI 3.0, 6.1 to 6.8).
#pragma once

#include <array>
#include <cstdint>

#include "interface/layout/registers.hpp"

namespace ringside::layout {

inline constexpr std::uint16_t kVirtioVendor = 0x1AF4;
inline constexpr std::uint16_t kVirtioNetDevice = 0x1041;
inline constexpr std::uint16_t kRingsideVendor =
    0x5253;  // names the owner of the vendor capability

inline constexpr std::uint8_t kPciCapabilityVendor = 0x09;
inline constexpr std::uint8_t kPciCapabilityMsix = 0x11;

// Type-0 header registers that this function has.
inline constexpr std::array kPciHeader{
    Register{"vendor_id", 0x00, 16, Access::ReadOnly, kVirtioVendor, "Virtio."},
    Register{"device_id", 0x02, 16, Access::ReadOnly, kVirtioNetDevice, "Modern network device."},
    Register{"command", 0x04, 16, Access::ReadWrite, 0,
             "Bit 1: memory space, bit 2: bus master, bit 10: no INTx."},
    Register{"pci_status", 0x06, 16, Access::ReadOnly, 0x0010, "Bit 4: has capabilities."},
    Register{"revision_id", 0x08, 8, Access::ReadOnly, 1, "Not transitional."},
    Register{"class_code", 0x09, 24, Access::ReadOnly, 0x020000, "Ethernet controller."},
    Register{"header_type", 0x0E, 8, Access::ReadOnly, 0, "One function, type 0."},
    Register{"bar0", 0x10, 32, Access::ReadWrite, 0x4, "64-bit memory, low half."},
    Register{"bar0_high", 0x14, 32, Access::ReadWrite, 0, "High half."},
    Register{"subsystem_vendor_id", 0x2C, 16, Access::ReadOnly, kVirtioVendor, "Virtio."},
    Register{"subsystem_id", 0x2E, 16, Access::ReadOnly, 0x0041, "Not transitional: 0x40 or more."},
    Register{"capabilities_pointer", 0x34, 8, Access::ReadOnly, 0x40, "First capability."},
};
inline constexpr std::uint16_t kPciCommandMemory = 0x0002;
inline constexpr std::uint16_t kPciCommandBusMaster = 0x0004;

// cfg_type of a virtio capability.
inline constexpr std::array kVirtioCapabilityTypes{
    Constant{"common", 1, "Common configuration."},
    Constant{"notify", 2, "Notifications."},
    Constant{"isr", 3, "Interrupt status."},
    Constant{"device", 4, "Device configuration."},
    Constant{"pci", 5, "Access through PCI configuration space."},
    Constant{"vendor", 9, "Data of the vendor named in it."},
};

// Vendor capability of this NIC: the head of a virtio capability, vendor_id, BAR, two offsets.
inline constexpr std::array kRingsideCapability{
    Field{"cap_vndr", 0, 8},
    Field{"cap_next", 8, 8},
    Field{"cap_len", 16, 8},
    Field{"cfg_type", 24, 8},
    Field{"vendor_id", 32, 16},
    Field{"bar", 48, 8},
    Field{"reserved", 56, 8},
    Field{"moderation_offset", 64, 32},
    Field{"statistics_offset", 96, 32},
};

// MSI-X message control (PCI 3.0, 6.8.2.3), at offset 2 of the capability.
inline constexpr std::uint16_t kMsixEnable = 0x8000;
inline constexpr std::uint16_t kMsixFunctionMask = 0x4000;

struct PciConfiguration {
  std::array<std::uint8_t, 256> value{};     // after reset
  std::array<std::uint8_t, 256> writable{};  // 1: the bit takes what is written
  std::uint8_t msix = 0;                     // offset of the MSI-X capability
  std::uint8_t window = 0;                   // offset of the capability of type pci
};

namespace detail {

constexpr void put(std::array<std::uint8_t, 256>& bytes, std::uint32_t at, std::uint32_t width,
                   std::uint64_t value) {
  for (std::uint32_t i = 0; i < width / 8; ++i) {
    bytes[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
  }
}

// Appends one virtio capability that names `block` of BAR 0. Returns where the next one begins.
constexpr std::uint32_t put_virtio_capability(PciConfiguration& config, std::uint32_t at,
                                              std::uint8_t type, std::uint8_t length,
                                              std::uint32_t offset, std::uint32_t size) {
  put(config.value, at, 8, kPciCapabilityVendor);
  put(config.value, at + 1, 8, at + length);
  put(config.value, at + 2, 8, length);
  put(config.value, at + 3, 8, type);
  put(config.value, at + 8, 32, offset);
  put(config.value, at + 12, 32, size);
  return at + length;
}

constexpr std::uint8_t capability_type(std::string_view name) {
  for (auto const& type : kVirtioCapabilityTypes) {
    if (type.name == name) return static_cast<std::uint8_t>(type.value);
  }
  no_such_name_in_the_table();
}

constexpr void put_header(PciConfiguration& config) {
  for (auto const& r : kPciHeader) put(config.value, r.offset, r.width, r.reset);
  put(config.writable, find(kPciHeader, "command").offset, 16, 0x0406);
  put(config.writable, find(kPciHeader, "bar0").offset, 32, ~(kBarSize - 1));
  put(config.writable, find(kPciHeader, "bar0_high").offset, 32, 0xFFFF'FFFF);
}

}  // namespace detail

// Of a virtio capability (4.1.4): which BAR, where in it, how much. The one of type pci has, after
// that, the data that are read and written there.
inline constexpr std::uint8_t kVirtioCapabilityBar = 4;
inline constexpr std::uint8_t kVirtioCapabilityOffset = 8;
inline constexpr std::uint8_t kVirtioCapabilityLength = 12;
inline constexpr std::uint8_t kVirtioCapabilityData = 16;

// The whole space as it is after power on.
inline constexpr PciConfiguration kPciConfiguration = [] {
  PciConfiguration config;
  detail::put_header(config);
  std::uint32_t at = find(kPciHeader, "capabilities_pointer").reset;
  struct Named {
    std::string_view type;
    Block const& block;
  };
  for (auto const& [type, block] :
       {Named{"common", kCommonBlock}, Named{"isr", kIsrBlock}, Named{"device", kDeviceBlock}}) {
    at = detail::put_virtio_capability(config, at, detail::capability_type(type), 16, block.offset,
                                       block.size);
  }
  detail::put(config.value, at + 16, 32, kNotifyMultiplier);
  at = detail::put_virtio_capability(config, at, detail::capability_type("notify"), 20,
                                     kNotifyBlock.offset, kNotifyBlock.size);
  // The window's bar, offset, length and data are the driver's to write (4.1.4.9).
  config.window = static_cast<std::uint8_t>(at);
  detail::put(config.writable, at + kVirtioCapabilityBar, 8, 0xFF);
  for (auto const field :
       {kVirtioCapabilityOffset, kVirtioCapabilityLength, kVirtioCapabilityData}) {
    detail::put(config.writable, at + field, 32, 0xFFFF'FFFF);
  }
  at = detail::put_virtio_capability(config, at, detail::capability_type("pci"), 20, 0, 0);
  detail::put(config.value, at + 4, 16, kRingsideVendor);
  at = detail::put_virtio_capability(config, at, detail::capability_type("vendor"), 16,
                                     kModerationBlock.offset, kStatisticsBlock.offset);
  config.msix = static_cast<std::uint8_t>(at);
  detail::put(config.value, at, 8, kPciCapabilityMsix);
  detail::put(config.value, at + 1, 8, 0);
  detail::put(config.value, at + 2, 16, kNumVectors - 1);
  detail::put(config.value, at + 4, 32, kMsixTableBlock.offset);
  detail::put(config.value, at + 8, 32, kMsixPendingBlock.offset);
  detail::put(config.writable, at + 2, 16, kMsixEnable | kMsixFunctionMask);
  return config;
}();

static_assert(kPciConfiguration.msix % 4 == 0);

}  // namespace ringside::layout
