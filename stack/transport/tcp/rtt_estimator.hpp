// Round-trip time and from it the retransmission timeout (RFC 6298).
#pragma once

#include <algorithm>

#include "interface/base/time.hpp"
#include "stack/transport/tcp/settings.hpp"

namespace ringside::stack {

class RttEstimator {
 public:
  explicit RttEstimator(TcpSettings const& settings)
      : settings_(settings), rto_(settings.initial_rto) {}

  // `measured` never comes from a segment that was sent twice (Karn); that is the caller's care.
  void sample(Duration measured) {
    if (!has_sample_) {
      srtt_ = measured;
      variance_ = measured / 2;
      has_sample_ = true;
    } else {
      Duration const error = srtt_ > measured ? srtt_ - measured : measured - srtt_;
      variance_ = (3 * variance_ + error) / 4;
      srtt_ = (7 * srtt_ + measured) / 8;
    }
    rto_ = srtt_ + std::max(settings_.min_rto_variance, 4 * variance_);
    rto_ = std::max(rto_, settings_.min_rto);
    backoff_ = 0;
  }

  // The timer has expired: the doubled value stays until the next sample.
  void back_off() {
    if (rto() < settings_.max_rto) ++backoff_;
  }

  // The handshake was timed out: data begins with a cautious value (RFC 6298 5.7).
  void restart_after_lost_syn() {
    backoff_ = 0;
    rto_ = std::max<Duration>(settings_.initial_rto, std::chrono::seconds{3});
  }

  Duration rto() const { return std::min(rto_ * (std::int64_t{1} << backoff_), settings_.max_rto); }
  Duration srtt() const { return srtt_; }
  Duration variance() const { return variance_; }
  unsigned backoff() const { return backoff_; }
  bool has_sample() const { return has_sample_; }

 private:
  TcpSettings const& settings_;
  Duration srtt_{};
  Duration variance_{};
  Duration rto_;
  unsigned backoff_ = 0;
  bool has_sample_ = false;
};

}  // namespace ringside::stack
