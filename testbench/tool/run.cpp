// ./ringside run: a scenario from a file to its summary.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <system_error>

#include "testbench/nic/nic_kind.hpp"
#include "testbench/nic/waves.hpp"
#include "testbench/scenario/simulation.hpp"
#include "testbench/tool/command.hpp"
#include "testbench/tool/interruption.hpp"
#include "testbench/tool/numbers.hpp"
#include "testbench/tool/out_directory.hpp"
#include "testbench/tool/wave_file.hpp"

namespace ringside::testbench {

namespace {

constexpr char kTracedNic[] = "rtl";
constexpr char kModel[] = "model";
constexpr std::int64_t kMaxWindow = 1'000'000;  // far beyond any lookahead

struct RunArguments {
  std::string scenario;
  std::string nic = kTracedNic;
  std::optional<std::int64_t> seed;
  std::string out;
  bool json = false;
  bool quiet = false;
  bool verbose = false;
  std::int64_t window = 0;
  bool no_skip = false;
  std::string waves;

  bool tells() const { return !json && !quiet; }
};

// "FROM..TO" in microseconds of simulated time.
WaveOptions parse_waves(std::string const& text, std::string const& nic) {
  WaveOptions waves;
  if (text.empty()) return waves;
  if (nic == kModel) {
    throw UserError("--waves: the " + nic + " has no signals to show; use it with --nic " +
                    kTracedNic);
  }
  if (!kWaves) {
    throw UserError("this program writes no waveforms; start it as ./ringside run --waves " + text);
  }
  std::size_t const dots = text.find("..");
  std::optional<double> const from = parse_number(text.substr(0, dots));
  std::optional<double> const to =
      dots == std::string::npos ? std::nullopt : parse_number(text.substr(dots + 2));
  if (!from || !to || !(*from >= 0) || !(*to > *from) || *to > 1e12) {
    throw UserError("--waves " + text + ": give a window in microseconds, such as 120..140.5");
  }
  auto const at = [](double microseconds) {
    return TimePoint{Duration{static_cast<std::int64_t>(microseconds * 1e6)}};
  };
  waves.from = at(*from);
  waves.to = at(*to);
  return waves;
}

std::filesystem::path out_path(RunArguments const& arguments) {
  if (!arguments.out.empty()) return arguments.out;
  return std::filesystem::path("out") / std::filesystem::path(arguments.scenario).stem();
}

SimulationOptions options_for(RunArguments const& arguments, OutDirectory const& out) {
  SimulationOptions options;
  options.nic_name = arguments.nic;
  options.captures = out.unfinished();
  options.interrupted = interrupted;
  if (arguments.tells()) {
    options.story = &std::cout;
    if (!arguments.verbose) options.telling = Telling::LeaveOutRoutine;
  } else if (!arguments.json && ::isatty(STDERR_FILENO) != 0) {
    // A line that overwrites itself is for people, and only where no story scrolls by.
    options.progress = &std::cerr;
  }
  return options;
}

// The user knows the directory by its own name, not by that of the one inside.
Report simulate(Scenario const& scenario, RunArguments const& arguments, WaveOptions const& waves,
                OutDirectory const& out) {
  ClockLoopOptions const clock{arguments.window, !arguments.no_skip, waves};
  Report report;
  try {
    Simulation simulation(scenario, nic_maker(arguments.nic, clock), options_for(arguments, out));
    report = simulation.run();
  } catch (CaptureError const& error) {
    throw UserError(out.path().string() + ": " + error.what());
  }
  for (std::string const& name : out.files()) {
    if (!name.ends_with(".fst") || is_whole_waveform(out.unfinished() / name)) continue;
    throw UserError(out.path().string() + ": can not write the waveform " + name +
                    ": the disk did not take all of it; free some space or ask for less time");
  }
  return report;
}

// The command that shows a difference in a waveform, a little before and after it.
std::string replay_command(RunArguments const& arguments, Report const& report) {
  constexpr std::int64_t kBefore = 5;  // microseconds
  constexpr std::int64_t kAfter = 1;
  auto const at =
      std::chrono::floor<std::chrono::microseconds>(report.trouble_at).time_since_epoch();
  std::int64_t const from = std::max<std::int64_t>(0, at.count() - kBefore);
  return "to see it: ./ringside run " + arguments.scenario + " --seed " +
         std::to_string(report.seed) + " --nic " + arguments.nic + " --waves " +
         std::to_string(from) + ".." + std::to_string(at.count() + kAfter + 1);
}

int run(RunArguments const& arguments) {
  Scenario scenario = load_scenario(arguments.scenario);
  if (arguments.seed) scenario.seed = static_cast<std::uint64_t>(*arguments.seed);
  WaveOptions waves = parse_waves(arguments.waves, arguments.nic);
  note_interruptions();
  OutDirectory out(out_path(arguments));
  if (!arguments.waves.empty()) waves.directory = out.unfinished();
  Report report = simulate(scenario, arguments, waves, out);
  report.files = out.files();
  if (report.trouble_at != kNever) report.problems.push_back(replay_command(arguments, report));
  std::string const json = to_json(report).dump(2) + "\n";
  out.publish(json);
  if (arguments.json) {
    std::cout << json;
  } else {
    std::cout << (arguments.tells() ? "\n" : "") << to_text(report) << "files in "
              << out.path().string() << '\n';
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
  command->add_option("--seed", arguments->seed, "in place of the scenario's")
      ->check(whole_number(0, INT64_MAX));
  command->add_option(
      "--out", arguments->out,
      "directory for captures, waveforms and summary.json; out/<scenario> if not given");
  command->add_flag("--json", arguments->json, "print the summary as one JSON object, no story");
  command->add_flag("--quiet", arguments->quiet, "print no story");
  command->add_flag("--verbose", arguments->verbose, "leave nothing out of the story");
  command
      ->add_option("--window", arguments->window,
                   "cycles that a NIC runs ahead at most; changes nothing but speed")
      ->check(whole_number(0, kMaxWindow));
  command->add_flag("--no-skip", arguments->no_skip,
                    "evaluate quiet cycles too; changes nothing but speed");
  command->add_option("--waves", arguments->waves,
                      "FROM..TO in simulated us: a waveform (FST) of each Verilated NIC");
  return [arguments] { return run(*arguments); };
}

}  // namespace ringside::testbench
