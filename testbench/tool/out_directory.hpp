// Where a run leaves its files: all of them complete, or none.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "testbench/check/user_error.hpp"

namespace ringside::testbench {

// Files are made in a directory of the run's own inside, and moved out together when all are
// complete; whatever ends the run before takes them with it. Files of an earlier run of the same
// names are replaced only then.
class OutDirectory {
 public:
  static constexpr char kSummary[] = "summary.json";

  // Makes it, and its parents. Throws UserError.
  explicit OutDirectory(std::filesystem::path path);
  // Removes what was not published.
  ~OutDirectory();
  OutDirectory(OutDirectory const&) = delete;
  OutDirectory& operator=(OutDirectory const&) = delete;

  std::filesystem::path const& path() const { return path_; }
  // Where files are made.
  std::filesystem::path const& unfinished() const { return unfinished_; }
  // The names of those that are there, in order.
  std::vector<std::string> files() const;

  // Adds the summary and moves everything to its place, the summary last: where it is, the run was
  // complete. Throws UserError.
  void publish(std::string const& summary);

 private:
  void move_out(std::string const& name) const;

  std::filesystem::path path_;
  std::filesystem::path unfinished_;
};

}  // namespace ringside::testbench
