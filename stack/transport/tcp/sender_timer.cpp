// When nothing is heard: retransmission with backoff, window probes, and the end of patience.
#include <algorithm>

#include "stack/header/tcp.hpp"
#include "stack/transport/tcp/sender.hpp"

namespace ringside::stack {

void Sender::start_retransmission_timer() {
  persisting_ = false;
  timer_.start(rtt_.rto());
}

void Sender::start_persist_timer() {
  if (!persisting_) {
    persisting_ = true;
    persist_backoff_ = 0;
    last_progress_ = executor_.now();
  }
  Duration wait = rtt_.rto();
  for (unsigned i = 0; i < persist_backoff_ && wait < settings_.max_rto; ++i) wait *= 2;
  timer_.start(std::min(wait, settings_.max_rto));
}

void Sender::on_timer() {
  if (std::exchange(starved_, false)) {
    output_.on_room();
  } else if (blocked_below_ && flight() == 0) {
    send_pending();
  } else if (!syn_acknowledged()) {
    on_syn_timeout();
  } else if (persisting_) {
    on_persist_timeout();
  } else if (outstanding() > 0) {
    on_retransmission_timeout();
  }
}

bool Sender::gave_up() {
  Duration const patience =
      syn_acknowledged() ? user_timeout_ : std::min(user_timeout_, settings_.connect_timeout);
  if (executor_.now() - last_progress_ < patience) return false;
  output_.give_up();
  return true;
}

void Sender::on_syn_timeout() {
  if (gave_up()) return;
  syn_retransmitted_ = true;
  rtt_.back_off();
  ++counters_.timeouts;
  ++statistics_.timeouts;
  count_again(initial_, Retransmission::Timeout);
  start_retransmission_timer();
  (void)output_.emit_syn();
}

void Sender::on_retransmission_timeout() {
  if (gave_up()) return;
  if (window_ == 0) {
    // The peer closed its window over what is out. That is no loss; it is asked until it opens
    // again, and then all of it is due (RFC 9293, SHLD-15 to SHLD-17).
    next_ = una_;
    start_persist_timer();
    on_persist_timeout();
    return;
  }
  ++counters_.timeouts;
  ++statistics_.timeouts;
  congestion_->on_timeout(outstanding(), !std::exchange(timed_out_, true), executor_.now());
  rtt_.back_off();
  recover_ = highest_;
  in_recovery_ = false;
  duplicates_ = 0;
  next_ = una_;
  resend_reason_ = Retransmission::Timeout;
  send_pending();
}

void Sender::on_persist_timeout() {
  if (gave_up()) return;
  ++persist_backoff_;
  if (window_ > 0) {
    override_ = true;
    start_persist_timer();
    send_pending();
    return;
  }
  // Before the window, so that every peer must answer (RFC 9293 3.8.6.1; the form of Linux).
  ++counters_.window_probes;
  output_.on_window_probe();
  start_persist_timer();
  (void)output_.emit({}, una_ - 1, kTcpAck, false);
}

}  // namespace ringside::stack
