// A rate limit with bursts, counted in time so that nothing has to tick.
#pragma once

#include <algorithm>
#include <cstdint>

#include "interface/base/time.hpp"

namespace ringside::stack {

struct RateLimit {
  Duration interval;    // one token comes back after so long
  std::uint32_t burst;  // tokens of a full bucket, at least 1
};

// A bucket is told by the time at which it will be full again.
class TokenBucket {
 public:
  // Takes a token, if there is one.
  bool take(RateLimit const& limit, TimePoint now) {
    TimePoint const from = std::max(full_at_, now);
    if (from - now > limit.interval * static_cast<std::int64_t>(limit.burst - 1)) return false;
    full_at_ = from + limit.interval;
    return true;
  }

 private:
  TimePoint full_at_{};
};

}  // namespace ringside::stack
