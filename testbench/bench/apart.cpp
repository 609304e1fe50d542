#include "testbench/bench/apart.hpp"

#include <sys/wait.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <exception>
#include <system_error>
#include <thread>

#include "testbench/check/work_apart.hpp"

namespace ringside::testbench {

namespace {

constexpr char kWhy[] = "why";  // there are no figures

std::string in_words(std::function<Figures()> const& measure) {
  Figures figures;
  try {
    figures = measure();
  } catch (std::exception const& error) {
    figures = {{kWhy, error.what()}};
  }
  return figures.dump();
}

// Waits until it has ended.
Figures figures_of(WorkApart& process) {
  while (!process.take()) {
  }
  Figures figures = Figures::parse(process.result(), nullptr, false);
  int const status = process.status();
  if (WIFSIGNALED(status)) throw BenchError(std::string("bench: ") + ::strsignal(WTERMSIG(status)));
  if (!figures.is_object()) throw BenchError("bench: a measurement ended without a word");
  if (figures.contains(kWhy)) throw BenchError(figures[kWhy].get<std::string>());
  return figures;
}

}  // namespace

std::vector<Figures> measure_apart(std::vector<std::function<Figures()>> const& measurements) {
  std::size_t const at_once = std::max(1U, std::thread::hardware_concurrency());
  std::deque<WorkApart> under_way;
  std::vector<Figures> all;
  auto const finish_one = [&] {
    all.push_back(figures_of(under_way.front()));
    under_way.pop_front();
  };
  for (auto const& measure : measurements) {
    if (under_way.size() == at_once) finish_one();
    try {
      under_way.emplace_back([&measure] { return in_words(measure); });
    } catch (std::system_error const& error) {
      throw BenchError(std::string("bench: ") + error.what());
    }
  }
  while (!under_way.empty()) finish_one();
  return all;
}

}  // namespace ringside::testbench
