#include "testbench/bus/pci_function.hpp"

#include <utility>

namespace ringside::testbench {

namespace {

constexpr std::uint32_t all_ones(unsigned size) {
  return size >= 4 ? 0xFFFF'FFFF : (1U << (8 * size)) - 1;
}

constexpr bool fits(std::uint32_t offset, unsigned size, std::size_t limit) {
  return (size == 1 || size == 2 || size == 4) && offset % size == 0 && offset < limit;
}

constexpr unsigned kWindowData =
    layout::kPciConfiguration.window + unsigned{layout::kVirtioCapabilityData};

constexpr bool touches_window(std::uint32_t offset) {
  return offset >= kWindowData && offset < kWindowData + 4;
}

}  // namespace

PciFunction::PciFunction(Cpu& cpu, PcieLink& link, HostMemory& memory, Timeline& timeline)
    : cpu_(cpu), link_(link), memory_(memory), timeline_(timeline), origin_(timeline.add_origin()) {
  link_.on_interrupt([this](std::uint32_t data) { interrupt(data); });
}

// A halted host's device is gone, as after a surprise removal: reads give all ones.
std::uint32_t PciFunction::config_read(std::uint16_t offset, unsigned size) {
  if (cpu_.halted()) return all_ones(size);
  timeline_.at(present() + kConfigAccess, origin_, [this] { cpu_.continue_work(); });
  cpu_.stall();
  if (!fits(offset, size, config_.size())) return all_ones(size);
  if (touches_window(offset)) read_through_window();
  std::uint32_t value = 0;
  for (unsigned i = 0; i < size; ++i) value |= std::uint32_t{config_[offset + i]} << (8 * i);
  return value;
}

void PciFunction::config_write(std::uint16_t offset, unsigned size, std::uint32_t value) {
  if (cpu_.halted() || !fits(offset, size, config_.size())) return;
  for (unsigned i = 0; i < size; ++i) {
    std::uint8_t const writable = layout::kPciConfiguration.writable[offset + i];
    auto const byte = static_cast<std::uint8_t>(value >> (8 * i));
    config_[offset + i] = (config_[offset + i] & ~writable) | (byte & writable);
  }
  if (touches_window(offset)) write_through_window();
  std::uint16_t const command =
      load_le<std::uint16_t>(&config_[layout::find(layout::kPciHeader, "command").offset]);
  std::uint16_t const msix = load_le<std::uint16_t>(&config_[layout::kPciConfiguration.msix + 2]);
  link_.control({(msix & layout::kMsixEnable) != 0, (msix & layout::kMsixFunctionMask) != 0,
                 (command & layout::kPciCommandBusMaster) != 0});
}

PciFunction::WindowTarget PciFunction::window_target() const {
  std::uint8_t const* const window = &config_[layout::kPciConfiguration.window];
  WindowTarget target{};
  target.bar = window[layout::kVirtioCapabilityBar];
  target.offset = load_le<std::uint32_t>(window + layout::kVirtioCapabilityOffset);
  target.length = load_le<std::uint32_t>(window + layout::kVirtioCapabilityLength);
  target.valid = fits(target.offset, target.length, bar_size(target.bar));
  return target;
}

// What the access does not bring stays as it is (4.1.4.9.1). One that leads nowhere gives 0.
void PciFunction::read_through_window() {
  WindowTarget const target = window_target();
  std::uint32_t const value = target.valid ? bar_read(target.bar, target.offset, target.length) : 0;
  unsigned const bytes = target.valid ? target.length : 4;
  for (unsigned i = 0; i < bytes; ++i) {
    config_[kWindowData + i] = static_cast<std::uint8_t>(value >> (8 * i));
  }
}

void PciFunction::write_through_window() {
  WindowTarget const target = window_target();
  if (!target.valid) return;
  std::uint32_t const value = load_le<std::uint32_t>(&config_[kWindowData]);
  bar_write(target.bar, target.offset, target.length, value & all_ones(target.length));
}

std::uint32_t PciFunction::bar_read(unsigned bar, std::uint32_t offset, unsigned size) {
  if (cpu_.halted() || !fits(offset, size, bar_size(bar))) return all_ones(size);
  std::uint32_t result = 0;
  link_.register_read(offset, size, [this, &result](std::uint32_t value) {
    result = value;
    cpu_.continue_work();
  });
  cpu_.stall();
  return result & all_ones(size);
}

void PciFunction::bar_write(unsigned bar, std::uint32_t offset, unsigned size,
                            std::uint32_t value) {
  if (cpu_.halted() || !fits(offset, size, bar_size(bar))) return;
  link_.register_write(offset, size, value);
}

std::uint32_t PciFunction::bar_size(unsigned bar) const { return bar == 0 ? layout::kBarSize : 0; }

HostBus::MsiMessage PciFunction::on_interrupt(std::uint16_t vector, std::function<void()> handler) {
  if (handlers_.size() <= vector) handlers_.resize(vector + 1U);
  handlers_[vector] = std::move(handler);
  return {PcieLink::kMsiAddress, vector};
}

// The message may come when nobody listens any more; a CPU ignores such a vector.
void PciFunction::interrupt(std::uint32_t data) {
  ++interrupts_;
  if (data >= handlers_.size() || !handlers_[data]) return;
  cpu_.post(Context::Interrupt, [this, data] {
    if (handlers_[data]) handlers_[data]();
  });
}

}  // namespace ringside::testbench
