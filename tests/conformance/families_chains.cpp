// Where buffers lie in the ring: chains at the wrap, full rings, tables, orders of use.
#include "tests/conformance/draft.hpp"

namespace ringside::conformance {
namespace {

// Up to this size every way of making buffers available is tried with every sequence of chains.
constexpr std::uint16_t kMostWithEverySchedule = 7;
// Up to this many buffers every order of use.
constexpr std::size_t kMostPermuted = 4;

template <class Body>
void for_each_size(Body const& body) {
  for (std::uint16_t size = 1; size <= kMostSlots; ++size) body(size);
}
// Every position that a queue can be in: each slot in an odd and in an even lap.
template <class Body>
void for_each_start(Body const& body) {
  for_each_size([&](std::uint16_t size) {
    for (unsigned start = 0; start < 2U * size; ++start) body(size, start);
  });
}

// ---- Two laps of chains, and the first slot of the third.

void one_by_one(Draft& draft, Buffers const& buffers) {
  for (Buffer const& buffer : buffers) draft.round({buffer});
}

void as_many_as_fit(Draft& draft, std::uint16_t size, Buffers const& buffers) {
  Buffers some;
  for (Buffer const& buffer : buffers) {
    if (slots_of(some) + buffer.slots() > size) {
      draft.round(some);
      some.clear();
    }
    some.push_back(buffer);
  }
  draft.round(some);
}

// The ring is kept as full as it can be: the oldest buffer is used, then what fits is added.
void sliding(Draft& draft, std::uint16_t size, Buffers const& buffers) {
  std::size_t next = 0;
  unsigned busy = 0;
  for (std::uint16_t oldest = 0; oldest < buffers.size(); ++oldest) {
    Buffers some;
    while (next < buffers.size() && busy + buffers[next].slots() <= size) {
      busy += buffers[next].slots();
      some.push_back(buffers[next++]);
    }
    draft.step(some, {oldest});
    busy -= buffers[oldest].slots();
  }
}

void laps(Visit const& visit) {
  for_each_size([&](std::uint16_t size) {
    for_each_composition(2 * size, size, [&](std::vector<unsigned> const& lengths) {
      Buffers buffers = chains(lengths);
      buffers.push_back(chain(1));
      Draft slid(size, false, false);
      sliding(slid, size, buffers);
      visit(slid);
      if (size > kMostWithEverySchedule) return;
      Draft alone(size, false, false);
      one_by_one(alone, buffers);
      visit(alone);
      Draft full(size, false, false);
      as_many_as_fit(full, size, buffers);
      visit(full);
    });
  });
}

// ---- One buffer at every position: what is read, what is written, how much of it.

void directions(Visit const& visit) {
  for_each_start([&](std::uint16_t size, unsigned start) {
    for (std::uint8_t length = 1; length <= size; ++length) {
      for (std::uint8_t writable = 0; writable <= length; ++writable) {
        for (auto written : {Written::Nothing, Written::OneByte, Written::All}) {
          if (writable == 0 && written != Written::Nothing) continue;
          Buffer const buffer{static_cast<std::uint8_t>(length - writable), writable, false,
                              written};
          Draft draft(size, false, false);
          visit(draft.start_at(start).round({buffer}).round({chain(1)}));
        }
      }
    }
  });
}

// ---- Two chains at every position, outstanding together, used in order, swapped and staggered.

void pairs(Visit const& visit) {
  for_each_start([&](std::uint16_t size, unsigned start) {
    for (unsigned first = 1; first < size; ++first) {
      for (unsigned second = 1; first + second <= size; ++second) {
        Buffers const both = chains({first, second});
        Draft base(size, false, false);
        base.start_at(start);
        auto const count = base.count();
        auto const next = static_cast<std::uint16_t>(count + 1);
        for (auto const& [now, then] : {std::pair(count, next), std::pair(next, count)}) {
          visit(Draft(base).step(both, {now, then}).round({chain(1)}));
          visit(Draft(base).step(both, {now}).step({}, {then}).round({chain(1)}));
        }
        visit(Draft(base).step({both[0]}, {}).step({both[1]}, {count, next}).round({chain(1)}));
      }
    }
  });
}

// ---- Three buffers at every position, any of them in a table, some with more entries than slots.

void tables(Visit const& visit) {
  std::vector<Buffer> const kinds{
      {1, 0, false, {}},          {1, 1, false, Written::All}, {0, 3, false, Written::OneByte},
      {1, 0, true, {}},           {1, 1, true, Written::All},  {0, 3, true, Written::OneByte},
      {4, 5, true, Written::All},
  };
  for_each_start([&](std::uint16_t size, unsigned start) {
    for (Buffer const& first : kinds) {
      for (Buffer const& second : kinds) {
        for (Buffer const& third : kinds) {
          Buffers const all{first, second, third};
          if (slots_of(all) > size) continue;
          visit(Draft(size, true, false).start_at(start).round(all).round({chain(1)}));
        }
      }
      if (first.slots() <= size) {
        visit(Draft(size, true, false).start_at(start).round({first}).round({chain(1)}));
      }
    }
  });
}

// ---- A full ring at every position, used in every order, and filled once more.

std::vector<std::vector<std::uint16_t>> orders_of(std::size_t count) {
  std::vector<std::uint16_t> order(count);
  std::iota(order.begin(), order.end(), std::uint16_t{0});
  std::vector<std::vector<std::uint16_t>> orders;
  if (count <= kMostPermuted) {
    while (std::next_permutation(order.begin(), order.end())) orders.push_back(order);
    return orders;
  }
  for (std::size_t by = 1; by < count; ++by) {
    std::rotate(order.begin(), order.begin() + 1, order.end());
    orders.push_back(order);
  }
  std::sort(order.rbegin(), order.rend());
  orders.push_back(order);
  return orders;
}

void orders(Visit const& visit) {
  for_each_start([&](std::uint16_t size, unsigned start) {
    for_each_composition(size, size, [&](std::vector<unsigned> const& lengths) {
      Buffers const full = chains(lengths);
      for (auto const& order : orders_of(full.size())) {
        visit(Draft(size, false, false).start_at(start).round(full, {}, order).round(full));
      }
    });
  });
}

// ---- Buffers of one packet at every position: the first is visible last.

void packets(Visit const& visit) {
  for_each_start([&](std::uint16_t size, unsigned start) {
    for_each_composition(size, size, [&](std::vector<unsigned> const& lengths) {
      Buffers buffers;
      for (unsigned const length : lengths) {
        buffers.push_back({0, static_cast<std::uint8_t>(length), false, Written::All});
      }
      visit(Draft(size, false, false).start_at(start).round_as_packet(buffers).round({chain(1)}));
    });
  });
}

// ---- The head is seen, the rest not yet: chains and tables at every position.

void stale(Visit const& visit) {
  for_each_start([&](std::uint16_t size, unsigned start) {
    std::vector<Buffer> kinds{{1, 2, true, Written::All}};
    for (unsigned length = 1; length <= size; ++length) kinds.push_back(chain(length));
    for (Buffer const& first : kinds) {
      for (Buffer const& second : kinds) {
        if (first.slots() + second.slots() > size) continue;
        bool const indirect = first.table || second.table;
        Draft draft(size, indirect, false);
        visit(draft.start_at(start).stale().round({first, second}).round({first}));
      }
      Draft draft(size, first.table, false);
      visit(draft.start_at(start).stale().round({first}).round({first}));
    }
  });
}

}  // namespace

std::vector<Family> chain_families() {
  return {
      {"laps", "chains of every length, two laps full and one slot more", laps},
      {"directions", "what is read and written, at every position", directions},
      {"pairs", "two chains outstanding at every position, used in either order", pairs},
      {"tables", "direct and indirect buffers in every order, at every position", tables},
      {"orders", "a full ring at every position, used out of order, filled again", orders},
      {"packets", "the buffers of one packet, the first visible last", packets},
      {"stale", "reads that saw a head before what belongs to it", stale},
  };
}

}  // namespace ringside::conformance
