#include "testbench/bench/temporary_directory.hpp"

#include <stdlib.h>

#include <string>
#include <system_error>

#include "testbench/bench/measurement.hpp"

namespace ringside::testbench {

namespace fs = std::filesystem;

TemporaryDirectory::TemporaryDirectory() {
  std::string name = (fs::temp_directory_path() / "ringside-bench-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    throw BenchError("bench: can not make a directory in " + fs::temp_directory_path().string() +
                     "; set TMPDIR to one with room");
  }
  path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace ringside::testbench
