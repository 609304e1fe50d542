#include "testbench/bench/synth/rtl_text.hpp"

#include <algorithm>
#include <sstream>
#include <tuple>

#include "testbench/app/content.hpp"
#include "testbench/bench/measurement.hpp"
#include "testbench/bench/synth/yosys.hpp"
#include "testbench/check/user_error.hpp"

namespace ringside::testbench {

namespace fs = std::filesystem;

namespace {

// Yosys' preprocessor leaves all comments in this form.
std::string without_comments(std::string const& text) {
  std::string rest;
  std::size_t at = 0;
  for (;;) {
    std::size_t const begin = text.find("/*", at);
    rest.append(text, at, begin - at);
    if (begin == std::string::npos) return rest;
    std::size_t const end = text.find("*/", begin);
    if (end == std::string::npos) return rest;
    at = end + 2;
  }
}

// Lines, trimmed, without the marks of the preprocessor where a file begins and ends.
void append_lines(std::string& into, std::string const& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::size_t const begin = line.find_first_not_of(" \t\r");
    if (begin == std::string::npos || line.compare(begin, 6, "`file_") == 0) continue;
    into.append(line, begin, line.find_last_not_of(" \t\r") - begin + 1);
    into += '\n';
  }
}

}  // namespace

std::vector<std::string> rtl_files(fs::path const& root) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::recursive_directory_iterator at(root, error), end; !error && at != end;
       at.increment(error)) {
    if (at->path().extension() == ".sv") {
      files.push_back(at->path().lexically_relative(root).generic_string());
    }
  }
  if (files.empty()) throw UserError("bench synth: there is no SystemVerilog in " + root.string());
  std::sort(files.begin(), files.end(), [](std::string const& left, std::string const& right) {
    bool const left_later = !left.ends_with("_pkg.sv");
    bool const right_later = !right.ends_with("_pkg.sv");
    return std::tie(left_later, left) < std::tie(right_later, right);
  });
  return files;
}

std::string rtl_text(fs::path const& root, fs::path const& work) {
  std::string script = "read_verilog -sv -ppdump";
  for (std::string const& file : rtl_files(root)) script += ' ' + file;
  YosysRun const run = run_yosys(root, work, script + '\n');
  if (!run.succeeded) throw BenchError("bench synth: " + last_error(run.log));

  std::string const begin_mark = "-- Verilog code after preprocessor --";
  std::string const end_mark = "-- END OF DUMP --";
  std::string text;
  for (std::size_t at = run.log.find(begin_mark); at != std::string::npos;
       at = run.log.find(begin_mark, at)) {
    at += begin_mark.size();
    append_lines(text, without_comments(run.log.substr(at, run.log.find(end_mark, at) - at)));
  }
  return text;
}

std::string short_digest(std::string const& text) {
  Sha256 digest;
  digest.add({reinterpret_cast<std::uint8_t const*>(text.data()), text.size()});
  return digest.finish().substr(0, 16);
}

std::string state_of(std::string const& rtl_text) {
  std::string all = rtl_text;
  for (char const* name : {"elaborate.ys", "synthesize.ys", "levels.v", "blocks.cpp",
                           "resources.cpp", "cost_document.cpp"}) {
    all += read_file(synthesis_scripts() / name);
  }
  return short_digest(all);
}

fs::path synthesis_scripts() { return RINGSIDE_SYNTHESIS_SCRIPTS; }

}  // namespace ringside::testbench
