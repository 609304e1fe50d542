#include "testbench/bench/synth/yosys.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>
#include <sstream>

#include "testbench/bench/measurement.hpp"
#include "testbench/check/user_error.hpp"

namespace ringside::testbench {

namespace fs = std::filesystem;

namespace {

// What to do while a child process starts; frees itself.
class FileActions {
 public:
  FileActions() { ::posix_spawn_file_actions_init(&actions_); }
  ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }
  FileActions(FileActions const&) = delete;
  FileActions& operator=(FileActions const&) = delete;

  void change_directory(fs::path const& to) {
    ::posix_spawn_file_actions_addchdir_np(&actions_, to.c_str());
  }
  void silence(int descriptor) {
    ::posix_spawn_file_actions_addopen(&actions_, descriptor, "/dev/null", O_WRONLY, 0);
  }
  posix_spawn_file_actions_t const* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

}  // namespace

std::string yosys_version() {
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> const pipe(::popen("yosys -V 2>/dev/null", "r"),
                                                             ::pclose);
  char name[16] = {};
  char number[32] = {};
  if (pipe == nullptr || std::fscanf(pipe.get(), "%15s %31s", name, number) != 2) {
    throw UserError("bench synth: there is no Yosys; ./ringside setup installs it");
  }
  return number;
}

YosysRun run_yosys(fs::path const& directory, fs::path const& work, std::string const& script) {
  fs::create_directories(work);
  fs::path const commands = work / "commands.ys";
  fs::path const log = work / "log";
  write_file(commands, script);
  char const* const arguments[] = {"yosys",          "-q",   "-l", log.c_str(), "-s",
                                   commands.c_str(), nullptr};
  FileActions actions;
  actions.change_directory(directory);
  actions.silence(STDOUT_FILENO);
  actions.silence(STDERR_FILENO);
  ::pid_t child = 0;
  int const error = ::posix_spawnp(&child, arguments[0], actions.get(), nullptr,
                                   const_cast<char* const*>(arguments), ::environ);
  if (error != 0) {
    throw BenchError("bench synth: can not start yosys: " + std::string(std::strerror(error)));
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) throw BenchError("bench synth: yosys is lost");
  }
  return {WIFEXITED(status) && WEXITSTATUS(status) == 0, read_file(log)};
}

std::string last_error(std::string const& log) {
  std::size_t const at = log.rfind("ERROR: ");
  if (at == std::string::npos) return "Yosys ended without a word";
  return log.substr(at + 7, log.find('\n', at) - at - 7);
}

std::string read_file(fs::path const& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  if (!file) throw BenchError("bench synth: can not read " + path.string());
  return content.str();
}

void write_file(fs::path const& path, std::string const& content) {
  std::ofstream file(path, std::ios::binary);
  file << content;
  file.close();
  if (!file) throw BenchError("bench synth: can not write " + path.string());
}

}  // namespace ringside::testbench
