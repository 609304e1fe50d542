#include "tests/conformance/expectation.hpp"

#include <cassert>

namespace ringside::conformance {
namespace {

// No two elements of a case are alike, and none begins at a round address.
Element element(unsigned buffer, unsigned index, bool write) {
  return {0x10'0000 + (buffer * kMostElements + index) * 0x1000ULL + 3 * index + 1,
          64 + 16 * index + buffer, write};
}

AvailableBuffer available(Buffer const& buffer, unsigned number, Place at, std::uint16_t size) {
  AvailableBuffer made;
  made.table = buffer.table;
  for (unsigned i = 0; i < buffer.elements(); ++i) {
    made.elements.push_back(element(number, i, i >= buffer.readable));
  }
  if (buffer.table) {
    made.slots.push_back({at, static_cast<std::uint16_t>(at.available_flags() | kIndirect)});
    return made;
  }
  for (unsigned i = 0; i < buffer.elements(); ++i, at = at.next(size)) {
    std::uint16_t flags = at.available_flags();
    if (i + 1 != buffer.elements()) flags |= kNext;
    if (made.elements[i].write) flags |= kWrite;
    made.slots.push_back({at, flags});
  }
  return made;
}

std::uint32_t written_bytes(Buffer const& buffer, unsigned number) {
  std::uint32_t all = 0;
  for (unsigned i = buffer.readable; i < buffer.elements(); ++i) {
    all += element(number, i, true).length;
  }
  switch (buffer.written) {
    case Written::Nothing:
      return 0;
    case Written::OneByte:
      return all == 0 ? 0 : 1;
    case Written::All:
      break;
  }
  return all;
}

}  // namespace

std::vector<ExpectedStep> expect(Case const& each) {
  std::vector<ExpectedStep> steps;
  std::vector<Buffer> buffers;
  Place next_available, next_used;
  unsigned free = each.size;
  bool first_notification = true, first_interrupt = true;
  for (Step const& step : each.steps) {
    ExpectedStep& now = steps.emplace_back();
    now.available_from = next_available;
    now.used_from = next_used;
    for (Buffer const& buffer : step.add) {
      auto const number = static_cast<unsigned>(buffers.size());
      assert(buffer.elements() >= 1 && buffer.slots() <= free && number < kMostBuffers);
      now.available.push_back(available(buffer, number, next_available, each.size));
      next_available = next_available.after(buffer.slots(), each.size);
      now.available_slots += buffer.slots();
      free -= buffer.slots();
      buffers.push_back(buffer);
    }
    now.free_slots = free;
    for (auto const number : step.use) {
      Buffer const& buffer = buffers.at(number);
      std::uint32_t const length = written_bytes(buffer, number);
      auto const flags =
          static_cast<std::uint16_t>(next_used.used_flags() | (length > 0 ? kWrite : 0));
      now.used.push_back({next_used, number, length, flags});
      // One used descriptor for a whole chain; the slots of the chain are skipped (2.8.6).
      next_used = next_used.after(buffer.slots(), each.size);
      now.used_slots += buffer.slots();
      free += buffer.slots();
    }
    now.notification = decide(step.events, now.available_from, now.available_slots, each.size,
                              each.event_idx, first_notification);
    now.interrupt = decide(step.events, now.used_from, now.used_slots, each.size, each.event_idx,
                           first_interrupt);
    first_notification = first_notification && now.available_slots == 0;
    first_interrupt = first_interrupt && now.used_slots == 0;
  }
  return steps;
}

}  // namespace ringside::conformance
