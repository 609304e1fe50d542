#include "testbench/fuzz/shrink.hpp"

#include <algorithm>
#include <utility>

namespace ringside::testbench::fuzz {

namespace {

class Shrinker {
 public:
  Shrinker(Case drawn, std::function<bool(Case const&)> const& fails, std::size_t most_runs)
      : smallest_(std::move(drawn)), fails_(fails), most_runs_(most_runs) {}

  Shrunk shrink() {
    drop_link();
    for (bool smaller = true; smaller && runs_ < most_runs_;) {
      smaller = drop_actions();
      smaller =
          simplify(Kind::Link, [](Case& shrunk) -> Action& { return shrunk.link; }) || smaller;
      for (std::size_t i = 0; i < smallest_.actions.size(); ++i) {
        smaller = simplify(smallest_.actions[i].kind,
                           [i](Case& shrunk) -> Action& { return shrunk.actions[i]; }) ||
                  smaller;
      }
    }
    return {smallest_, runs_};
  }

 private:
  // Keeps it if it still fails.
  bool try_out(Case smaller) {
    if (runs_ == most_runs_ || smaller == smallest_) return false;
    ++runs_;
    if (!fails_(smaller)) return false;
    smallest_ = std::move(smaller);
    return true;
  }

  // Most failures have nothing to do with the link.
  void drop_link() {
    Case plain = smallest_;
    plain.link = simplest(Kind::Link);
    try_out(std::move(plain));
  }

  // Parts of half of all actions, then of a quarter, down to single ones.
  bool drop_actions() {
    bool dropped = false;
    for (std::size_t part = std::max<std::size_t>(smallest_.actions.size() / 2, 1);; part /= 2) {
      // From the end: what comes first is what the rest stands on.
      for (std::size_t end = smallest_.actions.size(); end > 0;) {
        std::size_t const begin = end - std::min(part, end);
        Case without = smallest_;
        auto const first = without.actions.begin();
        without.actions.erase(first + static_cast<std::ptrdiff_t>(begin),
                              first + static_cast<std::ptrdiff_t>(end));
        dropped = try_out(std::move(without)) || dropped;
        end = begin;
      }
      if (part <= 1) return dropped;
    }
  }

  // Each value at its simplest, or as near as halving the way leads.
  template <class Find>
  bool simplify(Kind kind, Find const& find) {
    bool simpler = false;
    auto const parameters = describe(kind).parameters;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      auto const try_value = [&](std::int64_t value) {
        Case changed = smallest_;
        find(changed)[i] = value;
        bool const kept = try_out(std::move(changed));
        simpler = simpler || kept;
        return kept;
      };
      std::int64_t too_simple = parameters[i].simplest;
      // Of words none is nearer to the simplest than another.
      if (try_value(too_simple) || !parameters[i].names.empty()) continue;
      for (;;) {
        std::int64_t const now = find(smallest_)[i];
        std::int64_t const halfway = too_simple + (now - too_simple) / 2;
        if (halfway == too_simple || halfway == now) break;
        if (!try_value(halfway)) too_simple = halfway;
      }
    }
    return simpler;
  }

  Case smallest_;
  std::function<bool(Case const&)> const& fails_;
  std::size_t most_runs_;
  std::size_t runs_ = 0;
};

}  // namespace

Shrunk shrink(Case const& drawn, std::function<bool(Case const&)> const& fails,
              std::size_t most_runs) {
  return Shrinker(drawn, fails, most_runs).shrink();
}

}  // namespace ringside::testbench::fuzz
