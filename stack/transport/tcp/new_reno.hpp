// Slow start, congestion avoidance and NewReno's window in recovery (RFC 5681, RFC 6582).
#pragma once

#include <limits>

#include "stack/transport/tcp/congestion_control.hpp"

namespace ringside::stack {

class NewReno final : public CongestionControl {
 public:
  explicit NewReno(std::uint32_t slow_start_segments_per_ack)
      : segments_per_ack_(slow_start_segments_per_ack) {}

  void start(std::uint32_t mss, std::uint32_t initial_window) override;
  void set_mss(std::uint32_t mss) override { mss_ = mss; }
  std::uint32_t window() const override { return window_; }
  std::uint32_t slow_start_threshold() const override { return threshold_; }
  void on_ack(AckedBytes const& ack) override;
  void on_recovery_start(std::uint32_t flight, TimePoint now) override;
  void on_recovery_duplicate() override;
  void on_recovery_partial(std::uint32_t acked) override;
  void on_recovery_end(std::uint32_t flight) override;
  void on_timeout(std::uint32_t flight, bool first, TimePoint now) override;
  void on_idle() override;

 private:
  void grow(std::uint64_t bytes);

  std::uint32_t segments_per_ack_;
  std::uint32_t mss_ = 536;
  std::uint32_t initial_window_ = 536;
  std::uint32_t window_ = 536;
  std::uint32_t threshold_ = std::numeric_limits<std::uint32_t>::max();
  std::uint32_t acked_in_avoidance_ = 0;
};

}  // namespace ringside::stack
