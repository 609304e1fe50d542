// ringside_tool: simulates, serves, measures. ./ringside builds and starts it.
#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "testbench/check/user_error.hpp"
#include "testbench/nic/waves.hpp"
#include "testbench/scenario/simulation.hpp"
#include "testbench/tool/command.hpp"
#include "testbench/tool/interruption.hpp"

namespace {

using namespace ringside::testbench;

using Commands = std::vector<std::pair<CLI::App*, Command>>;

// One line: what was wrong, where, what to do.
int wrong_use(std::string const& message) {
  std::cerr << "ringside: " << message << '\n';
  return kWrongUse;
}

int parse_error(CLI::App const& app, Commands const& commands, CLI::ParseError const& error) {
  if (error.get_exit_code() == 0) return app.exit(error);  // --help
  std::string help = app.get_name();
  for (auto const& [subcommand, command] : commands) {
    if (app.got_subcommand(subcommand)) help += " " + subcommand->get_name();
  }
  return wrong_use(std::string(error.what()) + "; see " + help + " --help");
}

int run_chosen(CLI::App const& app, Commands const& commands) {
  for (auto const& [subcommand, command] : commands) {
    if (!app.got_subcommand(subcommand)) continue;
    int const status = command();
    std::cout.flush();
    if (std::cout || reader_gone()) return status;
    return wrong_use("can not write to the standard output; free some space or send it elsewhere");
  }
  return kWrongUse;
}

int guarded(CLI::App const& app, Commands const& commands) {
  try {
    return run_chosen(app, commands);
  } catch (UserError const& error) {
    return wrong_use(error.what());
  } catch (Interrupted const& error) {
    std::cout.flush();
    if (!reader_gone()) std::cerr << "ringside: " << error.what() << '\n';
    obey_interruption();
    return kCheckFailed;
  } catch (std::exception const& error) {
    std::cerr << "ringside: " << error.what() << '\n';
    return kCheckFailed;
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Ringside: a 10 GbE NIC, its driver, its host and its network, simulated together",
               "./ringside");
  app.require_subcommand(1);
  Commands commands;
  auto const add_command = [&](char const* name, Command (*add)(CLI::App&)) {
    Command command = add(app);
    commands.emplace_back(app.get_subcommand(name), std::move(command));
  };
  add_command("run", add_run);
  add_command("live", add_live);
  // Figures of a program that can trace would be those of a slower one.
  if constexpr (!kWaves) {
    add_command("bench", add_bench);
    add_command("fuzz", add_fuzz);
  }
  try {
    app.parse(argc, argv);
  } catch (CLI::ParseError const& error) {
    return parse_error(app, commands, error);
  }
  int const status = guarded(app, commands);
  if (reader_gone()) obey_interruption();
  return status;
}
