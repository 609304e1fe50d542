// One field of a descriptor, wrong: the mutations by which a hostile driver is drawn.
#pragma once

#include <cstdint>

#include "interface/base/bytes.hpp"
#include "testbench/fuzz/case.hpp"
#include "testbench/fuzz/coverage.hpp"

namespace ringside::testbench::fuzz {

// Addresses that mean something where the descriptor is, and the size of its ring.
struct Surroundings {
  std::uint64_t own_ring;
  std::uint64_t other_ring;
  std::uint64_t device_events;
  std::uint16_t size;
};

// Changes the 16 bytes at `descriptor`: the field (spoil::Field) gets the wrong value of that
// number, modulo how many there are.
void make_wrong(MutableBytes descriptor, std::int64_t field, std::int64_t value,
                Surroundings const& surroundings);

// The bin of a wrong field.
void hit_field(SessionBins& bins, std::int64_t field);

}  // namespace ringside::testbench::fuzz
