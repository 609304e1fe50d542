#include "stack/transport/tcp/new_reno.hpp"

#include <algorithm>

namespace ringside::stack {
namespace {

// The largest window that scaling can announce (RFC 7323 2.3): more could never be in flight.
constexpr std::uint32_t kMaxWindow = std::uint32_t{1} << 30;

}  // namespace

void NewReno::start(std::uint32_t mss, std::uint32_t initial_window) {
  mss_ = mss;
  initial_window_ = initial_window;
  window_ = initial_window;
}

void NewReno::grow(std::uint64_t bytes) {
  window_ = static_cast<std::uint32_t>(std::min<std::uint64_t>(window_ + bytes, kMaxWindow));
}

void NewReno::on_ack(AckedBytes const& ack) {
  // A window that was not the limit has not been tried: it must not grow (RFC 7661 4.1).
  if (window_ < threshold_) {
    if (ack.flight_before <= window_ / 2) return;
    grow(std::min<std::uint64_t>(ack.acked, std::uint64_t{segments_per_ack_} * mss_));
    return;
  }
  if (ack.flight_before + mss_ <= window_) return;
  acked_in_avoidance_ += ack.acked;
  if (acked_in_avoidance_ >= window_) {
    acked_in_avoidance_ -= window_;
    grow(mss_);
  }
}

void NewReno::on_recovery_start(std::uint32_t flight, TimePoint) {
  threshold_ = std::max(flight / 2, 2 * mss_);
  window_ = threshold_ + 3 * mss_;
  acked_in_avoidance_ = 0;
}

void NewReno::on_recovery_duplicate() { grow(mss_); }

void NewReno::on_recovery_partial(std::uint32_t acked) {
  window_ -= std::min(acked, window_);
  if (acked >= mss_) grow(mss_);
  window_ = std::max(window_, mss_);
}

void NewReno::on_recovery_end(std::uint32_t flight) {
  // The first of the two ways of RFC 6582: no burst when little is in flight.
  window_ = std::min(threshold_, std::max(flight, mss_) + mss_);
}

void NewReno::on_timeout(std::uint32_t flight, bool first, TimePoint) {
  if (first) threshold_ = std::max(flight / 2, 2 * mss_);
  window_ = mss_;
  acked_in_avoidance_ = 0;
}

void NewReno::on_idle() { window_ = std::min(window_, initial_window_); }

}  // namespace ringside::stack
