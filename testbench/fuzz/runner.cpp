#include "testbench/fuzz/runner.hpp"

#include <poll.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "testbench/fuzz/child.hpp"

namespace ringside::testbench::fuzz {

namespace {

using Children = std::map<std::size_t, std::unique_ptr<Child>>;  // by index

// Waits until one has something to say, or is late.
void wait_for_any(Children const& children) {
  std::vector<pollfd> descriptors;
  auto deadline = Child::Clock::time_point::max();
  for (auto const& [index, child] : children) {
    descriptors.push_back({child->descriptor(), POLLIN, 0});
    deadline = std::min(deadline, child->deadline());
  }
  auto const left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Child::Clock::now());
  auto const patience = std::max<std::int64_t>(0, left.count());
  ::poll(descriptors.data(), descriptors.size(), static_cast<int>(patience));
}

bool has_news(Child const& child) {
  pollfd descriptor{child.descriptor(), POLLIN, 0};
  return ::poll(&descriptor, 1, 0) > 0;
}

bool has_ended(Child& child) {
  if (has_news(child)) return child.take();
  if (Child::Clock::now() < child.deadline()) return false;
  child.end_late();
  return true;
}

}  // namespace

Outcome Runner::run(Case const& drawn) const {
  Outcome result;
  run_all(
      1, 1, [&](std::size_t) { return drawn; },
      [&](std::size_t, Case const&, Outcome const& outcome) {
        result = outcome;
        return true;
      });
  return result;
}

void Runner::run_all(std::size_t count, std::size_t jobs, Draw const& draw,
                     Done const& done) const {
  Children children;
  std::map<std::size_t, std::pair<Case, Outcome>> ahead;  // of those before them
  std::size_t begun = 0;
  std::size_t told = 0;
  while (told < count) {
    while (begun < count && children.size() < std::max<std::size_t>(jobs, 1)) {
      children[begun] =
          std::make_unique<Child>(draw(begun), make_nic_, limits_.processor, limits_.wall);
      ++begun;
    }
    wait_for_any(children);
    for (auto each = children.begin(); each != children.end();) {
      Child& child = *each->second;
      if (!has_ended(child)) {
        ++each;
        continue;
      }
      ahead.emplace(each->first, std::pair{child.drawn(), child.outcome()});
      each = children.erase(each);
    }
    for (auto next = ahead.find(told); next != ahead.end(); next = ahead.find(told)) {
      if (!done(told, next->second.first, next->second.second)) return;
      ahead.erase(next);
      ++told;
    }
  }
}

}  // namespace ringside::testbench::fuzz
