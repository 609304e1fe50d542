// Every pointer, length and offset in the list is the device's claim and is held against the sizes
// of configuration space and BARs before it is used.
#include "driver/transport/pci_capabilities.hpp"

#include "interface/layout/pci.hpp"

namespace ringside::driver {

namespace {

using layout::find;

constexpr std::uint16_t kStatusCapabilities = 0x0010;
constexpr std::uint16_t kFirstCapability = 0x40;  // the header ends here
constexpr std::uint16_t kConfigBytes = 256;
constexpr unsigned kMaxBar = 5;
// The least that each structure must have to be of use, and its alignment (4.1.4.3 to 4.1.4.6).
constexpr std::uint32_t kCommonBytes = 0x38;
constexpr std::uint32_t kNotifyBytes = 2;
constexpr std::uint32_t kMsixCapabilityBytes = 12;
constexpr std::uint32_t kVirtioCapabilityBytes = 16;
constexpr std::uint32_t kNotifyCapabilityBytes = 20;
constexpr std::uint16_t kMsixSizeMask = 0x07FF;
constexpr std::uint32_t kMsixBirMask = 0x7;

class Walk {
 public:
  explicit Walk(HostBus& bus) : bus_(bus) {}

  PciLayout run() {
    std::uint32_t at = next(find(layout::kPciHeader, "capabilities_pointer").offset);
    for (unsigned i = 0; i < kMaxCapabilities && at >= kFirstCapability; ++i) {
      switch (read(at, 1)) {
        case layout::kPciCapabilityVendor:
          virtio(at);
          break;
        case layout::kPciCapabilityMsix:
          msix(at);
          break;
        default:
          break;
      }
      at = next(at + 1);
    }
    return found_;
  }

 private:
  std::uint32_t read(std::uint32_t offset, unsigned size) {
    return bus_.config_read(static_cast<std::uint16_t>(offset), size);
  }
  // A capability begins at a dword; the low bits are reserved.
  std::uint32_t next(std::uint32_t pointer) { return read(pointer, 1) & 0xFC; }

  void virtio(std::uint32_t at) {
    std::uint32_t const length = read(at + 2, 1);
    if (length < kVirtioCapabilityBytes || at + length > kConfigBytes) return;
    switch (read(at + 3, 1)) {
      case find(layout::kVirtioCapabilityTypes, "common").value:
        return take(at, found_.common, kCommonBytes, 4);
      case find(layout::kVirtioCapabilityTypes, "isr").value:
        return take(at, found_.isr, 1, 1);
      case find(layout::kVirtioCapabilityTypes, "device").value:
        return take(at, found_.device, 1, 4);
      case find(layout::kVirtioCapabilityTypes, "notify").value:
        return notify(at, length);
      case find(layout::kVirtioCapabilityTypes, "vendor").value:
        return vendor(at);
      default:
        return;
    }
  }

  // A region that begins or ends outside of its BAR stays unfound.
  void take(std::uint32_t at, BarRegion& into, std::uint32_t least, std::uint32_t alignment) {
    if (into.length != 0) return;
    BarRegion const region{read(at + 4, 1), read(at + 8, 4), read(at + 12, 4)};
    if (region.length < least || region.offset % alignment != 0 || !within_bar(region)) return;
    into = region;
  }

  bool within_bar(BarRegion const& region) const {
    return region.bar <= kMaxBar &&
           std::uint64_t{region.offset} + region.length <= bus_.bar_size(region.bar);
  }

  void notify(std::uint32_t at, std::uint32_t length) {
    if (length < kNotifyCapabilityBytes || found_.notify.length != 0) return;
    take(at, found_.notify, kNotifyBytes, 2);
    found_.notify_multiplier = read(at + 16, 4);
  }

  void vendor(std::uint32_t at) {
    if (found_.vendor || read(at + find(layout::kRingsideCapability, "vendor_id").offset / 8, 2) !=
                             layout::kRingsideVendor)
      return;
    VendorRegisters const registers{
        read(at + find(layout::kRingsideCapability, "bar").offset / 8, 1),
        read(at + find(layout::kRingsideCapability, "moderation_offset").offset / 8, 4),
        read(at + find(layout::kRingsideCapability, "statistics_offset").offset / 8, 4)};
    BarRegion const moderation{registers.bar, registers.moderation_offset,
                               layout::kModerationBlock.size};
    BarRegion const statistics{registers.bar, registers.statistics_offset,
                               layout::kStatisticsBlock.size};
    if (within_bar(moderation) && within_bar(statistics)) found_.vendor = registers;
  }

  void msix(std::uint32_t at) {
    if (found_.msix || at + kMsixCapabilityBytes > kConfigBytes) return;
    std::uint32_t const control = read(at + 2, 2);
    std::uint32_t const place = read(at + 4, 4);
    auto const vectors = static_cast<std::uint16_t>((control & kMsixSizeMask) + 1);
    BarRegion const table{place & kMsixBirMask, place & ~kMsixBirMask,
                          vectors * layout::kMsixStride};
    if (within_bar(table)) found_.msix = MsixTable{static_cast<std::uint16_t>(at), vectors, table};
  }

  HostBus& bus_;
  PciLayout found_;
};

}  // namespace

Result<PciLayout, TransportError> find_virtio(HostBus& bus) {
  if (bus.config_read(find(layout::kPciHeader, "vendor_id").offset, 2) != layout::kVirtioVendor ||
      bus.config_read(find(layout::kPciHeader, "device_id").offset, 2) !=
          layout::kVirtioNetDevice ||
      (bus.config_read(find(layout::kPciHeader, "pci_status").offset, 2) & kStatusCapabilities) ==
          0) {
    return TransportError::NotFound;
  }
  PciLayout const found = Walk(bus).run();
  for (BarRegion const* needed : {&found.common, &found.isr, &found.device, &found.notify}) {
    if (needed->length == 0) return TransportError::NotFound;
  }
  return found;
}

}  // namespace ringside::driver
