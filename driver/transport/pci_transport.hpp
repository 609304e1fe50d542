// Virtio over PCI (virtio 1.3, 4.1): registers in a BAR, MSI-X interrupts.
#pragma once

#include <memory>
#include <vector>

#include "driver/transport/msix.hpp"
#include "driver/transport/pci_capabilities.hpp"
#include "interface/seam/executor.hpp"

namespace ringside::driver {

class PciTransport final : public VirtioTransport {
 public:
  // Bounds of the wait for device_status to read 0: a read may take no time, or time may be all
  // that a read takes.
  static constexpr Duration kResetTimeout = std::chrono::milliseconds(10);
  static constexpr unsigned kResetPolls = 20'000;
  // Readings of the configuration before a change in each of them is taken as the device's fault.
  static constexpr unsigned kConfigTries = 8;
  // Queues that are kept account of; a device may state up to 65535.
  static constexpr std::uint16_t kMaxQueues = 64;

  // Finds the device, switches it on, and leaves it as it is otherwise. `bus` and `executor` must
  // outlive the transport, whose destruction switches the device's bus mastering off.
  static Result<std::unique_ptr<PciTransport>, TransportError> discover(HostBus& bus,
                                                                        Executor& executor);
  ~PciTransport() override;
  PciTransport(PciTransport const&) = delete;
  PciTransport& operator=(PciTransport const&) = delete;

  Result<Done, TransportError> reset() override;
  std::uint64_t offered_features() override;
  Result<Done, TransportError> accept_features(std::uint64_t features) override;
  std::uint16_t queue_count() override;
  std::uint16_t max_queue_size(std::uint16_t queue) override;
  Result<Done, TransportError> enable_queue(std::uint16_t queue,
                                            QueueLayout const& queue_layout) override;
  Result<Done, TransportError> on_interrupt(std::uint16_t queue,
                                            std::function<void()> handler) override;
  Result<Done, TransportError> on_config_change(std::function<void()> handler) override;
  void driver_ok() override;
  void fail() override;
  std::uint8_t status() override;
  void notify(std::uint16_t queue) override;
  void read_config(std::uint32_t offset, MutableBytes into) override;
  Result<Done, TransportError> set_moderation(std::uint16_t queue, Moderation moderation) override;

  // A counter of interface/layout's kStatistics, by its index there; 0 if the device has none.
  std::uint64_t statistic(std::size_t index);

 private:
  PciTransport(HostBus& bus, Executor& executor, PciLayout const& found);

  std::uint32_t read(std::uint32_t common_offset, unsigned size);
  void write(std::uint32_t common_offset, unsigned size, std::uint32_t value);
  void write_address(std::uint32_t common_offset, std::uint64_t address);
  void add_status(std::uint8_t bits);
  void select_queue(std::uint16_t queue);
  Result<Done, TransportError> connect(std::uint16_t source, std::uint32_t vector_register,
                                       std::function<void()> handler);
  void copy_config(std::uint32_t offset, MutableBytes into);

  HostBus& bus_;
  Executor& executor_;
  PciLayout pci_;
  Msix msix_;
  std::uint16_t command_ = 0;                  // of the PCI header, as written last
  std::uint8_t status_ = 0;                    // the bits that the driver has set
  std::vector<std::uint32_t> notify_offsets_;  // in the notify BAR, by queue
};

}  // namespace ringside::driver
