// A virtio network device (virtio 1.3, 5.1) as a NetDevice: one receive and one transmit queue.
#pragma once

#include <functional>
#include <string_view>

#include "driver/buffer/dma_packet_pool.hpp"
#include "driver/virtio/control_queue.hpp"
#include "driver/virtio/device_control.hpp"
#include "driver/virtio/napi.hpp"
#include "driver/virtio/negotiation.hpp"
#include "driver/virtio/receive_queue.hpp"
#include "driver/virtio/recovery.hpp"
#include "driver/virtio/transmit_queue.hpp"
#include "interface/seam/net_device.hpp"

namespace ringside::driver {

struct VirtioNetConfig {
  std::uint16_t receive_queue_size = 256;  // at most; the device may allow less
  std::uint16_t transmit_queue_size = 256;
  std::uint32_t buffer_count = 2048;  // blocks of the pool: both rings, and what sockets hold
  std::uint32_t buffer_size = 2048;
  std::uint32_t receive_buffer_bytes = 0;  // of a block that the device gets; 0: all it can
  Moderation receive_moderation;
  Moderation transmit_moderation;
  unsigned budget = 64;  // packets a poll (NAPI weight)
  std::uint64_t features = kFeaturesWanted;
  MacAddress fallback_mac{{0x02, 0x00, 0x00, 0x00, 0x00, 0x01}};  // device without F_MAC
};

// The device is brought up by start() and kept up: DEVICE_NEEDS_RESET, a broken ring, a stuck
// transmitter and an interrupt storm all end in a reset and a fresh session, or, when that does
// not help, in State::Failed. The transport, memory and executor must outlive this object. Only
// stop() ends it in order; destruction merely takes the device's access to memory away.
class VirtioNet final : public NetDevice {
 public:
  enum class State : std::uint8_t { Stopped, Live, Recovering, Failed };

  // While work is with the device: how often it is checked that no notification or interrupt got
  // lost, and how long a transmitter without progress is tolerated.
  static constexpr Duration kCheckInterval = std::chrono::milliseconds(10);
  static constexpr Duration kTransmitTimeout = std::chrono::seconds(5);
  // The same check as a substitute for interrupts, on a device that has none to give.
  static constexpr Duration kPollInterval = std::chrono::microseconds(100);
  // Interrupts in a row that led to nothing before the device is silenced by a reset.
  static constexpr std::uint32_t kInterruptStorm = 10'000;

  VirtioNet(VirtioTransport& transport, DmaMemory& memory, Executor& executor, Story& story,
            VirtioNetConfig const& config);
  ~VirtioNet() override;
  VirtioNet(VirtioNet const&) = delete;
  VirtioNet& operator=(VirtioNet const&) = delete;

  Result<Done, DriverError> start();
  // Resets the device, then takes back and unmaps everything it had.
  void stop();

  State state() const { return state_; }
  Agreement const& agreement() const { return agreement_; }
  DriverStatistics driver_statistics() const;

  // Receive filter, station address, VLANs and moderation, as far as the device has a control
  // queue.
  DeviceControl& control() { return control_; }
  // The device asks for an announcement of this station, such as a gratuitous ARP.
  void on_announce(std::function<void()> handler) { announce_ = std::move(handler); }

  MacAddress mac() const override { return agreement_.mac; }
  std::uint16_t mtu() const override { return agreement_.mtu; }
  bool completes_checksums() const override { return agreement_.has(layout::kFeatureCsum); }
  bool link_up() const override { return state_ == State::Live && agreement_.link_up; }
  DmaPacketPool& pool() override { return pool_; }
  void set_receiver(PacketReceiver* receiver) override { receiver_ = receiver; }
  void on_transmit_ready(std::function<void()> handler) override;
  void on_link_change(std::function<void(bool up)> handler) override;
  Result<Done, TransmitError> transmit(PacketBuffer& packet, bool more) override;
  unsigned poll(unsigned budget) override;
  NetDeviceStatistics statistics() const override { return counters_.device; }

 private:
  // Lifecycle (virtio_net_lifecycle.cpp).
  Result<Done, DriverError> bring_up();
  Result<Done, DriverError> start_queues();
  Result<Done, DriverError> enable_queue(std::uint16_t queue, PackedRing const& ring,
                                         Moderation moderation, void (VirtioNet::*interrupt)());
  Result<Done, DriverError> start_control();
  std::uint16_t queue_size(std::uint16_t queue, std::uint16_t wanted);
  void go_live();
  void leave_live(State next);
  void release_buffers();
  void need_reset(std::string_view why);
  bool recover();
  void give_up();
  void config_changed();
  void set_link(bool was_up);
  void tell_negotiation();

  // Supervision (virtio_net_supervision.cpp).
  bool accept_interrupt();
  void storm();
  Duration check_interval() const;
  void arm_check();
  void check();
  bool check_transmit();
  void check_receive();

  // Data path (virtio_net.cpp).
  void on_receive_interrupt();
  void on_transmit_interrupt();
  void on_config_interrupt();
  bool poll_transmit();
  void clean_transmit();
  void refill();
  void notify_if_due(std::uint16_t queue, PackedRing& ring);
  bool acceptable(PacketBuffer const& packet) const;
  void refused();
  void check_rings();

  VirtioNetConfig config_;
  Counters counters_;
  HostServices host_;
  DmaPacketPool pool_;
  ReceiveQueue receive_;
  TransmitQueue transmit_;
  ControlQueue control_queue_;
  DeviceControl control_;
  Agreement agreement_;
  State state_ = State::Stopped;
  bool without_interrupts_ = false;

  PacketReceiver* receiver_ = nullptr;
  std::function<void()> transmit_ready_;
  std::function<void(bool)> link_change_;
  std::function<void()> announce_;

  std::uint32_t fruitless_interrupts_ = 0;
  std::uint64_t checked_transmit_used_ = 0;
  TimePoint transmit_progress_at_{};

  Napi receive_napi_;
  Napi transmit_napi_;
  DeferredWork check_;
  DeferredWork config_work_;
  Recovery recovery_;
  // Handlers that the transport keeps ask this whether we still exist.
  std::shared_ptr<char const> alive_ = std::make_shared<char const>('\0');
};

}  // namespace ringside::driver
