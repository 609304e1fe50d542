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
  for (auto const& pair : pairs()) pair->work_begins();
  check_.schedule(check_interval());
}

// Armed by activity and not disarmed by its end: one timer a check interval costs less than one a
// packet. The first check that finds nothing outstanding is the last.
void VirtioNet::check() {
  bool outstanding = without_interrupts_;
  for (auto const& pair : pairs()) {
    if (state_ != State::Live) return;
    outstanding = pair->check(!without_interrupts_) || outstanding;
  }
  if (state_ == State::Live && outstanding) check_.schedule(check_interval());
}

}  // namespace ringside::driver
