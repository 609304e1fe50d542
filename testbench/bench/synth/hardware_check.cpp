#include "testbench/bench/synth/hardware_check.hpp"

#include <algorithm>
#include <sstream>
#include <vector>

#include "testbench/bench/measurement.hpp"
#include "testbench/bench/synth/rtl_text.hpp"
#include "testbench/bench/synth/yosys.hpp"

namespace ringside::testbench {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMaxProblem = 400;  // characters, more or less

// What is wrong, a line each, in a log of check.ys.
std::vector<std::string> problems_in(std::string const& log) {
  std::vector<std::string> problems;
  std::istringstream lines(log);
  bool checking = false;
  for (std::string line; std::getline(lines, line);) {
    checking = checking || line.find("Executing CHECK pass") != std::string::npos;
    bool const found = checking && line.starts_with("Warning: ");
    if (found || line.starts_with("Latch inferred for signal")) {
      problems.push_back(found ? line.substr(9) : line);
    } else if (checking && line.starts_with("    ") && !problems.empty()) {
      // Who takes part in it; lines of source are in the names. Some loops are long.
      if (problems.back().size() < kMaxProblem) problems.back() += line.substr(3);
    }
  }
  return problems;
}

}  // namespace

std::string module_pattern(std::string instance) {
  std::replace_if(
      instance.begin(), instance.end(), [](char letter) { return letter == '[' || letter == ']'; },
      '?');
  return instance;
}

void check_hardware(fs::path const& rtl, std::string const& instance, fs::path const& work) {
  std::string script = "read_verilog -sv";
  for (std::string const& file : rtl_files(rtl)) script += ' ' + file;
  script += '\n' + read_file(synthesis_scripts() / "elaborate.ys") + "hierarchy -top " + instance +
            '\n' + read_file(synthesis_scripts() / "check.ys");
  YosysRun const run = run_yosys(rtl, work, script);
  std::vector<std::string> problems = problems_in(run.log);
  if (run.succeeded && problems.empty()) return;
  if (problems.empty()) problems.push_back(last_error(run.log));
  std::string const more =
      problems.size() == 1 ? "" : " (and " + std::to_string(problems.size() - 1) + " more)";
  throw BenchError("bench synth: " + problems.front() + more);
}

}  // namespace ringside::testbench
