// A virtio network device (virtio 1.3, 5.1) as a NetDevice, with one pair of queues or several.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "driver/buffer/dma_packet_pool.hpp"
#include "driver/virtio/control_queue.hpp"
#include "driver/virtio/device_control.hpp"
#include "driver/virtio/negotiation.hpp"
#include "driver/virtio/queue_pair.hpp"
#include "driver/virtio/recovery.hpp"
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
  unsigned budget = 64;           // packets a poll (NAPI weight)
  std::uint16_t queue_pairs = 1;  // at most; the device may have fewer, or no more than one
  bool hash_report = false;       // received packets come with the hash of their flow, if possible
  std::uint64_t features = kFeaturesKnown;
  MacAddress fallback_mac{{0x02, 0x00, 0x00, 0x00, 0x00, 0x01}};  // device without F_MAC
};

// The device is brought up by start() and kept up: DEVICE_NEEDS_RESET, a broken ring, a stuck
// transmitter and an interrupt storm all end in a reset and a fresh session, or, when that does
// not help, in State::Failed. The transport, memory and executor must outlive this object. Only
// stop() ends it in order; destruction merely takes the device's access to memory away.
class VirtioNet final : public NetDevice, private PairOwner {
 public:
  enum class State : std::uint8_t { Stopped, Live, Recovering, Failed };

  static constexpr Duration kCheckInterval = QueuePair::kCheckInterval;
  static constexpr Duration kTransmitTimeout = QueuePair::kTransmitTimeout;
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

  // Receive filter, station address, VLANs, moderation and spreading over queue pairs, as far as
  // the device has a control queue.
  DeviceControl& control() { return control_; }
  // The device asks for an announcement of this station, such as a gratuitous ARP.
  void on_announce(std::function<void()> handler) { announce_ = std::move(handler); }

  MacAddress mac() const override { return agreement_.mac; }
  std::uint16_t mtu() const override { return agreement_.mtu; }
  bool completes_checksums() const override { return agreement_.has(layout::kFeatureCsum); }
  bool cuts_segments(SegmentKind kind) const override {
    return agreement_.has(kind == SegmentKind::Tcpv4 ? layout::kFeatureHostTso4
                                                     : layout::kFeatureHostTso6);
  }
  bool notifies_congestion_once() const override { return agreement_.has(layout::kFeatureHostEcn); }
  bool link_up() const override { return state_ == State::Live && agreement_.link_up; }
  DmaPacketPool& pool() override { return pool_; }
  // Of all pairs, or of one that shall have its own.
  void set_receiver(PacketReceiver* receiver) override;
  void set_receiver(std::uint16_t pair, PacketReceiver* receiver);
  void on_transmit_ready(std::function<void()> handler) override;
  void on_link_change(std::function<void(bool up)> handler) override;
  // By the pair that the packet names (PacketInfo::queue_pair), or by the first if that is not in
  // use. `more` promises a packet for the same pair.
  Result<Done, TransmitError> transmit(PacketBuffer& packet, bool more) override;
  // All pairs, or one.
  unsigned poll(unsigned budget) override;
  unsigned poll(std::uint16_t pair, unsigned budget);
  std::uint16_t queue_pairs() const { return agreement_.queue_pairs; }  // in use
  NetDeviceStatistics statistics() const override { return counters_.device; }

 private:
  // Lifecycle (virtio_net_lifecycle.cpp).
  Result<Done, DriverError> bring_up();
  Result<Done, DriverError> start_queues();
  Result<Done, DriverError> enable_queue(std::uint16_t queue, PackedRing const& ring,
                                         Moderation moderation, std::function<void()> interrupt);
  Result<Done, DriverError> start_control();
  void go_live();
  void leave_live(State next);
  void release_buffers();
  void need_reset(std::string_view why) override;
  bool recover();
  void give_up();
  void config_changed();
  void set_link(bool was_up);
  void tell_negotiation();

  // Supervision (virtio_net_supervision.cpp).
  bool accept_interrupt() override;
  void interrupts_bear_fruit() override { fruitless_interrupts_ = 0; }
  void storm();
  Duration check_interval() const;
  void arm_check() override;
  void check();

  // Data path (virtio_net.cpp).
  bool live() const override { return state_ == State::Live; }
  void poll_when_blocks_are_free(std::uint32_t blocks) override;
  void transmit_ready() override;
  void on_config_interrupt();
  bool acceptable(PacketBuffer const& packet) const;
  std::span<std::unique_ptr<QueuePair> const> pairs() const;

  VirtioNetConfig config_;
  Counters counters_;
  HostServices host_;
  DmaPacketPool pool_;
  std::vector<std::unique_ptr<QueuePair>> pairs_;  // as many as are wanted
  ControlQueue control_queue_;
  DeviceControl control_;
  Agreement agreement_;
  State state_ = State::Stopped;
  bool without_interrupts_ = false;

  std::function<void()> transmit_ready_;
  std::function<void(bool)> link_change_;
  std::function<void()> announce_;

  std::uint32_t fruitless_interrupts_ = 0;

  DeferredWork check_;
  DeferredWork config_work_;
  Recovery recovery_;
  // Handlers that the transport keeps ask this whether we still exist.
  std::shared_ptr<char const> alive_ = std::make_shared<char const>('\0');
};

}  // namespace ringside::driver
