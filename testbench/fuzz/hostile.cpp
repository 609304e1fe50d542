#include "testbench/fuzz/hostile.hpp"

#include <array>

#include "interface/layout/virtio.hpp"

namespace ringside::testbench::fuzz {

namespace {

constexpr std::array<std::uint32_t, 14> kLengths{
    0, 1, 11, 12, 13, 15, 16, 4095, 4096, 4097, 65535, 65536, 0x8000'0000, 0xFFFF'FFFF};

// Where a BIOS puts the registers of a device: not memory.
constexpr std::uint64_t kBar = 0xFEB0'0000;

template <class Values>
auto pick(Values const& values, std::int64_t value) {
  return values[static_cast<std::size_t>(value) % values.size()];
}

}  // namespace

void make_wrong(MutableBytes descriptor, std::int64_t field, std::int64_t value,
                Surroundings const& surroundings) {
  auto flags = load_le<std::uint16_t>(&descriptor[14]);
  switch (field) {
    case spoil::Flag:
      flags ^= static_cast<std::uint16_t>(1U << (value % 16));
      break;
    case spoil::Length:
      store_le<std::uint32_t>(&descriptor[8], pick(kLengths, value));
      break;
    case spoil::Address: {
      std::array<std::uint64_t, 12> const addresses{0,
                                                    1,
                                                    4095,
                                                    0xFFFF'FFFF,
                                                    std::uint64_t{1} << 63,
                                                    ~std::uint64_t{0},
                                                    ~std::uint64_t{0} - 100,
                                                    kBar,
                                                    surroundings.own_ring,
                                                    surroundings.own_ring + 8,
                                                    surroundings.other_ring,
                                                    surroundings.device_events};
      store_le<std::uint64_t>(&descriptor[0], pick(addresses, value));
      break;
    }
    case spoil::Id: {
      std::uint16_t const size = surroundings.size;
      std::array<std::uint16_t, 4> const ids{0, static_cast<std::uint16_t>(size - 1), size, 65535};
      store_le<std::uint16_t>(&descriptor[12], pick(ids, value));
      break;
    }
    default:
      flags ^= layout::kDescriptorAvail | layout::kDescriptorUsed;
  }
  store_le<std::uint16_t>(&descriptor[14], flags);
}

void hit_field(SessionBins& bins, std::int64_t field) {
  switch (field) {
    case spoil::Flag:
      return bins.hit("hostile_flag");
    case spoil::Length:
      return bins.hit("hostile_length");
    case spoil::Address:
      return bins.hit("hostile_address");
    case spoil::Id:
      return bins.hit("hostile_id");
    default:
      return bins.hit("hostile_lap");
  }
}

}  // namespace ringside::testbench::fuzz
