// Interrupt moderation of one queue (virtio 1.3, 5.1.6.5.7): so many packets, or so long after the
// first of them, whichever comes first.
#pragma once

#include <cstdint>

#include "interface/base/time.hpp"

namespace ringside::model {

class Moderation {
 public:
  // Either 0: each packet by itself.
  struct Setting {
    std::uint32_t max_packets = 0;
    std::uint32_t max_usecs = 0;

    bool moderates() const { return max_packets != 0 && max_usecs != 0; }
    Duration time() const;  // max_usecs
    bool operator==(Setting const&) const = default;
  };

  // The three calls below come in the order of their times and say whether an interrupt is due now.
  // Whoever is told so must not be told again for the same packets: counting starts afresh.

  // A packet has been given back. At the very time of the deadline the timer is first: the packet
  // then belongs to the next interrupt.
  bool packet(TimePoint now);
  bool expire(TimePoint now);
  // Packets already counted are judged by the new setting; their time is not restarted.
  bool set(Setting setting, TimePoint now);

  // When expire() has something to say, if nothing else happens before. kNever: not by itself.
  TimePoint deadline() const;

  Setting const& setting() const { return setting_; }
  std::uint32_t waiting() const { return count_; }
  void reset() { *this = {}; }

 private:
  bool met(TimePoint now) const;

  Setting setting_;
  std::uint32_t count_ = 0;  // packets since the last time an interrupt was due
  TimePoint first_{};        // when the first of them was counted
};

}  // namespace ringside::model
