#include "model/device/receive_hash.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace ringside::model {
namespace {

// The key of the published verification list of receive side scaling.
constexpr HashKey kKey{0x6D, 0x5A, 0x56, 0xDA, 0x25, 0x5B, 0x0E, 0xC2, 0x41, 0x67,
                       0x25, 0x3D, 0x43, 0xA3, 0x8F, 0xB0, 0xD0, 0xCA, 0x2B, 0xCB,
                       0xAE, 0x7B, 0x30, 0xB4, 0x77, 0xCB, 0x2D, 0xA3, 0x80, 0x30,
                       0xF2, 0x0C, 0x6A, 0x42, 0xB7, 0x3B, 0xBE, 0xAC, 0x01, 0xFA};

struct Vector {
  char const* name;
  std::vector<std::uint8_t> addresses;
  std::uint16_t source_port;
  std::uint16_t destination_port;
  std::uint32_t of_addresses;
  std::uint32_t with_ports;
};

std::vector<Vector> const kVectors{
    {"V40", {66, 9, 149, 187, 161, 142, 100, 80}, 2794, 1766, 0x323E8FC2, 0x51CCC178},
    {"V41", {199, 92, 111, 2, 65, 69, 140, 83}, 14230, 4739, 0xD718262A, 0xC626B0EA},
    {"V42", {24, 19, 198, 95, 12, 22, 207, 184}, 12898, 38024, 0xD2D0A5DE, 0x5C2B394A},
    {"V43", {38, 27, 205, 30, 209, 142, 163, 6}, 48228, 2217, 0x82989176, 0xAFC7327F},
    {"V44", {153, 39, 163, 191, 202, 188, 127, 2}, 44251, 1303, 0x5D1809C5, 0x10E828A2},
    {"V45",
     {0x3F, 0xFE, 0x25, 0x01, 0x02, 0x00, 0x1F, 0xFF, 0, 0, 0, 0, 0, 0, 0, 7,
      0x3F, 0xFE, 0x25, 0x01, 0x02, 0x00, 0x00, 0x03, 0, 0, 0, 0, 0, 0, 0, 1},
     2794,
     1766,
     0x2CC18CD5,
     0x40207D3D},
    {"V46",
     {0x3F, 0xFE, 0x05, 0x01, 0, 8, 0, 0, 0x02, 0x60, 0x97, 0xFF, 0xFE, 0x40, 0xEF, 0xAB,
      0xFF, 0x02, 0,    0,    0, 0, 0, 0, 0,    0,    0,    0,    0,    0,    0,    1},
     14230,
     4739,
     0x0F0C461C,
     0xDDE51BBF},
    {"V47",
     {0x3F, 0xFE, 0x19, 0x00, 0x45, 0x45, 0, 3, 0x02, 0x00, 0xF8, 0xFF, 0xFE, 0x21, 0x67, 0xCF,
      0xFE, 0x80, 0,    0,    0,    0,    0, 0, 0x02, 0x00, 0xF8, 0xFF, 0xFE, 0x21, 0x67, 0xCF},
     44251,
     38024,
     0x4B61E985,
     0x02D1FEEF},
};

// A TCP segment without payload, in the shortest frame that it fits in.
std::vector<std::uint8_t> frame_of(Vector const& vector) {
  bool const ipv4 = vector.addresses.size() == 8;
  std::vector<std::uint8_t> frame(14, 0);
  store_be<std::uint16_t>(&frame[12], ipv4 ? 0x0800 : 0x86DD);
  if (ipv4) {
    frame.insert(frame.end(), {0x45, 0, 0, 40, 0, 0, 0x40, 0, 64, 6, 0, 0});
  } else {
    frame.insert(frame.end(), {0x60, 0, 0, 0, 0, 20, 6, 64});
  }
  frame.insert(frame.end(), vector.addresses.begin(), vector.addresses.end());
  std::size_t const transport = frame.size();
  frame.resize(transport + 20, 0);
  store_be<std::uint16_t>(&frame[transport], vector.source_port);
  store_be<std::uint16_t>(&frame[transport + 2], vector.destination_port);
  if (frame.size() < 60) frame.resize(60, 0);
  return frame;
}

TEST(FlowHashOfAPacket, IsThatOfThePublishedVectors) {
  for (auto const& vector : kVectors) {
    bool const ipv4 = vector.addresses.size() == 8;
    auto const frame = frame_of(vector);
    FlowHash const addresses{static_cast<std::uint8_t>(ipv4 ? 1 : 4), vector.of_addresses};
    FlowHash const ports{static_cast<std::uint8_t>(ipv4 ? 2 : 5), vector.with_ports};
    EXPECT_EQ(flow_hash(frame, 0b001001, kKey), addresses) << vector.name;
    EXPECT_EQ(flow_hash(frame, layout::kSupportedHashTypes, kKey), ports) << vector.name;
    EXPECT_EQ(flow_hash(frame, 0b100100, kKey), FlowHash{}) << vector.name << ": UDP alone";
  }
}

TEST(Toeplitz, TakesEachBitOfTheInputWithItsOwnPartOfTheKey) {
  std::vector<std::uint8_t> input(12, 0);
  input.front() = 0x80;
  EXPECT_EQ(toeplitz(input, kKey), 0x6D5A56DAU) << "V48";
  input.front() = 0;
  input.back() = 1;
  EXPECT_EQ(toeplitz(input, kKey), 0xA1D1C7D8U) << "V49";
  std::vector<std::uint8_t> longest(36, 0);
  longest.back() = 1;
  EXPECT_EQ(toeplitz(longest, kKey), 0xDF5600FDU) << "V50";
}

TEST(FlowHashOfAPacket, IsTheSameBothWaysWithTheDefaultKey) {
  for (auto vector : kVectors) {
    auto const there =
        flow_hash(frame_of(vector), layout::kSupportedHashTypes, layout::kDefaultHashKey);
    std::swap(vector.source_port, vector.destination_port);
    auto const half = static_cast<std::ptrdiff_t>(vector.addresses.size() / 2);
    std::swap_ranges(vector.addresses.begin(), vector.addresses.begin() + half,
                     vector.addresses.begin() + half);
    auto const back =
        flow_hash(frame_of(vector), layout::kSupportedHashTypes, layout::kDefaultHashKey);
    EXPECT_EQ(there, back) << vector.name;
  }
}

}  // namespace
}  // namespace ringside::model
