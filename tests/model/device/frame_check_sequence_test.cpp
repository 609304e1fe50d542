#include "model/device/frame_check_sequence.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "interface/base/random.hpp"

namespace ringside::model {
namespace {

std::vector<std::uint8_t> from_hex(std::string const& hex, std::size_t size) {
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    bytes.push_back(static_cast<std::uint8_t>(std::stoul(hex.substr(i, 2), nullptr, 16)));
  }
  bytes.resize(size, 0);
  return bytes;
}

std::vector<std::uint8_t> counting(std::size_t size) {
  std::vector<std::uint8_t> bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i);
  return bytes;
}

using Filled = std::vector<std::uint8_t>;

// V1 to V17.
struct Vector {
  int number;
  std::vector<std::uint8_t> frame;
  std::uint32_t fcs;
};
std::vector<Vector> const& vectors() {
  static std::vector<Vector> const all{
      {1, from_hex("313233343536373839", 9), 0xCBF43926},
      {2, {}, 0x00000000},
      {3, Filled(1, 0x00), 0xD202EF8D},
      {4, Filled(4, 0x00), 0x2144DF1C},
      {5, Filled(4, 0xFF), 0xFFFFFFFF},
      {6, Filled(32, 0x00), 0x190A55AD},
      {7, Filled(32, 0xFF), 0xFF6CAB0B},
      {8, counting(32), 0x91267E8A},
      {9, Filled(60, 0x00), 0x04128908},
      {10, Filled(60, 0xFF), 0xF48CF14D},
      {11, counting(60), 0xB0EC7FEE},
      {12, Filled(1514, 0x00), 0xE3D887BB},
      {13, counting(1514), 0xE7870705},
      {14, from_hex("0180C200000102000000000188080001FFFF", 60), 0xFFB27CDD},
      {15, from_hex("0180C2000001020000000001880800010000", 60), 0x86BD1759},
      {16, from_hex("0180C200000102000000000188080101000800000000000000FF", 60), 0x43A30E44},
      {17,
       from_hex("FFFFFFFFFFFF02000000000108060001080006040001020000000001"
                "0A0000010000000000000A000002",
                60),
       0xF84D6FE8},
  };
  return all;
}

TEST(FrameCheckSequence, MatchesEveryKnownVector) {
  for (auto const& [number, frame, expected] : vectors()) {
    FrameCheckSequence fcs;
    fcs.add(frame);
    EXPECT_EQ(fcs.value(), expected) << "V" << number;
  }
}

TEST(FrameCheckSequence, IsGoodBehindAGoodFrameAndBadWithAnyBitOfItWrong) {
  for (auto const& [number, frame, expected] : vectors()) {
    std::vector<std::uint8_t> wire = frame;
    wire.resize(frame.size() + FrameCheckSequence::kBytes);
    store_le<std::uint32_t>(&wire[frame.size()], expected);
    FrameCheckSequence fcs;
    fcs.add(wire);
    EXPECT_TRUE(fcs.good()) << "V" << number;
    for (std::size_t bit = 0; bit < 8 * wire.size(); bit += 13) {
      wire[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
      FrameCheckSequence damaged;
      damaged.add(wire);
      EXPECT_FALSE(damaged.good()) << "V" << number << ", bit " << bit;
      wire[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
    }
  }
}

TEST(FrameCheckSequence, MatchesTheBitSerialDefinitionInAnyPieces) {
  constexpr std::uint64_t kSeed = 17;
  Random random(kSeed);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::uint8_t> frame(random.below(100));
    std::uint32_t serial = 0xFFFFFFFF;
    for (auto& byte : frame) {
      byte = static_cast<std::uint8_t>(random.next());
      for (int bit = 0; bit < 8; ++bit) {
        bool const carry = ((serial ^ (byte >> bit)) & 1) != 0;
        serial = (serial >> 1) ^ (carry ? 0xEDB88320 : 0);
      }
    }
    FrameCheckSequence fcs;
    std::size_t const split = random.below(frame.size() + 1);
    fcs.add(Bytes(frame).first(split));
    fcs.add(Bytes(frame).subspan(split));
    ASSERT_EQ(fcs.value(), ~serial) << "seed " << kSeed << ", round " << round;
  }
}

}  // namespace
}  // namespace ringside::model
