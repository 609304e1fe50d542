// What a PCIe link may do to a device's reads beside answering them at once, each by chance.
#pragma once

#include "interface/base/random.hpp"
#include "interface/base/time.hpp"

namespace ringside::testbench {

// Shares are of the device's reads, from 0 to 1. The first three are a root complex's right (PCIe
// 2.3.1.1, 2.4.1); a device has to live with the other two.
struct PcieTrouble {
  double late = 0;      // answered up to `late_by` later
  double split = 0;     // in pieces of one read completion boundary, other tags' in between
  double held = 0;      // overtaken by the read behind it, or `late_by` late
  double poisoned = 0;  // the last piece is poisoned: an endpoint hands on an error in its place
  double missing = 0;  // no answer: an endpoint gives up after `completion_timeout`, an error again
  Duration late_by{3'000'000};
  Duration completion_timeout{50'000'000};  // the least that PCIe allows as default (7.5.3.16)

  bool any() const { return late > 0 || split > 0 || held > 0 || poisoned > 0 || missing > 0; }

  // What becomes of one read.
  struct Fate {
    Duration delay{0};
    bool split = false;
    std::uint64_t pauses = 0;  // between its pieces: what they are drawn from
    bool held = false;
    bool poisoned = false;
    bool missing = false;
  };
  Fate draw(Random& random) const {
    Fate fate;
    if (!any()) return fate;
    if (random.chance(late)) {
      fate.delay = Duration{
          static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(late_by.count()) + 1))};
    }
    fate.split = random.chance(split);
    if (fate.split) fate.pauses = random.next();
    fate.held = random.chance(held);
    fate.poisoned = random.chance(poisoned);
    fate.missing = random.chance(missing);
    return fate;
  }
};

}  // namespace ringside::testbench
