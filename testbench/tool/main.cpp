// ringside_tool: simulates, serves, measures. ./ringside builds and starts it.
#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <utility>
#include <vector>

#include "testbench/net/capture.hpp"
#include "testbench/net/tap.hpp"
#include "testbench/nic/waves.hpp"
#include "testbench/scenario/scenario.hpp"
#include "testbench/tool/command.hpp"

namespace {

using namespace ringside::testbench;

int run_chosen(CLI::App& app, std::vector<std::pair<CLI::App*, Command>> const& commands) {
  for (auto const& [subcommand, command] : commands) {
    if (app.got_subcommand(subcommand)) return command();
  }
  return kWrongUse;
}

// One line: what was wrong, where, what to do.
int wrong_use(char const* message) {
  std::cerr << "ringside: " << message << '\n';
  return kWrongUse;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Ringside: a 10 GbE NIC, its driver, its host and its network, simulated together",
               "./ringside");
  app.require_subcommand(1);
  std::vector<std::pair<CLI::App*, Command>> commands;
  auto const add_command = [&](char const* name, Command (*add)(CLI::App&)) {
    Command command = add(app);
    commands.emplace_back(app.get_subcommand(name), std::move(command));
  };
  add_command("run", add_run);
  add_command("live", add_live);
  // Figures of a program that can trace would be those of a slower one.
  if constexpr (!kWaves) add_command("bench", add_bench);
  try {
    app.parse(argc, argv);
  } catch (CLI::ParseError const& error) {
    return app.exit(error) == 0 ? kAllHeld : kWrongUse;
  }
  try {
    return run_chosen(app, commands);
  } catch (ScenarioError const& error) {
    return wrong_use(error.what());
  } catch (CaptureError const& error) {
    return wrong_use(error.what());
  } catch (TapError const& error) {
    return wrong_use(error.what());
  } catch (std::invalid_argument const& error) {
    return wrong_use(error.what());
  } catch (std::exception const& error) {
    std::cerr << "ringside: " << error.what() << '\n';
    return kCheckFailed;
  }
}

// The SystemC library asks for it; the kernel is started from main().
int sc_main(int, char**) { return 0; }
