// The seam between a host's CPU and one PCI function: configuration space, BARs, interrupts.
#pragma once

#include <cstdint>
#include <functional>

#include "interface/seam/dma_memory.hpp"

namespace ringside {

// All calls are made by code that runs on the host's Executor. Sizes of accesses are 1, 2, 4 bytes,
// naturally aligned; values are little endian numbers. Reading an absent register gives all ones.
class HostBus {
 public:
  virtual ~HostBus() = default;

  virtual std::uint32_t config_read(std::uint16_t offset, unsigned size) = 0;
  virtual void config_write(std::uint16_t offset, unsigned size, std::uint32_t value) = 0;

  // A read takes a round trip over the link; a write is posted and returns at once.
  virtual std::uint32_t bar_read(unsigned bar, std::uint32_t offset, unsigned size) = 0;
  virtual void bar_write(unsigned bar, std::uint32_t offset, unsigned size,
                         std::uint32_t value) = 0;

  // Size in bytes of a memory BAR; 0 where there is none.
  virtual std::uint32_t bar_size(unsigned bar) const = 0;

  // The memory that this function may be let into.
  virtual DmaMemory& memory() = 0;

  // The MSI-X message (address, data) that raises `vector` on this host; the caller writes it into
  // the device's MSI-X table. `handler` runs in Context::Interrupt. An empty handler takes it away.
  struct MsiMessage {
    std::uint64_t address;
    std::uint32_t data;
  };
  virtual MsiMessage on_interrupt(std::uint16_t vector, std::function<void()> handler) = 0;
};

}  // namespace ringside
