// The steps of virtio 1.3, 3.1.1 as register accesses.
#include "driver/transport/pci_transport.hpp"

#include <algorithm>

#include "interface/layout/pci.hpp"

namespace ringside::driver {

namespace {

using layout::find;

constexpr std::uint32_t kNoSlot = ~0U;
constexpr std::uint16_t kConfigSource = 0;
constexpr std::uint16_t queue_source(std::uint16_t queue) {
  return static_cast<std::uint16_t>(1 + queue);
}

consteval std::uint32_t common(std::string_view name) {
  return find(layout::kCommonConfig, name).offset;
}
consteval std::uint16_t header(std::string_view name) {
  return static_cast<std::uint16_t>(find(layout::kPciHeader, name).offset);
}

}  // namespace

Result<std::unique_ptr<PciTransport>, TransportError> PciTransport::discover(HostBus& bus,
                                                                             Executor& executor) {
  auto const found = find_virtio(bus);
  if (!found) return found.error();
  return std::unique_ptr<PciTransport>(new PciTransport(bus, executor, *found));
}

PciTransport::PciTransport(HostBus& bus, Executor& executor, PciLayout const& found)
    : bus_(bus), executor_(executor), pci_(found), msix_(bus, found.msix) {
  command_ = static_cast<std::uint16_t>(bus_.config_read(header("command"), 2) |
                                        layout::kPciCommandMemory | layout::kPciCommandBusMaster);
  bus_.config_write(header("command"), 2, command_);
}

// No reads: they would wait, and whoever destroys this need not be able to.
PciTransport::~PciTransport() {
  bus_.config_write(header("command"), 2, command_ & ~std::uint32_t{layout::kPciCommandBusMaster});
}

std::uint32_t PciTransport::read(std::uint32_t common_offset, unsigned size) {
  return bus_.bar_read(pci_.common.bar, pci_.common.offset + common_offset, size);
}

void PciTransport::write(std::uint32_t common_offset, unsigned size, std::uint32_t value) {
  bus_.bar_write(pci_.common.bar, pci_.common.offset + common_offset, size, value);
}

void PciTransport::write_address(std::uint32_t common_offset, std::uint64_t address) {
  write(common_offset, 4, static_cast<std::uint32_t>(address));
  write(common_offset + 4, 4, static_cast<std::uint32_t>(address >> 32));
}

Result<Done, TransportError> PciTransport::reset() {
  status_ = 0;
  std::ranges::fill(notify_offsets_, kNoSlot);
  write(common("device_status"), 1, 0);
  TimePoint const deadline = executor_.now() + kResetTimeout;
  for (unsigned i = 0; i < kResetPolls && executor_.now() <= deadline; ++i) {
    if (status() == 0) return Done{};
  }
  return TransportError::ResetTimeout;
}

std::uint8_t PciTransport::status() {
  return static_cast<std::uint8_t>(read(common("device_status"), 1));
}

// The device owns its NEEDS_RESET bit, so what is read back is never written.
void PciTransport::add_status(std::uint8_t bits) {
  status_ = static_cast<std::uint8_t>(status_ | bits);
  write(common("device_status"), 1, status_);
}

std::uint64_t PciTransport::offered_features() {
  add_status(layout::kStatusAcknowledge);
  add_status(layout::kStatusDriver);
  std::uint64_t features = 0;
  for (std::uint32_t half = 0; half < 2; ++half) {
    write(common("device_feature_select"), 4, half);
    features |= std::uint64_t{read(common("device_feature"), 4)} << (32 * half);
  }
  return features;
}

Result<Done, TransportError> PciTransport::accept_features(std::uint64_t features) {
  for (std::uint32_t half = 0; half < 2; ++half) {
    write(common("driver_feature_select"), 4, half);
    write(common("driver_feature"), 4, static_cast<std::uint32_t>(features >> (32 * half)));
  }
  add_status(layout::kStatusFeaturesOk);
  if ((status() & layout::kStatusFeaturesOk) == 0) return TransportError::FeaturesRefused;
  return Done{};
}

std::uint16_t PciTransport::queue_count() {
  return static_cast<std::uint16_t>(read(common("num_queues"), 2));
}

void PciTransport::select_queue(std::uint16_t queue) { write(common("queue_select"), 2, queue); }

std::uint16_t PciTransport::max_queue_size(std::uint16_t queue) {
  select_queue(queue);
  return static_cast<std::uint16_t>(read(common("queue_size"), 2));
}

Result<Done, TransportError> PciTransport::enable_queue(std::uint16_t queue,
                                                        QueueLayout const& queue_layout) {
  if (queue >= kMaxQueues || queue_layout.size == 0) return TransportError::QueueMissing;
  if (max_queue_size(queue) < queue_layout.size) return TransportError::QueueMissing;

  // The slot is the device's to name, but has to be within what its capability announced.
  std::uint64_t const slot =
      std::uint64_t{read(common("queue_notify_off"), 2)} * pci_.notify_multiplier;
  if (!pci_.notify.holds(slot, sizeof(std::uint16_t))) return TransportError::NotFound;
  if (notify_offsets_.size() <= queue) notify_offsets_.resize(queue + 1U, kNoSlot);
  notify_offsets_[queue] = pci_.notify.offset + static_cast<std::uint32_t>(slot);

  write(common("queue_size"), 2, queue_layout.size);
  write_address(common("queue_desc"), queue_layout.descriptors);
  write_address(common("queue_driver"), queue_layout.driver_events);
  write_address(common("queue_device"), queue_layout.device_events);
  write(common("queue_enable"), 2, 1);
  return Done{};
}

// A vector that the device refuses is replaced by the first, which every device has if it has any.
Result<Done, TransportError> PciTransport::connect(std::uint16_t source,
                                                   std::uint32_t vector_register,
                                                   std::function<void()> handler) {
  if (msix_.vectors() == 0) return TransportError::VectorRefused;
  for (std::uint16_t const vector : {msix_.vector_of(source), std::uint16_t{0}}) {
    msix_.connect(source, vector, handler);
    write(vector_register, 2, vector);
    if (read(vector_register, 2) == vector) return Done{};
  }
  msix_.disconnect(source);
  return TransportError::VectorRefused;
}

Result<Done, TransportError> PciTransport::on_interrupt(std::uint16_t queue,
                                                        std::function<void()> handler) {
  if (queue >= kMaxQueues) return TransportError::QueueMissing;
  select_queue(queue);
  return connect(queue_source(queue), common("queue_msix_vector"), std::move(handler));
}

Result<Done, TransportError> PciTransport::on_config_change(std::function<void()> handler) {
  return connect(kConfigSource, common("config_msix_vector"), std::move(handler));
}

void PciTransport::driver_ok() { add_status(layout::kStatusDriverOk); }

void PciTransport::fail() { add_status(layout::kStatusFailed); }

void PciTransport::notify(std::uint16_t queue) {
  if (queue >= notify_offsets_.size() || notify_offsets_[queue] == kNoSlot) return;
  bus_.bar_write(pci_.notify.bar, notify_offsets_[queue], 2, queue);
}

void PciTransport::read_config(std::uint32_t offset, MutableBytes into) {
  for (unsigned i = 0; i < kConfigTries; ++i) {
    std::uint32_t const before = read(common("config_generation"), 1);
    copy_config(offset, into);
    if (read(common("config_generation"), 1) == before) return;
  }
  // It never held still. The last reading is as good as any: its user checks every value anyway.
}

// Fields are read with their own width (4.1.3.1): a caller asks for one field at a time, and what
// is none of the natural sizes is an array of bytes. Fields that are not there read as 0.
void PciTransport::copy_config(std::uint32_t offset, MutableBytes into) {
  std::ranges::fill(into, std::uint8_t{0});
  bool const natural = (into.size() == 2 || into.size() == 4) && offset % into.size() == 0;
  unsigned const width = natural ? static_cast<unsigned>(into.size()) : 1;
  for (std::uint32_t at = 0; at < into.size(); at += width) {
    if (!pci_.device.holds(std::uint64_t{offset} + at, width)) return;
    std::uint32_t const value =
        bus_.bar_read(pci_.device.bar, pci_.device.offset + offset + at, width);
    for (unsigned i = 0; i < width; ++i) {
      into[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
    }
  }
}

Result<Done, TransportError> PciTransport::set_moderation(std::uint16_t queue,
                                                          Moderation moderation) {
  if (!pci_.vendor || queue >= layout::kNumQueues) return TransportError::Unsupported;
  std::uint32_t const at = pci_.vendor->moderation_offset + queue * layout::kModerationStride;
  bus_.bar_write(pci_.vendor->bar, at + find(layout::kModeration, "max_packets").offset, 4,
                 moderation.max_packets);
  bus_.bar_write(pci_.vendor->bar, at + find(layout::kModeration, "max_usecs").offset, 4,
                 moderation.max_usecs);
  return Done{};
}

std::uint64_t PciTransport::statistic(std::size_t index) {
  if (!pci_.vendor || index >= layout::kStatistics.size()) return 0;
  std::uint32_t const low = pci_.vendor->statistics_offset + layout::kStatistics[index].offset;
  auto const half = [this](std::uint32_t at) {
    return std::uint64_t{bus_.bar_read(pci_.vendor->bar, at, 4)};
  };
  // The halves are two reads; the upper one changes at most once in 4 billion counts.
  std::uint64_t const upper = half(low + 4);
  std::uint64_t const lower = half(low);
  std::uint64_t const again = half(low + 4);
  return again << 32 | (again == upper ? lower : half(low));
}

}  // namespace ringside::driver
