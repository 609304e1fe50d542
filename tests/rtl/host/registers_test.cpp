// Walks the layout tables against the Verilated registers: reset values, access kinds, and every
// pattern of byte strobes.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <vector>

#include "interface/base/random.hpp"
#include "tests/rtl/host/registers_bench.hpp"

namespace ringside::testbench {
namespace {

using namespace layout;

constexpr std::uint64_t kSeed = 0x7265'6773;

// Status bits that a driver may set at any time.
constexpr std::uint64_t kFreeStatus = kStatusAcknowledge | kStatusDriver | kStatusFailed;

// One register at one place: tables of entries are unrolled.
struct Placed {
  Block const* block;
  Register const* reg;
  std::uint32_t offset;  // in BAR 0
};

std::vector<Placed> all_registers() {
  std::vector<Placed> all;
  for (Block const& block : kBlocks) {
    for (unsigned e = 0; e < block.entries; ++e) {
      for (Register const& r : block.registers) {
        all.push_back({&block, &r, block.offset + e * block.stride() + r.offset});
      }
    }
  }
  return all;
}

std::uint64_t width_mask(Register const& r) {
  return r.width == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << r.width) - 1;
}

// What a register that can be written holds after it was asked to hold `wanted`.
std::uint64_t kept(Register const& r, std::uint64_t old, std::uint64_t wanted) {
  if (r.name == "device_status") return wanted & kFreeStatus;
  if (r.name == "config_msix_vector" || r.name == "queue_msix_vector") {
    return wanted < kNumVectors ? wanted : kNoVector;
  }
  if (r.name == "queue_size") return wanted >= 1 && wanted <= kMaxQueueSize ? wanted : old;
  if (r.name == "address_low") return wanted & ~std::uint64_t{3};
  if (r.name == "vector_control") return wanted & 1;
  return wanted;
}

std::uint64_t reset_value(Placed const& placed) {
  return placed.reg->name == "mac" ? RegistersBench::kMac : placed.reg->reset;
}

TEST(Registers, HoldTheirResetValues) {
  RegistersBench bench;
  for (Placed const& p : all_registers()) {
    EXPECT_EQ(bench.read(p.offset, p.reg->width / 8), reset_value(p)) << p.reg->name;
  }
}

TEST(Registers, ReadAsZeroWhereThereIsNone) {
  RegistersBench bench;
  bench.check_quiescence = false;  // the comparison is dear, and other tests make it
  std::vector<bool> present(kBarSize, false);
  for (Placed const& p : all_registers()) {
    std::fill_n(present.begin() + p.offset, p.reg->width / 8, true);
  }
  for (std::uint32_t at = 0; at < kBarSize; at += 4) {
    std::uint32_t mask = 0;
    for (unsigned i = 0; i < 4; ++i) mask |= present[at + i] ? 0 : 0xFFU << (8 * i);
    if (mask == 0xFFFF'FFFF) bench.write_word(at, 0xFFFF'FFFF);
    EXPECT_EQ(bench.read_word(at) & mask, 0U) << at;
  }
  for (Placed const& p : all_registers()) {
    EXPECT_EQ(bench.read(p.offset, p.reg->width / 8), reset_value(p)) << p.reg->name;
  }
}

TEST(Registers, IgnoreWritesToWhatIsReadOnly) {
  RegistersBench bench;
  for (Placed const& p : all_registers()) {
    if (p.reg->access == Access::ReadWrite) continue;
    for (std::uint32_t at = p.offset; at < p.offset + p.reg->width / 8; ++at) {
      bench.write(at, 1, 0xFF);
    }
    EXPECT_EQ(bench.read(p.offset, p.reg->width / 8), reset_value(p)) << p.reg->name;
  }
}

// R1: whatever the strobes are, only the strobed bytes of the register are meant, and no neighbour.
TEST(Registers, ChangeOnlyInTheBytesThatAreStrobed) {
  SCOPED_TRACE(kSeed);
  Random random(kSeed);
  RegistersBench bench;
  for (Placed const& p : all_registers()) {
    if (p.reg->access != Access::ReadWrite || p.reg->name == "queue_enable") continue;
    unsigned const bytes = p.reg->width / 8;
    std::uint64_t expected = bench.read(p.offset, bytes);
    for (unsigned lanes = 0; lanes < (1U << bytes); lanes += bytes == 8 ? 7 : 1) {
      std::uint64_t value = random.next();
      // So that vectors and sizes are legal now and then.
      if (random.below(2) == 0) value &= 0x0101'0101'0101'0101;
      std::uint64_t strobed = 0;
      for (unsigned i = 0; i < bytes; ++i) {
        if ((lanes >> i) & 1) strobed |= std::uint64_t{0xFF} << (8 * i);
      }
      std::uint64_t const wanted = (expected & ~strobed) | (value & strobed & width_mask(*p.reg));
      if (p.reg->name == "device_status" && (wanted & kFreeStatus) == 0) continue;
      std::vector<std::uint32_t> before;
      std::uint32_t const first = p.offset - p.offset % 4;
      std::uint32_t const last = p.offset + bytes - 1;
      for (std::uint32_t at = first; at <= last; at += 4) before.push_back(bench.read_word(at));
      for (std::uint32_t at = first; at <= last; at += 4) {
        unsigned const shift = at < p.offset ? p.offset - at : 0;
        unsigned const from = at < p.offset ? 0 : at - p.offset;
        bench.write_word(at, static_cast<std::uint32_t>((value >> (8 * from)) << (8 * shift)),
                         ((lanes >> from) << shift) & 0xF);
      }
      expected = strobed == 0 ? expected : kept(*p.reg, expected, wanted);
      ASSERT_EQ(bench.read(p.offset, bytes), expected) << p.reg->name << " lanes " << lanes;
      for (std::uint32_t at = first; at <= last; at += 4) {
        std::uint32_t own = 0;
        for (unsigned i = 0; i < 4; ++i) {
          if (at + i >= p.offset && at + i <= last) own |= 0xFFU << (8 * i);
        }
        ASSERT_EQ(bench.read_word(at) & ~own, before[(at - first) / 4] & ~own) << p.reg->name;
      }
    }
    if (p.reg->name == "queue_select" || p.reg->name == "driver_feature_select") {
      bench.write(p.offset, bytes, 0);
    }
  }
}

TEST(Registers, KeepWhatEachQueueWasGiven) {
  RegistersBench bench;
  auto value = [](unsigned queue, unsigned row) { return (queue + 1) * 0x1'0000'0010ULL * row; };
  for (std::uint16_t q = 0; q < kNumQueues; ++q) {
    bench.set_common("queue_select", q);
    bench.set_common("queue_size", 10U + q);
    bench.set_common("queue_msix_vector", q + 1U);
    bench.set_common("queue_desc", value(q, 1));
    bench.set_common("queue_driver", value(q, 2));
    bench.set_common("queue_device", value(q, 3));
  }
  for (std::uint16_t q = 0; q < kNumQueues; ++q) {
    bench.set_common("queue_select", q);
    EXPECT_EQ(bench.common_value("queue_size"), 10U + q);
    EXPECT_EQ(bench.common_value("queue_msix_vector"), q + 1U);
    EXPECT_EQ(bench.common_value("queue_notify_off"), q);
    EXPECT_EQ(bench.common_value("queue_desc"), value(q, 1));
    EXPECT_EQ(bench.common_value("queue_driver"), value(q, 2));
    EXPECT_EQ(bench.common_value("queue_device"), value(q, 3));
  }
}

TEST(Registers, ShowTheLinkAndCountAGenerationForItsChange) {
  RegistersBench bench;
  std::uint32_t const link = offset_of(kDeviceBlock, "link_status");
  EXPECT_EQ(bench.read(link, 2), 1U);
  auto const before = bench.common_value("config_generation");
  bench.pins().link_up_i = 0;
  bench.tick(2);
  EXPECT_EQ(bench.read(link, 2), 0U);
  EXPECT_NE(bench.common_value("config_generation"), before);
  auto const after = bench.common_value("config_generation");
  EXPECT_EQ(bench.read(link, 2), 0U);
  EXPECT_EQ(bench.common_value("config_generation"), after);
}

TEST(Registers, GiveTheModerationLimitInPicoseconds) {
  RegistersBench bench;
  std::uint32_t const usecs =
      offset_of(kModerationBlock, "max_usecs") + kTransmitQueue * kModerationStride;
  for (std::uint32_t value : {0U, 1U, 64U, 0xFFFF'FFFFU}) {
    bench.write(usecs, 4, value);
    bench.write(offset_of(kModerationBlock, "max_packets") + kTransmitQueue * kModerationStride, 4,
                value ^ 5U);
    auto const& config = bench.pins().moderation_o;
    auto word = [&](unsigned at) {  // of queue 1's 84 bits: limit 52, packets 32
      std::uint64_t result = 0;
      for (unsigned i = 0; i < 52; ++i) {
        unsigned const bit = 84 + at + i;
        if (bit < 168) result |= std::uint64_t{(config[bit / 32] >> (bit % 32)) & 1} << i;
      }
      return result;
    };
    EXPECT_EQ(word(0), std::uint64_t{value} * 1'000'000U);
    EXPECT_EQ(word(52) & 0xFFFF'FFFF, value ^ 5U);
  }
}

}  // namespace
}  // namespace ringside::testbench
