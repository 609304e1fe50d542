// The MSI-X vectors of one function, shared out among the sources of interrupts.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "driver/transport/pci_capabilities.hpp"

namespace ringside::driver {

// A source is a number: 0 is the configuration, 1 + q is queue q. While vectors last each source
// has its own; the sources beyond share the last one, and then all of them are called.
class Msix {
 public:
  Msix(HostBus& bus, std::optional<MsixTable> const& table) : bus_(bus), table_(table) {}
  ~Msix();
  Msix(Msix const&) = delete;
  Msix& operator=(Msix const&) = delete;

  std::uint16_t vectors() const { return table_ ? table_->vectors : std::uint16_t{0}; }
  std::uint16_t vector_of(std::uint16_t source) const;

  // Routes `source` to `vector`, and the vector to this host. `vector` must be below vectors().
  void connect(std::uint16_t source, std::uint16_t vector, std::function<void()> handler);
  void disconnect(std::uint16_t source);

 private:
  struct Source {
    std::uint16_t vector = 0;
    std::function<void()> handler;
  };

  void program(std::uint16_t vector);
  void dispatch(std::uint16_t vector);

  HostBus& bus_;
  std::optional<MsixTable> table_;
  std::vector<Source> sources_;
  std::vector<bool> programmed_;  // by vector
};

}  // namespace ringside::driver
