// Built twice: around the tables of the simulation and around the parity rows of the synthesis.
// Both equal the bit-serial definition, hence each other. The unit is a sum over the bytes of a
// word, so that all values of each byte alone decide every input.
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>

#include "Vframe_check_sequence.h"
#include "interface/base/random.hpp"
#include "tests/rtl/ethernet/fcs_vectors.hpp"

namespace ringside::test {
namespace {

// The build names it after the body: FrameCheckSequenceTables, FrameCheckSequenceParityRows.
class FCS_SUITE : public testing::Test {
 protected:
  std::uint32_t unit(std::uint32_t state, std::uint64_t data, int count) {
    unit_->state_i = state;
    unit_->data_i = data;
    unit_->count_i = static_cast<std::uint8_t>(count);
    unit_->eval();
    return unit_->state_o;
  }

  static std::uint32_t definition(std::uint32_t state, std::uint64_t data, int count) {
    for (int i = 0; i < count; ++i) {
      state = crc_step(state, static_cast<std::uint8_t>(data >> (8 * i)));
    }
    return state;
  }

  std::unique_ptr<Vframe_check_sequence> unit_ = std::make_unique<Vframe_check_sequence>();
};

TEST_F(FCS_SUITE, MatchesTheBitSerialDefinitionForEveryValueOfEveryByte) {
  for (int count = 1; count <= 8; ++count) {
    for (int byte = 0; byte < 8; ++byte) {
      for (std::uint64_t value = 0; value < 256; ++value) {
        std::uint64_t const data = value << (8 * byte);
        ASSERT_EQ(unit(0, data, count), definition(0, data, count))
            << "count " << count << " byte " << byte << " value " << value;
      }
    }
    for (int bit = 0; bit < 32; ++bit) {
      std::uint32_t const state = std::uint32_t{1} << bit;
      ASSERT_EQ(unit(state, 0, count), definition(state, 0, count))
          << "count " << count << " state bit " << bit;
    }
  }
}

TEST_F(FCS_SUITE, MatchesTheBitSerialDefinitionForRandomWords) {
  constexpr std::uint64_t kSeed = 0xFC5;
  Random random(kSeed);
  for (int i = 0; i < 20'000; ++i) {
    auto const state = static_cast<std::uint32_t>(random.next());
    std::uint64_t const data = random.next();
    int const count = 1 + static_cast<int>(random.below(8));
    ASSERT_EQ(unit(state, data, count), definition(state, data, count))
        << "seed " << kSeed << " round " << i;
  }
}

TEST_F(FCS_SUITE, GivesTheReferenceVectors) {
  for (auto const& vector : fcs_vectors()) {
    for (std::size_t step = 1; step <= 8; ++step) {
      auto feed = [&](std::uint32_t state, Frame const& bytes) {
        for (std::size_t at = 0; at < bytes.size(); at += step) {
          std::size_t const count = std::min(step, bytes.size() - at);
          std::uint64_t data = 0xA5A5A5A5A5A5A5A5;  // what lies behind the count is ignored
          for (std::size_t i = count; i-- > 0;) data = (data << 8) | bytes[at + i];
          state = unit(state, data, static_cast<int>(count));
        }
        return state;
      };
      EXPECT_EQ(~feed(0xFFFFFFFF, vector.frame), vector.fcs) << vector.name;
      EXPECT_EQ(feed(0xFFFFFFFF, with_fcs(vector.frame)), 0xDEBB20E3U) << vector.name;
    }
  }
}

}  // namespace
}  // namespace ringside::test
