#include "testbench/bench/instruction_count.hpp"

#include <valgrind/callgrind.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "testbench/bench/measurement.hpp"
#include "testbench/bench/replay.hpp"
#include "testbench/bench/temporary_directory.hpp"

namespace ringside::testbench {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kCountedCycles = 4'000;
constexpr char const* kBusy = "busy";
constexpr char const* kIdle = "idle";

// Read by the same program on the same machine: plain memory will do.
void save(fs::path const& path, CountedRecording const& counted) {
  std::ofstream file(path, std::ios::binary);
  auto const put = [&](void const* from, std::size_t bytes) {
    file.write(static_cast<char const*>(from), static_cast<std::streamsize>(bytes));
  };
  std::vector<InputPins> const& cycles = counted.recording->cycles;
  put(&counted.idle_at, sizeof counted.idle_at);
  put(&counted.recording->at_reset, sizeof(InputPins));
  put(cycles.data(), cycles.size() * sizeof(InputPins));
  file.close();
  if (!file) throw BenchError("bench: can not write " + path.string() + "; free some space");
}

std::size_t load(fs::path const& path, PinRecording& recording) {
  std::ifstream file(path, std::ios::binary);
  std::size_t idle_at = 0;
  std::size_t const head = sizeof idle_at + sizeof(InputPins);
  std::size_t const size = fs::file_size(path);
  if (size >= head) recording.cycles.resize((size - head) / sizeof(InputPins));
  auto const get = [&](void* into, std::size_t bytes) {
    file.read(static_cast<char*>(into), static_cast<std::streamsize>(bytes));
  };
  get(&idle_at, sizeof idle_at);
  get(&recording.at_reset, sizeof(InputPins));
  get(recording.cycles.data(), recording.cycles.size() * sizeof(InputPins));
  if (!file || idle_at > recording.cycles.size()) {
    throw BenchError("bench: " + path.string() + " is no recording");
  }
  return idle_at;
}

std::string program() { return fs::read_symlink("/proc/self/exe").string(); }

// The instructions of each dump that ended with the given request.
double mean_per_cycle(fs::path const& directory, std::string const& request) {
  double total = 0;
  unsigned dumps = 0;
  for (auto const& entry : fs::directory_iterator(directory)) {
    if (!entry.path().filename().string().starts_with("callgrind.out")) continue;
    std::ifstream file(entry.path());
    std::string const wanted = "desc: Trigger: Client Request: " + request;
    bool found = false;
    for (std::string line; std::getline(file, line);) {
      found = found || line == wanted;
      if (!found || !(line.starts_with("summary: ") || line.starts_with("totals: "))) continue;
      total += std::stod(line.substr(line.find(' ') + 1));
      ++dumps;
      break;
    }
  }
  if (dumps == 0) throw BenchError("bench: callgrind has counted nothing");
  return total / dumps / static_cast<double>(kCountedCycles);
}

}  // namespace

InstructionCount count_instructions(std::vector<CountedRecording> const& recordings) {
  TemporaryDirectory const directory;
  for (std::size_t i = 0; i < recordings.size(); ++i) {
    save(directory.path() / (std::to_string(i) + ".pins"), recordings[i]);
  }
  std::string const where = directory.path().string();
  std::string const command =
      "valgrind --tool=callgrind --instr-atstart=no --callgrind-out-file='" + where +
      "/callgrind.out' '" + program() + "' bench --replay '" + where + "' >'" + where +
      "/log' 2>&1";
  if (std::system(command.c_str()) != 0) {
    std::ifstream log(directory.path() / "log");
    std::string last;
    for (std::string line; std::getline(log, line);) {
      if (!line.empty()) last = line;
    }
    throw BenchError("bench: valgrind does not count (./ringside setup installs it): " + last);
  }
  return {mean_per_cycle(directory.path(), kBusy), mean_per_cycle(directory.path(), kIdle)};
}

void replay_under_callgrind(fs::path const& directory) {
  for (int i = 0;; ++i) {
    fs::path const path = directory / (std::to_string(i) + ".pins");
    if (!fs::exists(path)) break;
    PinRecording recording{};
    std::size_t const idle_at = load(path, recording);
    Replay replay(recording);
    replay.play(idle_at);
    CALLGRIND_START_INSTRUMENTATION;
    CALLGRIND_ZERO_STATS;
    replay.hold(kCountedCycles);
    CALLGRIND_DUMP_STATS_AT(kIdle);
    CALLGRIND_STOP_INSTRUMENTATION;
    // Time had gone on; a fresh NIC sees everything when it happened.
    Replay busy(recording);
    busy.play(busy.left() - std::min(kCountedCycles, busy.left()));
    CALLGRIND_START_INSTRUMENTATION;
    CALLGRIND_ZERO_STATS;
    busy.play(busy.left());
    CALLGRIND_DUMP_STATS_AT(kBusy);
    CALLGRIND_STOP_INSTRUMENTATION;
  }
}

}  // namespace ringside::testbench
