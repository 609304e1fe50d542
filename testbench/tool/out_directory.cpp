#include "testbench/tool/out_directory.hpp"

#include <stdlib.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <system_error>
#include <utility>

namespace ringside::testbench {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail(std::string const& what, std::error_code error) {
  bool const full = error == std::errc::no_space_on_device;
  throw UserError("can not " + what + ": " + error.message() + "; " +
                  (full ? "free some space or choose" : "choose") +
                  " another directory with --out");
}

std::error_code last_error() { return {errno, std::generic_category()}; }

}  // namespace

OutDirectory::OutDirectory(fs::path path) : path_(std::move(path)) {
  std::error_code error;
  fs::create_directories(path_, error);
  if (error) fail("make the directory " + path_.string(), error);
  std::string name = (path_ / ".unfinished-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    fail("write to the directory " + path_.string(), last_error());
  }
  unfinished_ = name;
}

OutDirectory::~OutDirectory() {
  std::error_code ignored;
  fs::remove_all(unfinished_, ignored);
}

std::vector<std::string> OutDirectory::files() const {
  std::vector<std::string> names;
  for (auto const& entry : fs::directory_iterator(unfinished_)) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

void OutDirectory::publish(std::string const& summary) {
  std::vector<std::string> const names = files();
  std::ofstream file(unfinished_ / kSummary);
  file << summary;
  file.close();
  if (!file) fail("write " + (path_ / kSummary).string(), last_error());
  // From here on the files of an earlier run are mixed with ours.
  std::error_code ignored;
  fs::remove(path_ / kSummary, ignored);
  for (std::string const& name : names) move_out(name);
  move_out(kSummary);
}

void OutDirectory::move_out(std::string const& name) const {
  std::error_code error;
  fs::rename(unfinished_ / name, path_ / name, error);
  if (error) fail("write " + (path_ / name).string(), error);
}

}  // namespace ringside::testbench
