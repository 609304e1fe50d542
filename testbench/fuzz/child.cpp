#include "testbench/fuzz/child.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <exception>
#include <nlohmann/json.hpp>
#include <system_error>

#include "testbench/check/narrator.hpp"

namespace ringside::testbench::fuzz {

namespace {

[[noreturn]] void fail(char const* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

std::string to_json(Outcome const& outcome) {
  nlohmann::json json;
  json["kind"] = outcome.kind;
  json["what"] = outcome.what;
  json["hash"] = outcome.hash;
  json["simulated_ps"] = outcome.simulated_ps;
  json["sessions"] = nlohmann::json::array();
  for (SessionBins const& session : outcome.sessions)
    json["sessions"].push_back(session.to_string());
  return json.dump();
}

Outcome from_json(nlohmann::json const& json) {
  Outcome outcome;
  outcome.kind = json.at("kind");
  outcome.what = json.at("what");
  outcome.hash = json.at("hash");
  outcome.simulated_ps = json.at("simulated_ps");
  for (auto const& bits : json.at("sessions")) outcome.sessions.push_back(SessionBins::of(bits));
  return outcome;
}

}  // namespace

void Child::Unmap::operator()(Progress* progress) const { ::munmap(progress, sizeof(Progress)); }

Child::Child(Case drawn, MakeNic const& make_nic, std::chrono::seconds processor,
             std::chrono::seconds wall)
    : case_(std::move(drawn)), deadline_(Clock::now() + wall) {
  void* const shared =
      ::mmap(nullptr, sizeof(Progress), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) fail("mmap");
  progress_.reset(new (shared) Progress);
  output_ = ::memfd_create("fuzz", MFD_CLOEXEC);
  if (output_ < 0) fail("memfd_create");
  process_.emplace([&] { return work(make_nic, processor); });
}

std::string Child::work(MakeNic const& make_nic, std::chrono::seconds processor) const {
  rlimit const none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  auto const seconds = static_cast<rlim_t>(processor.count());
  rlimit const time{seconds, seconds + 1};
  ::setrlimit(RLIMIT_CPU, &time);
  // What a terminal sends to all is the parent's to obey: it ends its children.
  for (int const signal : {SIGINT, SIGHUP}) ::signal(signal, SIG_IGN);
  for (int const signal : {SIGTERM, SIGXCPU}) ::signal(signal, SIG_DFL);
  ::dup2(output_, STDOUT_FILENO);
  ::dup2(output_, STDERR_FILENO);
  try {
    return to_json(fuzz::run(case_, make_nic, *progress_));
  } catch (std::exception const& error) {
    Outcome outcome;
    outcome.kind = "exception";
    outcome.what = error.what();
    return to_json(outcome);
  }
}

Child::~Child() {
  if (output_ >= 0) ::close(output_);
}

void Child::end_late() {
  late_ = true;
  process_->end();
}

std::string Child::where() const {
  std::size_t const action = progress_->action;
  TimePoint const now{Duration{progress_->now_ps.load()}};
  std::string text = "at " + format_microseconds(now) + " of simulated time";
  if (action < case_.actions.size()) {
    text +=
        ", in action " + std::to_string(action + 1) + " (" + to_text(case_.actions[action]) + ")";
  }
  return text + ": " + progress_->waits_for.load();
}

std::string Child::last_line() const {
  std::array<char, 4096> buffer{};
  off_t const size = ::lseek(output_, 0, SEEK_END);
  off_t const from = std::max<off_t>(0, size - static_cast<off_t>(buffer.size()));
  ssize_t const count = ::pread(output_, buffer.data(), buffer.size(), from);
  std::string text(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text.substr(text.rfind('\n') + 1);
}

Outcome Child::outcome() const {
  auto const json = nlohmann::json::parse(process_->result(), nullptr, false);
  int const status = process_->status();
  if (!late_ && WIFEXITED(status) && json.is_object()) return from_json(json);
  Outcome outcome;
  bool const too_long = late_ || (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU);
  if (too_long) {
    outcome.kind = "hang";
    outcome.what = "it does not end, " + where();
    return outcome;
  }
  std::string const said = last_line();
  outcome.kind = "crash";
  outcome.what = (WIFSIGNALED(status) ? std::string(::strsignal(WTERMSIG(status)))
                                      : "exit status " + std::to_string(WEXITSTATUS(status))) +
                 (said.empty() ? "" : " (" + said + ")") + ", " + where();
  return outcome;
}

}  // namespace ringside::testbench::fuzz
