// Table entries, and the hand-over from a vector to its sources (PCI 3.0, 6.8.2).
#include "driver/transport/msix.hpp"

#include <algorithm>

#include "interface/layout/pci.hpp"

namespace ringside::driver {

namespace {

using layout::find;

constexpr std::uint16_t kMessageControl = 2;  // offset in the capability

}  // namespace

Msix::~Msix() {
  for (std::uint16_t vector = 0; vector < programmed_.size(); ++vector) {
    if (programmed_[vector]) (void)bus_.on_interrupt(vector, nullptr);
  }
}

std::uint16_t Msix::vector_of(std::uint16_t source) const {
  return std::min(source, static_cast<std::uint16_t>(vectors() - 1));
}

void Msix::connect(std::uint16_t source, std::uint16_t vector, std::function<void()> handler) {
  assert(vector < vectors());
  if (sources_.size() <= source) sources_.resize(source + 1U);
  sources_[source] = {vector, std::move(handler)};
  if (programmed_.size() <= vector) programmed_.resize(vector + 1U);
  if (!programmed_[vector]) program(vector);
}

void Msix::disconnect(std::uint16_t source) {
  if (source < sources_.size()) sources_[source].handler = nullptr;
}

void Msix::program(std::uint16_t vector) {
  auto const message = bus_.on_interrupt(vector, [this, vector] { dispatch(vector); });
  programmed_[vector] = true;
  std::uint32_t const entry = table_->table.offset + vector * layout::kMsixStride;
  auto const write = [&](std::uint32_t offset, std::uint32_t value) {
    bus_.bar_write(table_->table.bar, entry + offset, 4, value);
  };
  write(find(layout::kMsixTable, "address_low").offset,
        static_cast<std::uint32_t>(message.address));
  write(find(layout::kMsixTable, "address_high").offset,
        static_cast<std::uint32_t>(message.address >> 32));
  write(find(layout::kMsixTable, "data").offset, message.data);
  write(find(layout::kMsixTable, "vector_control").offset, 0);  // unmasked, last
  auto const control = static_cast<std::uint16_t>(table_->capability + kMessageControl);
  bus_.config_write(control, 2, layout::kMsixEnable);
}

// By index and on a copy: a handler may connect sources while it runs.
void Msix::dispatch(std::uint16_t vector) {
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    if (sources_[i].vector != vector || !sources_[i].handler) continue;
    auto const handler = sources_[i].handler;
    handler();
  }
}

}  // namespace ringside::driver
