#include "stack/transport/tcp/sender.hpp"

#include "stack/header/tcp.hpp"
#include "stack/transport/tcp/new_reno.hpp"

namespace ringside::stack {
namespace {

// When the pool or the device's queue was full and nothing in flight will call again.
constexpr Duration kLocalRetry = std::chrono::milliseconds{1};

}  // namespace

Sender::Sender(Executor& executor, NetworkLayer& network, TcpSettings const& settings,
               TcpCounters& counters, SegmentOutput& output)
    : executor_(executor),
      settings_(settings),
      counters_(counters),
      output_(output),
      buffer_(network, executor, settings, counters),
      rtt_(settings),
      congestion_(std::make_unique<NewReno>(settings.slow_start_segments_per_ack)),
      timer_(executor, [this] { on_timer(); }),
      user_timeout_(settings.user_timeout) {}

Result<Done, NetworkError> Sender::open(Sequence initial) {
  initial_ = una_ = previous_una_ = recover_ = small_end_ = initial;
  next_ = highest_ = initial + 1;
  buffer_.start(next_);
  syn_sent_at_ = last_sent_ = last_progress_ = executor_.now();
  auto const sent = output_.emit_syn();
  start_retransmission_timer();
  return sent;
}

void Sender::set_peer(std::uint32_t mss, Sequence segment_sequence, std::uint32_t window) {
  mss_ = mss;
  window_ = max_window_ = window;
  window_sequence_ = segment_sequence;
  window_acknowledgement_ = una_;
}

std::size_t Sender::append(Bytes data) {
  std::size_t const taken = buffer_.append(data, mss_);
  if (taken > 0 && std::exchange(starved_, false)) timer_.stop();
  if (taken == 0 && !data.empty() && buffer_.space() > 0 && outstanding() == 0) {
    starved_ = true;
    timer_.start(kLocalRetry);
  }
  return taken;
}

void Sender::send_pending() {
  if (!syn_acknowledged()) return;
  blocked_below_ = false;
  restart_after_idle();
  Ready current = choose();
  for (unsigned burst = 1; current.chosen; ++burst) {
    commit(current);
    Ready following = choose();
    // The last of a burst asks to be handed on; a lone full segment in mid-stream does not.
    if (!following.chosen && burst > 1 && current.length > 0) current.flags |= kTcpPsh;
    if (!transmit(std::move(current), following.chosen)) break;
    current = std::move(following);
  }
  override_ = false;
  arm_after_sending();
}

void Sender::arm_after_sending() {
  if (blocked_below_ && flight() == 0) {
    timer_.start(kLocalRetry);
  } else if (flight() == 0 && next_ != end()) {
    // Only the peer's window holds it back, and an update may get lost.
    if (!persisting_) start_persist_timer();
  } else if (outstanding() > 0) {
    if (persisting_ || !timer_.running()) start_retransmission_timer();
  } else if (!starved_) {
    persisting_ = false;
    timer_.stop();
  }
}

void Sender::shrink_mss(std::uint32_t mss) {
  if (mss >= mss_) return;
  mss_ = mss;
  congestion_->set_mss(mss);
  if (in_recovery_) congestion_->on_recovery_end(outstanding());
  in_recovery_ = false;
  // No sign of congestion: the window stays (RFC 1191 6.5).
  next_ = una_;
  resend_reason_ = Retransmission::SmallerPath;
  send_pending();
}

void Sender::stop() {
  timer_.stop();
  buffer_.clear();
}

}  // namespace ringside::stack
