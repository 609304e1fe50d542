// The ways in which a run's numbers are drawn.
#pragma once

#include <cstdint>

#include "interface/base/random.hpp"

namespace ringside::testbench::fuzz {

class Dice {
 public:
  explicit Dice(Random random) : random_(random) {}

  bool chance(double probability) { return random_.chance(probability); }
  double unit() { return random_.unit(); }
  std::int64_t below(std::int64_t bound) {
    return static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(bound)));
  }
  std::int64_t between(std::int64_t least, std::int64_t most) {
    return least + below(most - least + 1);
  }
  // Small numbers rather than large ones, but those too.
  std::int64_t skewed(std::int64_t least, std::int64_t most) {
    double const unit = random_.unit();
    return least +
           static_cast<std::int64_t>(unit * unit * unit * static_cast<double>(most - least + 1));
  }
  template <class Values>
  std::int64_t one_of(Values const& values) {
    return values[random_.below(values.size())];
  }
  std::int64_t often(double probability) { return random_.chance(probability) ? 1 : 0; }

 private:
  Random random_;
};

}  // namespace ringside::testbench::fuzz
