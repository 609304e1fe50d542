// The NIC as a PCI function on its host's bus: configuration space, BAR 0, interrupts.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "interface/layout/pci.hpp"
#include "interface/seam/host_bus.hpp"
#include "testbench/bus/host_memory.hpp"
#include "testbench/bus/pcie_link.hpp"
#include "testbench/host/cpu.hpp"

namespace ringside::testbench {

// Configuration space is kept here, as in the hard block of an FPGA; BAR accesses and what
// configuration space controls travel over the link.
class PciFunction final : public HostBus {
 public:
  PciFunction(Cpu& cpu, PcieLink& link, HostMemory& memory, Timeline& timeline);

  std::uint32_t config_read(std::uint16_t offset, unsigned size) override;
  void config_write(std::uint16_t offset, unsigned size, std::uint32_t value) override;
  std::uint32_t bar_read(unsigned bar, std::uint32_t offset, unsigned size) override;
  void bar_write(unsigned bar, std::uint32_t offset, unsigned size, std::uint32_t value) override;
  std::uint32_t bar_size(unsigned bar) const override;
  DmaMemory& memory() override { return memory_; }
  MsiMessage on_interrupt(std::uint16_t vector, std::function<void()> handler) override;

  std::uint64_t interrupts() const { return interrupts_; }

 private:
  // A configuration access takes about a register read's round trip.
  static constexpr Duration kConfigAccess{900'000};

  // What the capability of type pci leads to: an access of `length` bytes, if that is one.
  struct WindowTarget {
    unsigned bar;
    std::uint32_t offset;
    unsigned length;
    bool valid;
  };
  WindowTarget window_target() const;
  void read_through_window();
  void write_through_window();

  void interrupt(std::uint32_t data);

  Cpu& cpu_;
  PcieLink& link_;
  HostMemory& memory_;
  Timeline& timeline_;
  Origin origin_;
  std::array<std::uint8_t, 256> config_ = layout::kPciConfiguration.value;
  std::vector<std::function<void()>> handlers_;
  std::uint64_t interrupts_ = 0;
};

}  // namespace ringside::testbench
