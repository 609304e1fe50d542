// The commands of ./ringside that the built program carries out.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace ringside::testbench {

// Exit status of every command.
inline constexpr int kAllHeld = 0;
inline constexpr int kCheckFailed = 1;
inline constexpr int kWrongUse = 2;

// Each adds its subcommand to `app`; what it returns is called if that was chosen.
using Command = std::function<int()>;
Command add_run(CLI::App& app);
Command add_live(CLI::App& app);
Command add_bench(CLI::App& app);
Command add_fuzz(CLI::App& app);

}  // namespace ringside::testbench
