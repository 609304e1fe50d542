// bench moderation: what fewer interrupts cost in delay and save in CPU time, under several loads
// of received frames.
#include <algorithm>
#include <chrono>
#include <fstream>
#include <string>

#include "testbench/bench/apart.hpp"
#include "testbench/bench/load_testbed.hpp"
#include "testbench/bench/measurement.hpp"
#include "testbench/bench/moderation_plot.hpp"
#include "testbench/check/user_error.hpp"

namespace ringside::testbench {

namespace {

constexpr std::uint64_t kSeed = 8;
constexpr std::uint32_t kFrames = 5'000;
constexpr std::uint32_t kQuickFrames = 200;
constexpr Duration kStep{1'000'000'000};
constexpr Duration kSettling{1'000'000'000};  // longer than any moderation
constexpr std::array kLoadsMpps{0.02, 0.2, 1.0, 4.0};
constexpr std::array<std::uint16_t, 3> kPackets{8, 32, 128};
constexpr std::array<std::uint16_t, 3> kUsecs{8, 32, 128};

double microseconds(Duration time) { return static_cast<double>(time.count()) / 1e6; }

// The delay that this share of all have at most.
double quantile(std::vector<Duration>& delays, double share) {
  auto const index = static_cast<std::size_t>(share * static_cast<double>(delays.size() - 1));
  auto const place = delays.begin() + static_cast<std::ptrdiff_t>(index);
  std::nth_element(delays.begin(), place, delays.end());
  return microseconds(*place);
}

Figures measure_point(ModerationPoint const& point, std::uint32_t frames) {
  LoadCase const wanted{.cost = kServerCost,
                        .moderation = {static_cast<std::uint16_t>(point.packets),
                                       static_cast<std::uint16_t>(point.usecs)}};
  LoadTestbed bed(wanted);
  PoissonSender sender(bed.timeline, bed.nic, kLoadedMac, kPeerMac, wanted.size,
                       point.load_mpps * 1e6, Random(kSeed));
  std::vector<Duration> delays;
  TimePoint begin{};
  bed.start([&] {
    begin = bed.cpu.now();
    bed.load->on_frame(
        [&](std::uint32_t number) { delays.push_back(bed.cpu.now() - sender.end_of(number)); });
    sender.start(frames);
  });
  std::uint64_t const interrupts = bed.function.interrupts();
  Duration const busy = bed.cpu.busy_time();
  while (!sender.done()) bed.timeline.advance(kStep);
  TimePoint const end = sender.end_of(frames - 1);
  bed.timeline.advance(kSettling);
  if (delays.empty()) throw BenchError("bench moderation: nothing is received");
  // What happens while the last frames settle is part of the load's work.
  double const seconds = microseconds(end - begin) / 1e6;
  Figures figures{{"packets", point.packets}, {"usecs", point.usecs}, {"mpps", point.load_mpps}};
  figures["interrupts_per_second"] =
      static_cast<double>(bed.function.interrupts() - interrupts) / seconds;
  figures["p50_us"] = quantile(delays, 0.5);
  figures["p99_us"] = quantile(delays, 0.99);
  figures["cpu_share"] = std::min(1.0, microseconds(bed.cpu.busy_time() - busy) / 1e6 / seconds);
  figures["drops"] = frames - delays.size();
  return figures;
}

std::vector<ModerationPoint> sweep() {
  std::vector<ModerationPoint> all;
  for (double const load : kLoadsMpps) {
    all.push_back({.load_mpps = load});  // every packet by itself
    for (std::uint16_t const packets : kPackets) {
      for (std::uint16_t const usecs : kUsecs) {
        all.push_back({.packets = packets, .usecs = usecs, .load_mpps = load});
      }
    }
  }
  return all;
}

void write_plot(std::filesystem::path const& path, std::vector<ModerationPoint> const& points) {
  std::ofstream file(path, std::ios::binary);
  file << plot_moderation(points);
  file.close();
  if (!file) throw UserError("bench: can not write " + path.string() + "; choose another --svg");
}

}  // namespace

Figures measure_moderation(BenchOptions const& options) {
  auto const begin = std::chrono::steady_clock::now();
  std::uint32_t const frames = options.quick ? kQuickFrames : kFrames;
  std::vector<ModerationPoint> points = sweep();
  std::vector<std::function<Figures()>> jobs;
  for (ModerationPoint const& point : points) {
    jobs.emplace_back([&point, frames] { return measure_point(point, frames); });
  }
  std::vector<Figures> const measured = measure_apart(jobs);
  for (std::size_t i = 0; i < points.size(); ++i) {
    points[i].interrupts_per_second = measured[i]["interrupts_per_second"];
    points[i].p50_us = measured[i]["p50_us"];
    points[i].p99_us = measured[i]["p99_us"];
    points[i].cpu_share = measured[i]["cpu_share"];
    points[i].drops = measured[i]["drops"];
  }
  if (!options.svg.empty()) write_plot(options.svg, points);
  Figures figures{{"points", measured}, {"frames_per_point", frames}};
  std::chrono::duration<double> const wall = std::chrono::steady_clock::now() - begin;
  figures["wall_seconds"] = wall.count();
  return figures;
}

}  // namespace ringside::testbench
