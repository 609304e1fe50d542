// What families of cases are written with.
#pragma once

#include <algorithm>
#include <functional>
#include <numeric>
#include <vector>

#include "tests/conformance/case.hpp"

namespace ringside::conformance {

using Visit = std::function<void(Case const&)>;
using Buffers = std::vector<Buffer>;

// A case in the making; knows the numbers of its buffers.
class Draft {
 public:
  Draft(std::uint16_t size, bool indirect, bool event_idx) {
    case_.size = size;
    case_.indirect = indirect;
    case_.event_idx = event_idx;
  }

  // Moves both sides on by so many slots, with as few buffers as may be: whole laps, then the rest.
  Draft& start_at(unsigned slots) {
    while (slots > 0) {
      unsigned const some = std::min<unsigned>(slots, case_.size);
      // Among tables, a driver lays no chains out.
      round(case_.indirect ? Buffers(some, chain(1)) : Buffers{chain(some)});
      slots -= some;
    }
    return *this;
  }

  // All of `add` becomes available and is used, in `order` (or that of `add`).
  Draft& round(Buffers const& add, EventArea events = {}, std::vector<std::uint16_t> order = {}) {
    if (order.empty()) {
      order.resize(add.size());
      std::iota(order.begin(), order.end(), std::uint16_t{0});
    }
    for (auto& number : order) number = static_cast<std::uint16_t>(number + count_);
    return step(add, std::move(order), events);
  }
  Draft& round_as_packet(Buffers const& add) {
    round(add);
    case_.steps.back().packet = true;
    return *this;
  }
  // `use` by numbers in the whole case.
  Draft& step(Buffers const& add, std::vector<std::uint16_t> use, EventArea events = {}) {
    count_ = static_cast<std::uint16_t>(count_ + add.size());
    case_.steps.push_back({add, std::move(use), false, events});
    return *this;
  }
  Draft& stale() {
    case_.stale = true;
    return *this;
  }

  Draft& at_moment(std::uint8_t moment) {
    case_.moment = moment;
    return *this;
  }

  std::uint16_t count() const { return count_; }  // of buffers so far
  operator Case const&() const { return case_; }

 private:
  Case case_;
  std::uint16_t count_ = 0;
};

// Every list of lengths from 1 to `most` that add up to `sum`.
void for_each_composition(unsigned sum, unsigned most,
                          std::function<void(std::vector<unsigned> const&)> const& visit);

Buffers chains(std::vector<unsigned> const& lengths);
unsigned slots_of(Buffers const& buffers);

// Families, by concern.
std::vector<Family> chain_families();
std::vector<Family> event_families();

}  // namespace ringside::conformance
