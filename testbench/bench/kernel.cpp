// bench kernel: how fast the simulation is, and what it would be without everything but the RTL.
#include <algorithm>
#include <chrono>
#include <limits>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "testbench/bench/bulk_transfer.hpp"
#include "testbench/bench/exchange.hpp"
#include "testbench/bench/instruction_count.hpp"
#include "testbench/bench/measurement.hpp"
#include "testbench/bench/replay.hpp"
#include "testbench/nic/nic_kind.hpp"
#include "testbench/nic/rtl_nic.hpp"
#include "testbench/scenario/simulation.hpp"

namespace ringside::testbench {

namespace {

constexpr stack::Ipv4Address kSource = stack::Ipv4Address::of(10, 0, 0, 1);
constexpr stack::Ipv4Address kSink = stack::Ipv4Address::of(10, 0, 0, 2);
constexpr Duration kMicrosecond{1'000'000};
constexpr Duration kSettle = 200 * kMicrosecond;  // after boot, until nothing moves
constexpr Duration kWarmUp = 600 * kMicrosecond;  // until TCP has found its pace
constexpr Duration kSlice = 50 * kMicrosecond;    // what is timed at once
constexpr int kSlices = 6;                        // that are recorded
constexpr std::size_t kSliceCycles = kSlice / kNicCycle;
constexpr Duration kExchanges = 10'000 * kMicrosecond;
constexpr Duration kSecond = 1'000'000 * kMicrosecond;
constexpr int kStepsToBoot = 100;

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

Scenario two_hosts() {
  Scenario scenario;
  scenario.title = "bench kernel";
  for (auto const& [name, address] : {std::pair{"source", kSource}, std::pair{"sink", kSink}}) {
    HostConfig host;
    host.name = name;
    host.address = {address, 24};
    scenario.hosts.push_back(host);
  }
  CableConfig cable;
  cable.a = "source";
  cable.b = "sink";
  scenario.cables.push_back(cable);
  return scenario;
}

// Two hosts on one cable, their Verilated NICs within reach.
class Testbed {
 public:
  Testbed() : simulation_(two_hosts(), nic_maker("rtl", {}), {}) {
    for (char const* name : {"source", "sink"}) {
      hosts_.push_back(&simulation_.host(name));
      nics_.push_back(&dynamic_cast<RtlNic&>(hosts_.back()->nic()));
    }
  }

  void boot() {
    auto const ready = [&] {
      return std::all_of(hosts_.begin(), hosts_.end(), [](Host* host) { return host->ready(); });
    };
    for (int i = 0; i < kStepsToBoot && !ready(); ++i) simulation_.advance(100 * kMicrosecond);
    if (!ready()) throw BenchError("bench kernel: a host does not start");
    simulation_.advance(kSettle);
  }

  Host& source() { return *hosts_[0]; }
  Host& sink() { return *hosts_[1]; }
  std::vector<RtlNic*> const& nics() const { return nics_; }

  // How long the simulation of so much time takes.
  double time(Duration duration) {
    auto const begin = Clock::now();
    simulation_.advance(duration);
    return seconds_since(begin);
  }
  void advance(Duration duration) { simulation_.advance(duration); }

  std::uint64_t evaluated() const {
    std::uint64_t sum = 0;
    for (RtlNic const* nic : nics_) sum += nic->evaluated();
    return sum;
  }
  std::uint64_t cycles() const {
    std::uint64_t sum = 0;
    for (RtlNic const* nic : nics_) sum += nic->cycles();
    return sum;
  }

 private:
  Simulation simulation_;
  std::vector<Host*> hosts_;
  std::vector<RtlNic*> nics_;
};

// Both NICs' pins from the first cycle to the middle of the transfer.
struct Recordings {
  std::vector<std::unique_ptr<PinRecorder>> recorders;
  std::vector<std::size_t> idle_at;
  std::vector<std::size_t> busy_at;

  explicit Recordings(Testbed& bed) {
    for (RtlNic* nic : bed.nics()) {
      recorders.push_back(std::make_unique<PinRecorder>(nic->pins()));
      nic->record(recorders.back().get());
    }
  }
  std::vector<std::size_t> lengths() const {
    std::vector<std::size_t> all;
    for (auto const& recorder : recorders) all.push_back(recorder->recording().cycles.size());
    return all;
  }
  void stop(Testbed& bed) {
    for (RtlNic* nic : bed.nics()) nic->record(nullptr);
  }
};

// Cycles a second of the recorded NICs, replayed one after the other without anything around them:
// what the part of the transfer took at least.
class Alone {
 public:
  Alone(Recordings const& recordings, Clocking clocking)
      : recordings_(recordings),
        clocking_(clocking),
        best_(recordings.recorders.size(), std::numeric_limits<double>::infinity()) {}

