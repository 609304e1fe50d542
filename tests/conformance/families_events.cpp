// Who has to tell whom: both modes of event suppression.
#include "tests/conformance/draft.hpp"

namespace ringside::conformance {
namespace {

// Every position with a decision behind it: what the first one of a session says is left open.
template <class Body>
void for_each_later_start(Body const& body) {
  for (std::uint16_t size = 1; size <= kMostSlots; ++size) {
    for (unsigned start = 1; start <= 2U * size; ++start) body(size, start);
  }
}

// All that may be asked for with EVENT_IDX.
std::vector<EventArea> all_areas(std::uint16_t size) {
  std::vector<EventArea> areas{{EventArea::Enable, {}}, {EventArea::Disable, {}}};
  for (std::uint16_t slot = 0; slot < size; ++slot) {
    for (bool const wrap : {false, true}) areas.push_back({EventArea::Desc, {slot, wrap}});
  }
  return areas;
}

// ---- Two decisions in a row about one wish: the second looks only at what came after the first,
// also where the first said nothing or was not asked for.

void events(Visit const& visit) {
  for_each_later_start([&](std::uint16_t size, unsigned start) {
    for (EventArea const& area : all_areas(size)) {
      for (unsigned first = 1; first <= size; ++first) {
        for (unsigned second = 1; second <= size; ++second) {
          Draft base(size, false, true);
          base.start_at(start);
          visit(Draft(base).round({chain(first)}, area).round({chain(second)}, area));
          if (area.flags != EventArea::Desc) continue;
          EventArea const silence{EventArea::Disable, {}};
          visit(Draft(base).round({chain(first)}, silence).round({chain(second)}, area));
        }
      }
    }
  });
}

// ---- One decision about many buffers.

void event_batches(Visit const& visit) {
  for_each_later_start([&](std::uint16_t size, unsigned start) {
    for (EventArea const& area : all_areas(size)) {
      for (unsigned count = 1; count <= size; ++count) {
        Buffers const singles(count, chain(1));
        visit(Draft(size, false, true).start_at(start).round(singles, area));
        // A table is one slot, however many entries it has.
        Buffers mixed = singles;
        for (std::size_t i = 0; i < mixed.size(); i += 2) mixed[i] = {2, 1, true, Written::All};
        visit(Draft(size, true, true).start_at(start).round(mixed, area));
      }
    }
  });
}

// ---- Without EVENT_IDX there are flags alone; the offset means nothing.

void event_flags(Visit const& visit) {
  for_each_later_start([&](std::uint16_t size, unsigned start) {
    Place const nowhere{static_cast<std::uint16_t>(start % size), start % 3 == 0};
    for (auto const first : {EventArea::Enable, EventArea::Disable}) {
      for (auto const second : {EventArea::Enable, EventArea::Disable}) {
        for (unsigned count = 1; count <= size; ++count) {
          Draft draft(size, false, false);
          draft.start_at(start);
          visit(draft.round(Buffers(count, chain(1)), {first, nowhere})
                    .round({chain(count)}, {second, nowhere}));
        }
      }
    }
  });
}

// ---- Both sides at work at once: the other acts at every moment of it.

void races(Visit const& visit) {
  // More accesses or barriers than there are in the steps of a case.
  constexpr std::uint8_t kMostMoments = 12;
  for_each_later_start([&](std::uint16_t size, unsigned start) {
    for (std::uint8_t moment = 1; moment <= kMostMoments; ++moment) {
      for (bool const event_idx : {false, true}) {
        EventArea const area{event_idx ? EventArea::Desc : EventArea::Enable, {}};
        for (unsigned first = 1; first <= size; ++first) {
          for (unsigned second = 0; first + second <= size; ++second) {
            Buffers both{chain(first)};
            if (second != 0) both.push_back(chain(second));
            Draft draft(size, false, event_idx);
            visit(
                draft.start_at(start).round(both, area).round({chain(1)}, area).at_moment(moment));
          }
        }
      }
    }
  });
}

}  // namespace

std::vector<Family> event_families() {
  return {
      {"events", "EVENT_IDX: every wish, two decisions after each other", events},
      {"event_batches", "EVENT_IDX: every wish, one decision about many buffers", event_batches},
      {"event_flags", "events by flags alone", event_flags},
      {"races", "both sides at work at once, at every moment", races},
  };
}

}  // namespace ringside::conformance
