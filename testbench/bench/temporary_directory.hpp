// A directory of its own that goes with everything in it.
#pragma once

#include <filesystem>

namespace ringside::testbench {

class TemporaryDirectory {
 public:
  // Throws BenchError if there is no room for one.
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(TemporaryDirectory const&) = delete;
  TemporaryDirectory& operator=(TemporaryDirectory const&) = delete;

  std::filesystem::path const& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace ringside::testbench
