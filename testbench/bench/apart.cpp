#include "testbench/bench/apart.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <deque>
#include <exception>
#include <thread>
#include <utility>

namespace ringside::testbench {

namespace {

constexpr char kWhy[] = "why";  // there are no figures

// A measurement under way.
class Process {
 public:
  explicit Process(std::function<Figures()> const& measure) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("pipe");
    pid_t const parent = ::getpid();
    process_ = ::fork();
    if (process_ < 0) fail("fork");
    if (process_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (::getppid() != parent) ::_exit(1);
      work(measure, ends[1]);
    }
    ::close(ends[1]);
    result_ = ends[0];
  }
  ~Process() {
    if (process_ > 0) {
      ::kill(process_, SIGKILL);
      reap();
    }
    if (result_ >= 0) ::close(result_);
  }
  Process(Process&& other) noexcept
      : process_(std::exchange(other.process_, -1)), result_(std::exchange(other.result_, -1)) {}
  Process& operator=(Process&&) = delete;

  // Waits until it has ended.
  Figures figures() {
    std::string text;
    std::array<char, 4096> buffer{};
    for (;;) {
      ssize_t const count = ::read(result_, buffer.data(), buffer.size());
      if (count == 0 || (count < 0 && errno != EINTR)) break;
      if (count > 0) text.append(buffer.data(), static_cast<std::size_t>(count));
    }
    int const status = reap();
    Figures figures = Figures::parse(text, nullptr, false);
    if (WIFSIGNALED(status))
      throw BenchError(std::string("bench: ") + ::strsignal(WTERMSIG(status)));
    if (!figures.is_object()) throw BenchError("bench: a measurement ended without a word");
    if (figures.contains(kWhy)) throw BenchError(figures[kWhy].get<std::string>());
    return figures;
  }

 private:
  [[noreturn]] static void fail(char const* what) {
    throw BenchError(std::string("bench: ") + what + ": " + std::strerror(errno));
  }

  // Leaves by _exit(): what the parent had begun is the parent's to end.
  [[noreturn]] static void work(std::function<Figures()> const& measure, int result) {
    Figures figures;
    try {
      figures = measure();
    } catch (std::exception const& error) {
      figures = {{kWhy, error.what()}};
    }
    std::string const text = figures.dump();
    for (std::size_t at = 0; at < text.size();) {
      ssize_t const count = ::write(result, text.data() + at, text.size() - at);
      if (count < 0 && errno != EINTR) ::_exit(1);
      if (count > 0) at += static_cast<std::size_t>(count);
    }
    ::_exit(0);
  }

  int reap() {
    int status = 0;
    while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
    }
    process_ = -1;
    return status;
  }

  pid_t process_ = -1;
  int result_ = -1;
};

}  // namespace

std::vector<Figures> measure_apart(std::vector<std::function<Figures()>> const& measurements) {
  std::size_t const at_once = std::max(1U, std::thread::hardware_concurrency());
  std::deque<Process> under_way;
  std::vector<Figures> all;
  auto const finish_one = [&] {
    all.push_back(under_way.front().figures());
    under_way.pop_front();
  };
  for (auto const& measure : measurements) {
    if (under_way.size() == at_once) finish_one();
    under_way.emplace_back(measure);
  }
  while (!under_way.empty()) finish_one();
  return all;
}

}  // namespace ringside::testbench
