#include "testbench/check/work_apart.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

namespace ringside::testbench {

namespace {

[[noreturn]] void fail(char const* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

[[noreturn]] void carry_out(std::function<std::string()> const& work, int result) {
  std::string const text = work();
  for (std::size_t at = 0; at < text.size();) {
    ssize_t const count = ::write(result, text.data() + at, text.size() - at);
    if (count < 0 && errno != EINTR) ::_exit(1);
    if (count > 0) at += static_cast<std::size_t>(count);
  }
  ::_exit(0);
}

}  // namespace

WorkApart::WorkApart(std::function<std::string()> const& work) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("pipe");
  pid_t const parent = ::getpid();
  process_ = ::fork();
  if (process_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(1);
    carry_out(work, ends[1]);
  }
  ::close(ends[1]);
  pipe_ = ends[0];
  if (process_ < 0) {
    ::close(pipe_);
    fail("fork");
  }
}

WorkApart::~WorkApart() {
  end();
  if (pipe_ >= 0) ::close(pipe_);
}

WorkApart::WorkApart(WorkApart&& other) noexcept
    : process_(std::exchange(other.process_, -1)),
      pipe_(std::exchange(other.pipe_, -1)),
      status_(other.status_),
      result_(std::move(other.result_)) {}

bool WorkApart::take() {
  std::array<char, 65536> buffer{};
  ssize_t const count = ::read(pipe_, buffer.data(), buffer.size());
  if (count > 0) result_.append(buffer.data(), static_cast<std::size_t>(count));
  if (count > 0 || (count < 0 && errno == EINTR)) return false;
  reap();
  return true;
}

void WorkApart::end() {
  if (process_ <= 0) return;
  ::kill(process_, SIGKILL);
  reap();
}

void WorkApart::reap() {
  while (::waitpid(process_, &status_, 0) < 0 && errno == EINTR) {
  }
  process_ = -1;
}

}  // namespace ringside::testbench
