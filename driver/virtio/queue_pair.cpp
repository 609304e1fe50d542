// The data path of a pair, and the search for what a device forgot to say.
#include "driver/virtio/queue_pair.hpp"

#include <string>

namespace ringside::driver {

QueuePair::QueuePair(HostServices const& host, DmaPacketPool& pool, PairOwner& owner,
                     PairConfig const& config)
    : host_(host),
      owner_(owner),
      config_(config),
      receive_(host, pool, config.receive_queue_size, config.receive_buffer_bytes, config.number),
      transmit_(host, pool, config.transmit_queue_size),
      receive_napi_(host.executor, [this] { return poll(config_.budget) >= config_.budget; }),
      transmit_napi_(host.executor, [this] { return poll_transmit(); }) {}

Result<Done, DriverError> QueuePair::start(Agreement const& agreement) {
  auto const size = [this](std::uint16_t queue, std::uint16_t wanted) {
    return std::min(host_.transport.max_queue_size(queue), wanted);
  };
  ReceiveOptions receive;
  receive.ring = {size(receive_number(), config_.receive_queue_size),
                  agreement.has(layout::kFeatureEventIdx),
                  agreement.has(layout::kFeatureIndirectDesc)};
  receive.mergeable = agreement.has(layout::kFeatureMrgRxbuf);
  receive.checksum = agreement.has(layout::kFeatureGuestCsum);
  receive.hash_report = agreement.has(layout::kFeatureHashReport);
  receive.frame_bytes = agreement.mtu + kEthernetHeaderBytes + kVlanTagBytes;
  TransmitOptions transmit;
  transmit.ring = receive.ring;
  transmit.ring.size = size(transmit_number(), config_.transmit_queue_size);
  transmit.checksum = agreement.has(layout::kFeatureCsum);
  transmit.hash_report = receive.hash_report;
  if (receive.ring.size == 0 || transmit.ring.size == 0) return DriverError::QueueMissing;
  if (!receive_.start(receive)) return DriverError::OutOfMemory;
  if (!transmit_.start(transmit)) return DriverError::OutOfMemory;
  return Done{};
}

void QueuePair::prepare() {
  (void)receive_.refill();
  (void)receive_.ring().enable_interrupts();
  transmit_.ring().disable_interrupts();  // until there is something to wait for
}

void QueuePair::go_live() {
  checked_transmit_used_ = 0;
  refill();
  if (transmit_.waiting()) transmit_napi_.schedule();
}

void QueuePair::leave_live() {
  receive_napi_.cancel();
  transmit_napi_.cancel();
}

void QueuePair::release() {
  receive_.release();
  transmit_.release();
}

void QueuePair::on_receive_interrupt() {
  if (!owner_.accept_interrupt()) return;
  receive_.ring().disable_interrupts();
  host_.tell(Layer::Interrupt, [] { return std::string("receive: masked, poll scheduled"); });
  receive_napi_.schedule();
}

void QueuePair::on_transmit_interrupt() {
  if (!owner_.accept_interrupt()) return;
  transmit_.ring().disable_interrupts();
  host_.tell(Layer::Interrupt, [] { return std::string("transmit: masked, poll scheduled"); });
  transmit_napi_.schedule();
}

unsigned QueuePair::poll(unsigned budget) {
  if (!owner_.live()) return 0;
  ++host_.counters.device.polls;
  clean_transmit();
  PackedRing& ring = receive_.ring();
  unsigned done = 0;
  while (budget > 0) {
    done += receive_.receive(budget - done, receiver_);
    refill();
    if (receiver_ != nullptr) receiver_->receive_done();
    // A packet that came between the last look and the enabling raises no interrupt: look again.
    if (done >= budget || ring.enable_interrupts()) break;
    ring.disable_interrupts();
  }
  if (done > 0) {
    owner_.interrupts_bear_fruit();
    host_.tell(Layer::Driver, [done] {
      return "poll: " + std::to_string(done) + (done == 1 ? " packet" : " packets") + " received";
    });
  }
  check_rings();
  owner_.arm_check();
  return owner_.live() ? done : 0;
}

// Completions are cheap, so they do not count against a budget; it runs until there are none.
bool QueuePair::poll_transmit() {
  if (!owner_.live()) return false;
  PackedRing& ring = transmit_.ring();
  do {
    clean_transmit();
  } while (!ring.enable_interrupts());
  check_rings();
  if (!owner_.live()) return false;
  if (transmit_.waiting() && transmit_.room_for_waiting()) {
    transmit_.set_waiting(false);
    owner_.transmit_ready();
  }
  return false;
}

void QueuePair::clean_transmit() {
  if (transmit_.clean() == 0) return;
  owner_.interrupts_bear_fruit();
  // Whoever waits is told from a poll of its own, never from within his own call.
  if (transmit_.waiting() && transmit_.room_for_waiting()) transmit_napi_.schedule();
}

void QueuePair::refill() {
  if (!receive_.refill()) owner_.poll_when_blocks_are_free(receive_.ring().free_descriptors());
  notify_if_due(receive_number(), receive_.ring());
}

void QueuePair::notify_if_due(std::uint16_t queue, PackedRing& ring) {
  if (!ring.notification_due()) return;
  ++host_.counters.device.notifications;
  host_.tell(Layer::Driver, [queue] {
    return std::string("notify: ") +
           (layout::is_transmit_queue(queue) ? "packets" : "receive buffers") + " available";
  });
  host_.transport.notify(queue);
}

Result<Done, TransmitError> QueuePair::send(PacketBuffer& packet, bool more) {
  PackedRing& ring = transmit_.ring();
  host_.executor.spend(Work::TransmitPacket);
  clean_transmit();
  auto const added = transmit_.add(packet);
  if (!added) {
    refused();
    return added;
  }
  bool const full = ring.free_descriptors() == 0;
  if (!more || full) {
    if (!transmit_napi_.scheduled()) transmit_.enable_interrupts_late();
    notify_if_due(transmit_number(), ring);
  }
  check_rings();
  owner_.arm_check();
  return Done{};
}

// The ring had no room: what it holds must be known to the device, and its next completion to us.
void QueuePair::refused() {
  transmit_.set_waiting(true);
  notify_if_due(transmit_number(), transmit_.ring());
  if (!transmit_napi_.scheduled() && !transmit_.ring().enable_interrupts()) {
    transmit_napi_.schedule();
  }
  check_rings();
  owner_.arm_check();
}

void QueuePair::check_rings() {
  if (receive_.ring().broken()) owner_.need_reset("the receive ring is broken");
  if (transmit_.ring().broken()) owner_.need_reset("the transmit ring is broken");
}

bool QueuePair::check(bool with_interrupts) {
  check_receive(with_interrupts);
  return check_transmit();
}

void QueuePair::check_receive(bool with_interrupts) {
  PackedRing& ring = receive_.ring();
  if (!receive_napi_.scheduled() && ring.has_used()) {
    if (with_interrupts) ++host_.counters.driver.lost_interrupts;
    ring.disable_interrupts();
    receive_napi_.schedule();
  }
  if (ring.unannounced() > 0) {
    ring.announce();
    ++host_.counters.driver.repeated_notifications;
    host_.transport.notify(receive_number());
  }
}

bool QueuePair::check_transmit() {
  PackedRing& ring = transmit_.ring();
  if (!transmit_napi_.scheduled() && ring.has_used()) {
    // With EVENT_IDX, completions short of the position asked for are nobody's loss.
    transmit_napi_.schedule();
    return true;
  }
  TimePoint const now = host_.executor.now();
  bool const progress = ring.total_used() != checked_transmit_used_;
  checked_transmit_used_ = ring.total_used();
  if (ring.outstanding() == 0 || progress) {
    transmit_progress_at_ = now;
    return ring.outstanding() > 0;
  }
  Duration const stuck = now - transmit_progress_at_;
  if (stuck < kCheckInterval) return true;  // polled more often than this
  if ((host_.transport.status() & layout::kStatusNeedsReset) != 0) {
    owner_.need_reset("the device asks for a reset");
  } else if (stuck >= kTransmitTimeout) {
    ++host_.counters.driver.transmit_timeouts;
    owner_.need_reset("the transmitter makes no progress");
  } else {
    ring.announce();
    ++host_.counters.driver.repeated_notifications;
    host_.transport.notify(transmit_number());
  }
  return true;
}

}  // namespace ringside::driver
