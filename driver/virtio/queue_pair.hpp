// One receive and one transmit queue of a network device, with their interrupts and polls.
#pragma once

#include <memory>
#include <string_view>

#include "driver/buffer/dma_packet_pool.hpp"
#include "driver/virtio/napi.hpp"
#include "driver/virtio/negotiation.hpp"
#include "driver/virtio/receive_queue.hpp"
#include "driver/virtio/transmit_queue.hpp"

namespace ringside::driver {

// The device that a pair belongs to.
class PairOwner {
 public:
  virtual bool live() const = 0;
  // An interrupt has come. False: it leads to nothing.
  virtual bool accept_interrupt() = 0;
  virtual void interrupts_bear_fruit() = 0;
  virtual void need_reset(std::string_view why) = 0;
  // Work is with the device: what gets lost has to be found.
  virtual void arm_check() = 0;
  virtual void poll_when_blocks_are_free(std::uint32_t blocks) = 0;
  virtual void transmit_ready() = 0;

 protected:
  ~PairOwner() = default;
};

struct PairConfig {
  std::uint16_t number = 0;
  std::uint16_t receive_queue_size = 0;
  std::uint16_t transmit_queue_size = 0;
  std::uint32_t receive_buffer_bytes = 0;
  unsigned budget = 0;  // packets a poll
};

class QueuePair {
 public:
  // While work is with the device: how often it is checked that no notification or interrupt got
  // lost, and how long a transmitter without progress is tolerated.
  static constexpr Duration kCheckInterval = std::chrono::milliseconds(10);
  static constexpr Duration kTransmitTimeout = std::chrono::seconds(5);

  // `host`, `pool` and `owner` outlive it.
  QueuePair(HostServices const& host, DmaPacketPool& pool, PairOwner& owner,
            PairConfig const& config);

  ReceiveQueue const& receive() const { return receive_; }
  TransmitQueue const& transmit() const { return transmit_; }
  std::uint16_t receive_number() const { return layout::receive_queue(config_.number); }
  std::uint16_t transmit_number() const { return layout::transmit_queue(config_.number); }

  // The device must be in reset.
  Result<Done, DriverError> start(Agreement const& agreement);
  // Just before the device is live, and when it is.
  void prepare();
  void go_live();
  void leave_live();
  void release();  // only when the device cannot reach the buffers any more

  void set_receiver(PacketReceiver* receiver) { receiver_ = receiver; }
  unsigned poll(unsigned budget);
  void schedule_poll() { receive_napi_.schedule(); }
  void on_receive_interrupt();
  void on_transmit_interrupt();

  Result<Done, TransmitError> send(PacketBuffer& packet, bool more);
  // No packet follows the one that promised it.
  void end_batch() { notify_if_due(transmit_number(), transmit_.ring()); }

  // Finds lost interrupts and notifications; whether anything to send is still with the device.
  void work_begins() { transmit_progress_at_ = host_.executor.now(); }
  bool check(bool with_interrupts);

 private:
  bool poll_transmit();
  void clean_transmit();
  void refill();
  void notify_if_due(std::uint16_t queue, PackedRing& ring);
  void refused();
  void check_rings();
  void check_receive(bool with_interrupts);
  bool check_transmit();

  HostServices host_;
  PairOwner& owner_;
  PairConfig config_;
  ReceiveQueue receive_;
  TransmitQueue transmit_;
  PacketReceiver* receiver_ = nullptr;
  std::uint64_t checked_transmit_used_ = 0;
  TimePoint transmit_progress_at_{};
  Napi receive_napi_;
  Napi transmit_napi_;
};

}  // namespace ringside::driver
