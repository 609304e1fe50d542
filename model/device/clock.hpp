// Simulated time, told from outside. Work that waits for memory ends later than it began, so the
// time is asked for when it matters instead of being passed along.
#pragma once

#include "interface/base/time.hpp"

namespace ringside::model {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual TimePoint now() const = 0;
};

}  // namespace ringside::model
