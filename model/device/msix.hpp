// MSI-X (PCI 3.0, 6.8.2): the table, the pending bits, and messages as writes to memory.
#pragma once

#include <array>
#include <cstdint>

#include "interface/layout/registers.hpp"
#include "model/device/host_memory.hpp"
#include "model/device/register_block.hpp"

namespace ringside::model {

class Msix final : public RegisterBlock {
 public:
  // The table. The pending bits are a block of their own.
  std::uint32_t read_word(std::uint32_t offset) override;
  void write_word(std::uint32_t offset, WordWrite write) override;
  RegisterBlock& pending_block() { return pending_block_; }

  // Message control and bus master in PCI configuration space; both are off at power on.
  void set_control(bool enable, bool function_mask);
  void set_bus_master(bool allowed) { bus_master_ = allowed; }
  bool enabled() const { return enabled_; }

  // Asks for a message. Several of one vector may become one; without MSI-X, or for kNoVector, the
  // request is forgotten. A masked one waits, which its pending bit shows.
  void raise(std::uint16_t vector);

  bool ready() const;  // there is a message that may go out
  // Sends the ready message of the lowest vector. May wait for memory. That the write was refused
  // is no concern of the device: on PCIe nobody would tell it.
  void send(HostMemory& memory);

  // A device reset: no message of the old session comes later. The table is PCI's and stays.
  void forget() { pending_ = 0; }

 private:
  struct Entry {
    std::uint64_t address = 0;
    std::uint32_t data = 0;
    bool masked = true;
  };
  struct PendingBlock final : RegisterBlock {
    explicit PendingBlock(Msix const& owner) : msix(owner) {}
    std::uint32_t read_word(std::uint32_t offset) override {
      return offset == 0 ? msix.pending_ : 0;
    }
    Msix const& msix;
  };
  static_assert(layout::kNumVectors <= 32);

  std::uint32_t sendable() const;

  std::array<Entry, layout::kNumVectors> table_{};
  std::uint32_t pending_ = 0;
  bool enabled_ = false;
  bool function_mask_ = false;
  bool bus_master_ = false;
  PendingBlock pending_block_{*this};
};

}  // namespace ringside::model
