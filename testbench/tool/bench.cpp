// ./ringside bench: a named measurement.
#include <iomanip>
#include <iostream>
#include <memory>
#include <string>

#include "testbench/bench/instruction_count.hpp"
#include "testbench/bench/measurement.hpp"
#include "testbench/check/user_error.hpp"
#include "testbench/tool/command.hpp"

namespace ringside::testbench {

namespace {

struct BenchArguments {
  std::string name;
  std::string recordings;
  bool json = false;
  BenchOptions options;
};

std::string names() {
  std::string all;
  for (Measurement const& entry : measurements()) {
    all += (all.empty() ? "" : ", ") + std::string(entry.name);
  }
  return all;
}

void print(Figures const& figures) {
  for (auto const& [key, value] : figures.items()) {
    if (!value.is_array()) {
      std::cout << std::left << std::setw(32) << key << value.dump() << '\n';
      continue;
    }
    for (auto const& row : value) std::cout << row.dump() << '\n';
  }
}

int bench(BenchArguments const& arguments) {
  if (!arguments.recordings.empty()) {
    replay_under_callgrind(arguments.recordings);
    return kAllHeld;
  }
  Measurement const* const measurement = find_measurement(arguments.name);
  if (measurement == nullptr) {
    throw UserError("bench: there is no measurement \"" + arguments.name +
                    "\"; choose one of: " + names());
  }
  SynthOptions const& synth = arguments.options.synth;
  if (arguments.name != "synth" &&
      (synth.record || synth.check || !synth.only.empty() || !synth.rtl.empty())) {
    throw UserError("bench: --only, --rtl, --record and --check are for synth");
  }
  if (arguments.name != "moderation" && !arguments.options.svg.empty()) {
    throw UserError("bench: --svg is for moderation");
  }
  Figures const figures = measurement->run(arguments.options);
  if (arguments.json) {
    std::cout << figures.dump(2) << '\n';
  } else {
    print(figures);
  }
  return kAllHeld;
}

}  // namespace

Command add_bench(CLI::App& app) {
  auto const arguments = std::make_shared<BenchArguments>();
  CLI::App* const command = app.add_subcommand("bench", "make a named measurement");
  command->add_option("name", arguments->name, "one of: " + names());
  command->add_flag("--json", arguments->json, "print the figures as one JSON object");
  command->add_flag("--quick", arguments->options.quick,
                    "every figure, but times too short to be worth quoting");
  command->add_option("--svg", arguments->options.svg,
                      "of moderation: plot the trade to this file");
  SynthOptions& synth = arguments->options.synth;
  auto* const only = command->add_option("--only", synth.only, "this block and nothing else");
  auto* const rtl = command->add_option("--rtl", synth.rtl, "of another tree of RTL");
  auto* const record = command->add_flag("--record", synth.record, "write docs/fpga-cost.md, too");
  auto* const check = command->add_flag(
      "--check", synth.check, "measure nothing; say whether docs/fpga-cost.md is of this RTL");
  record->excludes(only)->excludes(rtl)->excludes(check);
  check->excludes(only);
  for (CLI::Option* option : {only, rtl, record, check}) option->group("For synth");
  // How the kernel measurement runs itself under callgrind; no group: not in the help.
  command->add_option("--replay", arguments->recordings)->group("");
  return [arguments] { return bench(*arguments); };
}

}  // namespace ringside::testbench
