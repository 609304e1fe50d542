// Yosys as a child process.
#pragma once

#include <filesystem>
#include <string>

namespace ringside::testbench {

// Its number, as in "0.23". Throws UserError if there is no Yosys.
std::string yosys_version();

struct YosysRun {
  bool succeeded;
  std::string log;  // all of it
};

// Runs `script` in `directory`, where it finds and leaves files. `work` takes the script and the
// log, and may be the same directory.
YosysRun run_yosys(std::filesystem::path const& directory, std::filesystem::path const& work,
                   std::string const& script);

// Yosys's last words in one line, for a run that should have succeeded.
std::string last_error(std::string const& log);

// A file that must be there. Throws BenchError otherwise.
std::string read_file(std::filesystem::path const& path);
void write_file(std::filesystem::path const& path, std::string const& content);

}  // namespace ringside::testbench
