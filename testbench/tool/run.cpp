// ./ringside run: a scenario from a file to its summary.
#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>

#include "testbench/nic/nic_kind.hpp"
#include "testbench/nic/waves.hpp"
#include "testbench/scenario/simulation.hpp"
#include "testbench/tool/command.hpp"

namespace ringside::testbench {

namespace {

struct RunArguments {
  std::string scenario;
  std::string nic = "rtl";
  std::optional<std::uint64_t> seed;
  std::string out;
  bool json = false;
  bool quiet = false;
  std::int64_t window = 0;
  bool no_skip = false;
  std::string waves;
};

struct WavesError : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

// All of `text` as a number.
std::optional<double> number(std::string const& text) {
  double value = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// "FROM..TO" in microseconds of simulated time.
WaveOptions parse_waves(std::string const& text, std::filesystem::path const& directory) {
  WaveOptions waves;
  if (text.empty()) return waves;
  if (!kWaves) {
    throw WavesError("this program writes no waveforms; start it as ./ringside run --waves " +
                     text);
  }
  std::size_t const dots = text.find("..");
  std::optional<double> const from = number(text.substr(0, dots));
  std::optional<double> const to =
      dots == std::string::npos ? std::nullopt : number(text.substr(dots + 2));
  if (!from || !to || !(*from >= 0) || !(*to > *from) || *to > 1e12) {
    throw WavesError("--waves " + text + ": give a window in microseconds, such as 120..140.5");
  }
  auto const at = [](double microseconds) {
    return TimePoint{Duration{static_cast<std::int64_t>(microseconds * 1e6)}};
  };
  waves.directory = directory;
  waves.from = at(*from);
  waves.to = at(*to);
  return waves;
}

// Makes the directory for a run's files. Files of an earlier run of the same names are replaced.
std::filesystem::path make_out(RunArguments const& arguments) {
  std::filesystem::path const path =
      arguments.out.empty()
          ? std::filesystem::path("out") / std::filesystem::path(arguments.scenario).stem()
          : std::filesystem::path(arguments.out);
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) {
    throw CaptureError("can not make the directory " + path.string() + ": " + error.message() +
                       "; choose another with --out");
  }
  return path;
}

// Complete or not there: written beside its name, then renamed.
void write_summary(std::filesystem::path const& path, std::string const& text) {
  std::filesystem::path const partial = path.string() + ".part";
  std::error_code error;
  std::ofstream file(partial, std::ios::trunc);
  file << text;
  file.close();
  if (file) std::filesystem::rename(partial, path, error);
  if (file && !error) return;
  std::filesystem::remove(partial, error);
  throw CaptureError("can not write " + path.string() +
                     "; free some space or choose another --out directory");
}

int run(RunArguments const& arguments) {
  Scenario scenario = load_scenario(arguments.scenario);
  if (arguments.seed) scenario.seed = *arguments.seed;
  std::filesystem::path const out = make_out(arguments);
  SimulationOptions options;
  options.nic_name = arguments.nic;
  options.captures = out;
  bool const tell = !arguments.json && !arguments.quiet;
  if (tell) options.story = &std::cout;
  // A line that overwrites itself is for people, and only where no story scrolls by.
  if (!tell && ::isatty(STDERR_FILENO) != 0) options.progress = &std::cerr;
  ClockLoopOptions const clock{arguments.window, !arguments.no_skip,
                               parse_waves(arguments.waves, out)};
  Report report;
  std::string json;
  {
    Simulation simulation(scenario, nic_maker(arguments.nic, clock), options);
    report = simulation.run();
  }
  json = to_json(report).dump(2) + "\n";
  write_summary(out / "summary.json", json);
  if (options.progress != nullptr) *options.progress << '\n';
  if (arguments.json) {
    std::cout << json;
  } else {
    std::cout << (tell ? "\n" : "") << to_text(report) << "files in " << out.string() << '\n';
  }
  return report.ok ? kAllHeld : kCheckFailed;
}

}  // namespace

Command add_run(CLI::App& app) {
  auto const arguments = std::make_shared<RunArguments>();
  CLI::App* const command = app.add_subcommand("run", "simulate a scenario");
  command->add_option("scenario", arguments->scenario, "a TOML file, such as those in scenarios/")
      ->required();
  command->add_option("--nic", arguments->nic, "which NIC the hosts have")
      ->check(CLI::IsMember(nic_kinds()))
      ->capture_default_str();
  command->add_option("--seed", arguments->seed, "in place of the scenario's");
  command->add_option("--out", arguments->out, "directory for captures and summary.json");
  command->add_flag("--json", arguments->json, "print the summary as one JSON object, no story");
  command->add_flag("--quiet", arguments->quiet, "print no story");
  command
      ->add_option("--window", arguments->window,
                   "cycles that a NIC runs ahead at most; changes nothing but speed")
      ->check(CLI::NonNegativeNumber);
  command->add_flag("--no-skip", arguments->no_skip,
                    "evaluate quiet cycles too; changes nothing but speed");
  command->add_option("--waves", arguments->waves,
                      "FROM..TO in simulated us: a waveform (FST) of each Verilated NIC");
  return [arguments] { return run(*arguments); };
}

}  // namespace ringside::testbench
