// The trade of interrupt moderation as a picture: interrupts and CPU time against delay.
#pragma once

#include <string>
#include <vector>

namespace ringside::testbench {

// One setting under one load.
struct ModerationPoint {
  unsigned packets = 0;
  unsigned usecs = 0;
  double load_mpps = 0;
  double interrupts_per_second = 0;
  double p50_us = 0;
  double p99_us = 0;
  double cpu_share = 0;
  std::uint64_t drops = 0;
};

// An SVG document by itself. The points of one load follow each other.
std::string plot_moderation(std::vector<ModerationPoint> const& points);

}  // namespace ringside::testbench
