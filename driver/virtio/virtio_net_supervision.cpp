// What keeps a device that forgets or floods from hanging its host: the periodic check for lost
// notifications and interrupts, and the limit on fruitless interrupts.
#include <string>

#include "driver/virtio/virtio_net.hpp"

namespace ringside::driver {

bool VirtioNet::accept_interrupt() {
  host_.executor.spend(Work::InterruptEntry);
  ++counters_.device.interrupts;
  if (state_ != State::Live) {
    ++counters_.driver.ignored_interrupts;
    return false;
  }
  if (++fruitless_interrupts_ >= kInterruptStorm) {
    storm();
    return false;
  }
  return true;
}

// Interrupts come before all other work, so nothing but this handler would ever run again: it is
// the one place where a handler does more than to mask and schedule.
void VirtioNet::storm() {
  fruitless_interrupts_ = 0;
  ++counters_.driver.interrupt_storms;
  (void)host_.transport.reset();  // recovery resets again and judges the result
  need_reset("too many interrupts without work");
}

Duration VirtioNet::check_interval() const {
  return without_interrupts_ ? kPollInterval : kCheckInterval;
}

void VirtioNet::arm_check() {
  if (state_ != State::Live || check_.scheduled()) return;
  transmit_progress_at_ = host_.executor.now();
  check_.schedule(check_interval());
}

// Armed by activity and not disarmed by its end: one timer a check interval costs less than one a
// packet. The first check that finds nothing outstanding is the last.
void VirtioNet::check() {
  if (state_ != State::Live) return;
  check_receive();
  bool const outstanding = check_transmit();
  if (state_ == State::Live && (outstanding || without_interrupts_)) {
    check_.schedule(check_interval());
  }
}

void VirtioNet::check_receive() {
  PackedRing& ring = receive_.ring();
  if (!receive_napi_.scheduled() && ring.has_used()) {
    if (!without_interrupts_) ++counters_.driver.lost_interrupts;
    ring.disable_interrupts();
    receive_napi_.schedule();
  }
  if (ring.unannounced() > 0) {
    ring.announce();
    ++counters_.driver.repeated_notifications;
    host_.transport.notify(layout::kReceiveQueue);
  }
}

// Returns whether anything is still with the device.
bool VirtioNet::check_transmit() {
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
    need_reset("the device asks for a reset");
  } else if (stuck >= kTransmitTimeout) {
    ++counters_.driver.transmit_timeouts;
    need_reset("the transmitter makes no progress");
  } else {
    ring.announce();
    ++counters_.driver.repeated_notifications;
    host_.transport.notify(layout::kTransmitQueue);
  }
  return true;
}

}  // namespace ringside::driver
