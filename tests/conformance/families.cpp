#include "tests/conformance/draft.hpp"

namespace ringside::conformance {
namespace {

void extend(std::vector<unsigned>& parts, unsigned left, unsigned most,
            std::function<void(std::vector<unsigned> const&)> const& visit) {
  if (left == 0) return visit(parts);
  for (unsigned part = 1; part <= std::min(left, most); ++part) {
    parts.push_back(part);
    extend(parts, left - part, most, visit);
    parts.pop_back();
  }
}

}  // namespace

void for_each_composition(unsigned sum, unsigned most,
                          std::function<void(std::vector<unsigned> const&)> const& visit) {
  std::vector<unsigned> parts;
  extend(parts, sum, most, visit);
}

Buffers chains(std::vector<unsigned> const& lengths) {
  Buffers buffers;
  for (unsigned const length : lengths) buffers.push_back(chain(length));
  return buffers;
}

unsigned slots_of(Buffers const& buffers) {
  unsigned slots = 0;
  for (Buffer const& buffer : buffers) slots += buffer.slots();
  return slots;
}

std::vector<Family> const& families() {
  static std::vector<Family> const all = [] {
    std::vector<Family> list = chain_families();
    for (Family& family : event_families()) list.push_back(std::move(family));
    return list;
  }();
  return all;
}

}  // namespace ringside::conformance
