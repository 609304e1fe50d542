// What an acknowledgement means: progress, a sample, a loss (RFC 5681, RFC 6582, RFC 6298).
#include <algorithm>

#include "stack/transport/tcp/sender.hpp"

namespace ringside::stack {
namespace {

constexpr unsigned kDuplicateThreshold = 3;
// RFC 6928: ten segments, at most this many bytes unless two segments are more.
constexpr std::uint32_t kInitialWindowBytes = 14'600;

}  // namespace

bool Sender::acknowledge(Sequence ack, Sequence segment_sequence, std::uint32_t window,
                         bool empty_segment) {
  // As long as the peer answers probes it may keep its window closed (RFC 9293, MUST-37).
  if (persisting_) last_progress_ = executor_.now();
  bool const advanced = ack > una_;
  bool const duplicate = ack == una_ && empty_segment && window == window_ && outstanding() > 0 &&
                         !persisting_ && syn_acknowledged();
  update_window(ack, segment_sequence, window);
  if (advanced) {
    on_new_ack(ack);
  } else if (duplicate) {
    on_duplicate_ack();
  }
  return advanced;
}

void Sender::update_window(Sequence ack, Sequence segment_sequence, std::uint32_t window) {
  bool const newer = window_sequence_ < segment_sequence ||
                     (window_sequence_ == segment_sequence && window_acknowledgement_ <= ack);
  if (ack < una_ || !newer) return;
  window_sequence_ = segment_sequence;
  window_acknowledgement_ = ack;
  window_ = window;
  max_window_ = std::max(max_window_, window);
}

void Sender::handshake_done() {
  timer_.stop();
  std::uint32_t initial_window = mss_;
  if (syn_retransmitted_) {
    rtt_.restart_after_lost_syn();
  } else {
    rtt_.sample(executor_.now() - syn_sent_at_);
    initial_window = std::min<std::uint32_t>(settings_.initial_window_segments * mss_,
                                             std::max(2 * mss_, kInitialWindowBytes));
  }
  congestion_->start(mss_, initial_window);
}

// Karn: nothing that was sent twice tells a round trip, nor what waited behind such a segment.
void Sender::take_rtt_sample(Sequence ack) {
  SendChunk const* oldest = nullptr;
  for (SendChunk const& chunk : buffer_.chunks()) {
    if (chunk.start >= ack) break;
    if (chunk.transmissions != 1) return;
    if (oldest == nullptr && chunk.end() <= ack) oldest = &chunk;
  }
  if (oldest != nullptr) rtt_.sample(executor_.now() - oldest->sent_at);
}

void Sender::on_new_ack(Sequence ack) {
  std::uint32_t const flight_before = flight();
  bool const opening = !syn_acknowledged();
  if (opening) handshake_done();
  take_rtt_sample(ack);
  Sequence const data_from = buffer_.begin();
  buffer_.acknowledge(earlier(ack, buffer_.end()));
  std::uint32_t const acked = bytes_between(data_from, buffer_.begin());
  statistics_.bytes_acked += acked;
  previous_una_ = una_;
  una_ = ack;
  next_ = later(next_, una_);
  // Marks that lag behind by more than 2^31 would seem to lie ahead.
  small_end_ = later(small_end_, una_);
  last_progress_ = executor_.now();
  timed_out_ = false;
  duplicates_ = 0;
  if (persisting_) {
    persisting_ = false;
    timer_.stop();
  }
  if (!opening) recover_or_grow(acked, flight_before);
  if (!in_recovery_) recover_ = later(recover_, una_ - 1);
  if (outstanding() == 0) timer_.stop();
}

void Sender::recover_or_grow(std::uint32_t acked, std::uint32_t flight_before) {
  if (!in_recovery_) {
    congestion_->on_ack({.acked = acked,
                         .flight_before = flight_before,
                         .now = executor_.now(),
                         .srtt = rtt_.srtt()});
  } else if (una_ >= recover_) {
    in_recovery_ = false;
    congestion_->on_recovery_end(outstanding());
  } else {
    congestion_->on_recovery_partial(acked);
    retransmit_first(Retransmission::PartialAck);
    // Only the first one: many losses in one window are better mended by the timeout.
    if (std::exchange(partial_seen_, true)) return;
  }
  if (outstanding() > 0) start_retransmission_timer();
}

bool Sender::may_enter_recovery() const {
  if (una_ > recover_) return true;
  // Duplicates at or before `recover` are mostly our own needless retransmissions, unless the last
  // acknowledgement moved by little: then one of ours is missing (RFC 6582 4.1).
  return congestion_->window() > mss_ && bytes_between(previous_una_, una_) <= 4 * mss_;
}

void Sender::on_duplicate_ack() {
  if (next_ != highest_) return;  // after a timeout all is on its way again already
  ++duplicates_;
  if (in_recovery_) {
    congestion_->on_recovery_duplicate();
    return;
  }
  if (duplicates_ != kDuplicateThreshold || !may_enter_recovery()) return;
  in_recovery_ = true;
  partial_seen_ = false;
  recover_ = highest_;
  ++counters_.fast_retransmits;
  ++statistics_.fast_retransmits;
  congestion_->on_recovery_start(outstanding(), executor_.now());
  retransmit_first(Retransmission::DuplicateAcks);
  start_retransmission_timer();
}

}  // namespace ringside::stack
