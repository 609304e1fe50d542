// A fingerprint of what happened and when: two runs that differ anywhere differ here.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#include "interface/base/bytes.hpp"
#include "interface/base/time.hpp"

namespace ringside::testbench {

// Not cryptographic. Each source of events keeps one of its own, so that the order in which
// independent sources are simulated does not matter; a run combines them in a fixed order.
class EventHash {
 public:
  void add(std::uint64_t value) {
    state_ = (std::rotl(state_, 29) ^ value) * 0x9E3779B97F4A7C15;
    state_ ^= state_ >> 32;
  }
  void add(TimePoint when) { add(static_cast<std::uint64_t>(when.time_since_epoch().count())); }
  void add(Bytes bytes) {
    add(bytes.size());
    std::size_t at = 0;
    for (; at + 8 <= bytes.size(); at += 8) add(load_le<std::uint64_t>(bytes.data() + at));
    std::uint64_t tail = 0;
    if (at < bytes.size()) {
      std::memcpy(&tail, bytes.data() + at, bytes.size() - at);
      add(tail);
    }
  }

  std::uint64_t value() const { return state_; }

 private:
  std::uint64_t state_ = 0x52494E4753494445;
};

}  // namespace ringside::testbench
