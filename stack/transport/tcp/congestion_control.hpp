// How much a connection may have in flight: the algorithm alone, without timers or segments.
#pragma once

#include <cstdint>

#include "interface/base/time.hpp"

namespace ringside::stack {

// What a new cumulative acknowledgement tells outside of recovery.
struct AckedBytes {
  std::uint32_t acked = 0;
  std::uint32_t flight_before = 0;  // in flight when it came
  TimePoint now{};
  Duration srtt{};
};

// All figures in bytes. The sender finds losses and says what it found; this decides the window.
class CongestionControl {
 public:
  virtual ~CongestionControl() = default;

  // The connection is open. A lost SYN or SYN/ACK starts with one segment (RFC 5681 3.1).
  virtual void start(std::uint32_t mss, std::uint32_t initial_window) = 0;
  virtual void set_mss(std::uint32_t mss) = 0;

  virtual std::uint32_t window() const = 0;
  virtual std::uint32_t slow_start_threshold() const = 0;

  virtual void on_ack(AckedBytes const& ack) = 0;

  // Third duplicate: recovery begins with `flight` bytes out. Then each further duplicate, each
  // acknowledgement of a part, and the one that ends it, with what is out then.
  virtual void on_recovery_start(std::uint32_t flight, TimePoint now) = 0;
  virtual void on_recovery_duplicate() = 0;
  virtual void on_recovery_partial(std::uint32_t acked) = 0;
  virtual void on_recovery_end(std::uint32_t flight) = 0;

  // `first`: no timeout before it for the same data (RFC 5681 3.1).
  virtual void on_timeout(std::uint32_t flight, bool first, TimePoint now) = 0;

  // Nothing was sent for longer than one RTO (RFC 5681 4.1).
  virtual void on_idle() = 0;
};

}  // namespace ringside::stack