  void time() {
    for (std::size_t i = 0; i < best_.size(); ++i) {
      Replay replay(recordings_.recorders[i]->recording(), clocking_);
      replay.play(recordings_.busy_at[i]);
      while (replay.left() >= kSliceCycles) {
        auto const begin = Clock::now();
        replay.play(kSliceCycles);
        best_[i] = std::min(best_[i], seconds_since(begin));
      }
    }
  }
  double speed() const {
    return static_cast<double>(kSliceCycles * best_.size()) /
           std::accumulate(best_.begin(), best_.end(), 0.0);
  }

 private:
  Recordings const& recordings_;
  Clocking clocking_;
  std::vector<double> best_;
};

void check_replay(Recordings const& recordings) {
  for (auto const& recorder : recordings.recorders) {
    if (!Replay(recorder->recording()).matches()) {
      throw BenchError("bench kernel: a bare NIC with the same inputs gives other outputs");
    }
    if (!Replay(recorder->recording(), Clocking::Always).matches()) {
      throw BenchError(
          "bench kernel: with the clock where something is awake the outputs are others than with "
          "it everywhere; a region says that it rests when it does not");
    }
  }
}

// The machine's other work comes and goes, so NIC and whole take turns, in slices short enough to
// find the moments between, and the best slice of each counts.
void measure_transfer(Testbed& bed, Recordings const& recordings, BulkTransfer const& transfer,
                      int rounds, Figures& figures) {
  Alone bare(recordings, Clocking::Always);
  Alone rtl(recordings, Clocking::Awake);
  double whole = 0;
  std::uint64_t const bytes = transfer.bytes;
  for (int i = 0; i < rounds * kSlices; ++i) {
    std::uint64_t const evaluated = bed.evaluated();
    double const seconds = bed.time(kSlice);
    whole = std::max(whole, static_cast<double>(bed.evaluated() - evaluated) / seconds);
    if (i % kSlices == 0) {
      bare.time();
      rtl.time();
    }
  }
  auto const simulated = static_cast<double>((kSlice * rounds * kSlices).count());
  figures["bare_cycles_per_second"] = bare.speed();
  figures["rtl_cycles_per_second"] = rtl.speed();
  figures["cosim_cycles_per_second"] = whole;
  figures["ratio"] = whole / bare.speed();
  figures["rtl_share"] = whole / rtl.speed();
  figures["goodput_gbps"] = static_cast<double>(transfer.bytes - bytes) * 8'000 / simulated;
}

// The mean, since the first second still has timers of what was before.
void measure_idle(Testbed& bed, int seconds, Figures& figures) {
  figures["idle_second_wall_seconds"] = bed.time(kSecond * seconds) / seconds;
}

void measure_exchanges(Testbed& bed, Figures& figures) {
  static Exchanges exchanges;  // outlives the hosts, which may still read it
  start_answering(bed.sink().sockets(), exchanges);
  start_asking(bed.source().sockets(), kSink, exchanges);
  bed.advance(kSettle);
  std::uint64_t const cycles = bed.cycles();
  std::uint64_t const evaluated = bed.evaluated();
  std::uint64_t const done = exchanges.done;
  bed.advance(kExchanges);
  figures["idle_skip_factor"] =
      static_cast<double>(bed.cycles() - cycles) / static_cast<double>(bed.evaluated() - evaluated);
  figures["exchanges"] = exchanges.done - done;
  exchanges.wanted = false;
  bed.advance(kSettle);
  if (exchanges.failed) throw BenchError("bench kernel: the exchanges' connection broke");
}

}  // namespace

Figures measure_kernel(BenchOptions const& options) {
  int const rounds = options.quick ? 1 : 9;
  static BulkTransfer transfer;  // outlives the hosts, which may still read it
  Testbed bed;
  Recordings recordings(bed);
  bed.boot();
  recordings.idle_at = recordings.lengths();
  start_bulk_sink(bed.sink().sockets(), transfer);
  start_bulk_source(bed.source().sockets(), kSink, transfer);
  bed.advance(kWarmUp);
  recordings.busy_at = recordings.lengths();
  bed.advance(kSlice * kSlices);
  recordings.stop(bed);
  check_replay(recordings);

  Figures figures;
  measure_transfer(bed, recordings, transfer, rounds, figures);
  transfer.wanted = false;
  bed.advance(10 * kSettle);
  if (transfer.failed) throw BenchError("bench kernel: the transfer's connection broke");
  measure_exchanges(bed, figures);
  measure_idle(bed, options.quick ? 1 : 10, figures);
  std::vector<CountedRecording> counted;
  for (std::size_t i = 0; i < recordings.recorders.size(); ++i) {
    counted.push_back({&recordings.recorders[i]->recording(), recordings.idle_at[i]});
  }
  InstructionCount const count = count_instructions(counted);
  figures["instructions_per_cycle_busy"] = count.busy;
  figures["instructions_per_cycle_idle"] = count.idle;
  return figures;
}

}  // namespace ringside::testbench
