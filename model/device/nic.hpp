// The NIC as the specification says, without time of its own: the reference of what rtl/ builds.
//
// Nothing happens by itself. Calls from the host side (registers, PCI) and from the wire only
// change state; the work that follows is done by the step functions, which use host memory and the
// wire. Host memory may keep a step waiting, and then the other functions may be called meanwhile,
// the steps of the other kinds included; one kind of step is never entered twice. What a step works
// with lies in members, not on its stack: a simulation may end with steps waiting, and SystemC
// forgets their stacks.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "interface/base/mac_address.hpp"
#include "interface/seam/wire.hpp"
#include "model/device/common_config.hpp"
#include "model/device/control.hpp"
#include "model/device/flow_control.hpp"
#include "model/device/mac_settings.hpp"
#include "model/device/msix.hpp"
#include "model/device/notify_block.hpp"
#include "model/device/receive.hpp"
#include "model/device/registers.hpp"
#include "model/device/statistics.hpp"
#include "model/device/transmit.hpp"
#include "model/device/virtqueue.hpp"

namespace ringside::model {

// Reading clears it (virtio 1.3, 4.1.4.5).
class InterruptStatus final : public RegisterBlock {
 public:
  static constexpr std::uint8_t kUsedBuffers = 1;
  static constexpr std::uint8_t kConfiguration = 2;
  void set(std::uint8_t reason) { reasons_ |= reason; }
  std::uint32_t read_word(std::uint32_t) override { return std::exchange(reasons_, 0); }

 private:
  std::uint8_t reasons_ = 0;
};

class Nic final : private DeviceControl, private ControlTarget {
 public:
  Nic(HostMemory& memory, FrameSink& wire, Clock const& clock, MacAddress mac);
  Nic(Nic const&) = delete;
  Nic& operator=(Nic const&) = delete;

  // --- The host side. Accesses to BAR 0: any offset, 1 to 4 bytes.
  std::uint32_t read(std::uint32_t offset, unsigned size);
  void write(std::uint32_t offset, unsigned size, std::uint32_t value);
  // What PCI configuration space says; all off at power on.
  void set_msix(bool enable, bool function_mask) { msix_.set_control(enable, function_mask); }
  void set_bus_master(bool allowed);

  // --- The wire.
  void set_link(bool up);
  void set_fault(LineSignal fault);
  // The host's frames wait, and only those of flow() go, until then and while there is a fault.
  TimePoint silent_until() const { return flow_.silent_until(); }
  LineSignal fault() const { return fault_; }
  FlowControl& flow() { return flow_; }
  // A frame, destination address to FCS, leaves.
  void sent(Bytes frame);
  void receive(ReceivedFrame frame);

  // --- Work. Each step does a bounded amount of what its ready() announces; ready() may become
  // true after any call from outside, after a step of any kind, and interrupt_ready() at
  // deadline().
  bool draining() const { return session_.draining(); }
  bool transmit_ready() const;
  void transmit_step();
  bool control_ready() const { return bus_master_ && !session_.draining() && control_.ready(); }
  void control_step();
  bool receive_ready() const;
  void receive_step();
  bool interrupt_ready() const;
  void interrupt_step();
  TimePoint deadline() const;

  // All steps until none is ready. For those who have no time to pass between them.
  void run();

  Statistics const& statistics() const { return statistics_; }
  std::uint8_t status() const { return common_.status(); }
  // Why the device needs a reset.
  std::optional<DeviceError> error() const { return session_.error(); }

 private:
  class Visit;

  struct ModerationBlock final : RegisterBlock {
    explicit ModerationBlock(Nic& owner) : nic(owner) {}
    std::uint32_t read_word(std::uint32_t offset) override;
    void write_word(std::uint32_t offset, WordWrite write) override;
    Nic& nic;
  };

  void driver_resets() override;
  void driver_is_ready() override;
  void queue_enabled(std::uint16_t queue) override;
  void queue_notified(std::uint16_t queue) override;

  bool negotiated(std::uint64_t feature) const override { return common_.negotiated(feature); }
  ReceiveFilter const& filter() const override { return receive_port_.filter(); }
  void set_filter(ReceiveFilter filter) override { receive_port_.set_filter(std::move(filter)); }
  void set_station(MacAddress station) override;
  void announced() override { device_config_.announced(); }
  bool queue_enabled_now(std::uint16_t queue) const override {
    return common_.queue(queue).enabled;
  }
  Moderation::Setting coalescing(std::uint16_t queue) const override;
  void set_coalescing(std::uint16_t queue, Moderation::Setting setting) override;
  void set_guest_offloads(std::uint64_t features) override;
  Steering const& steering() const override { return steering_; }
  void set_steering(Steering steering) override { steering_ = std::move(steering); }

  void settle(Result<Done, DeviceError> outcome);
  void fail(DeviceError error);
  void configuration_changed();
  void link_may_have_changed();
  void finish_reset();
  std::optional<std::uint16_t> queue_with_decision() const;

  HostMemory& memory_;
  Clock const& clock_;
  Session session_;
  Statistics statistics_;
  DeviceConfig device_config_;
  MacSettings mac_settings_;
  FlowControl flow_;
  bool light_ = true;
  LineSignal fault_ = LineSignal::Idle;
  CommonConfig common_{device_config_, *this};
  InterruptStatus interrupt_status_;
  Msix msix_;
  NotifyBlock notify_block_{common_, *this};
  ModerationBlock moderation_block_{*this};
  Registers registers_;
  std::vector<Virtqueue> queues_;
  FrameStorage frame_storage_{flow_};
  ReceivePort receive_port_{frame_storage_, statistics_, flow_, clock_};
  Steering steering_;
  // Of each queue pair, and the pairs that come next.
  std::vector<TransmitEngine> transmit_;
  std::vector<ReceiveEngine> receive_;
  std::size_t next_transmit_ = 0;
  std::size_t next_receive_ = 0;
  ControlEngine control_;
  bool bus_master_ = false;
  unsigned visits_ = 0;  // steps begun and not ended
};

}  // namespace ringside::model
