// bench nic64: what the NIC does with the smallest frames when nothing else is the limit, and with
// others, on other links; and how long it takes for a frame alone.
#include <algorithm>
#include <chrono>
#include <numeric>
#include <string>

#include "testbench/bench/apart.hpp"
#include "testbench/bench/latency.hpp"
#include "testbench/bench/load_testbed.hpp"
#include "testbench/bench/measurement.hpp"

namespace ringside::testbench {

namespace {

constexpr Duration kWarmUp{200'000'000};
// The host learns of a batch some hundred nanoseconds sooner or later: a share of the rate that the
// time has to make small.
constexpr Duration kLong{10'000'000'000};
constexpr Duration kQuick{200'000'000};
constexpr std::size_t kFcsBytes = 4;

struct Variant {
  std::string prefix;  // of its keys
  LoadCase load;
};

// Sizes on the wire, FCS included, beside the smallest: around what fits a beat, and the longest.
std::vector<Variant> variants() {
  std::vector<Variant> all{{"", {}},
                           {"x4_", {.link = kGen3x4}},
                           {"pairs_4_", {.pairs = 4}},
                           {"pairs_4_x4_", {.link = kGen3x4, .pairs = 4}}};
  for (std::size_t const size : {65U, 127U, 128U, 129U, 1518U}) {
    all.push_back({"size_" + std::to_string(size) + "_", {.size = size - kFcsBytes}});
  }
  return all;
}

Figures measure_load(LoadCase const& wanted, Duration time) {
  LoadTestbed bed(wanted);
  bed.start([&] {
    bed.load->fill();
    bed.sender.start();
  });
  bed.timeline.advance(kWarmUp);
  bed.load->count().restart();
  bed.ear.count().restart();
  PcieStatistics const before = bed.link.statistics();
  std::uint64_t const evaluated = bed.nic.evaluated();
  std::uint64_t const interrupts = bed.function.interrupts();
  bed.timeline.advance(time);

  FrameCount const& received = bed.load->count();
  FrameCount const& sent = bed.ear.count();
  PcieStatistics const& link = bed.link.statistics();
  // A packet here is one of either direction.
  auto const packets = static_cast<double>(received.frames() + sent.frames());
  Figures figures;
  figures["tx_mpps"] = sent.million_a_second();
  figures["rx_mpps"] = received.million_a_second();
  figures["line_rate_mpps"] = 1e6 / static_cast<double>(line_time(wanted.size).count());
  figures["drops"] = sent.missing() + received.missing();
  figures["wrong"] = sent.wrong() + received.wrong();
  figures["tx_packets"] = sent.frames();
  figures["rx_packets"] = received.frames();
  figures["interrupts"] = bed.function.interrupts() - interrupts;
  figures["pcie_up_bytes_per_packet"] =
      static_cast<double>(link.up_bytes - before.up_bytes) / packets;
  figures["pcie_down_bytes_per_packet"] =
      static_cast<double>(link.down_bytes - before.down_bytes) / packets;
  // Flows are spread over pairs by a hash: no pair may be left out.
  auto const& by_pair = bed.load->by_pair();
  if (by_pair.size() > 1) {
    figures["rx_least_pair_share"] =
        static_cast<double>(*std::ranges::min_element(by_pair)) /
        static_cast<double>(std::accumulate(by_pair.begin(), by_pair.end(), std::uint64_t{0}));
  }
  figures["cycles_evaluated"] = bed.nic.evaluated() - evaluated;
  return figures;
}

}  // namespace

Figures measure_nic64(BenchOptions const& options) {
  auto const begin = std::chrono::steady_clock::now();
  Duration const time = options.quick ? kQuick : kLong;
  std::vector<Variant> const wanted = variants();
  std::vector<std::function<Figures()>> jobs;
  for (Variant const& each : wanted) {
    jobs.emplace_back([&each, time] { return measure_load(each.load, time); });
  }
  jobs.emplace_back([] { return measure_latency({.moderation = {}}); });
  std::vector<Figures> const measured = measure_apart(jobs);

  Figures figures = measured.front();
  for (std::size_t i = 1; i < wanted.size(); ++i) {
    for (char const* key : {"tx_mpps", "rx_mpps", "line_rate_mpps", "rx_least_pair_share"}) {
      if (!measured[i].contains(key)) continue;
      figures[wanted[i].prefix + key] = measured[i][key];
    }
    for (char const* key : {"drops", "wrong"}) {
      figures[key] = figures[key].get<std::uint64_t>() + measured[i][key].get<std::uint64_t>();
    }
  }
  figures.update(measured.back());
  std::chrono::duration<double> const wall = std::chrono::steady_clock::now() - begin;
  figures["wall_seconds"] = wall.count();
  return figures;
}

}  // namespace ringside::testbench
