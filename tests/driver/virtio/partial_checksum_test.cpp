#include "driver/virtio/partial_checksum.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace ringside::driver {
namespace {

// V27: a UDP datagram "hello" whose checksum field holds the pseudo header's sum.
std::vector<std::uint8_t> const kDatagram{
    0x02, 0,    0,    0,    0,    0x02, 0x02, 0,    0,    0,    0,    0x01, 0x08, 0x00, 0x45, 0x00,
    0x00, 0x21, 0x00, 0x00, 0x40, 0x00, 0x40, 0x11, 0x26, 0xCA, 0x0A, 0x00, 0x00, 0x01, 0x0A, 0x00,
    0x00, 0x02, 0x03, 0xE8, 0x07, 0xD0, 0x00, 0x0D, 0x14, 0x21, 0x68, 0x65, 0x6C, 0x6C, 0x6F};

TEST(PartialChecksum, IsCompletedAsTheVectorSays) {
  auto frame = kDatagram;
  ASSERT_TRUE(complete_checksum(frame, 34, 6));
  EXPECT_EQ(frame[40], 0x9C);
  EXPECT_EQ(frame[41], 0x47);
}

// V28: payload E0 1F makes the sum 0, which is sent as all ones.
TEST(PartialChecksum, NeverBecomesZero) {
  std::vector<std::uint8_t> datagram{0x03, 0xE8, 0x07, 0xD0, 0x00, 0x0A, 0x14, 0x1E, 0xE0, 0x1F};
  ASSERT_TRUE(complete_checksum(datagram, 0, 6));
  EXPECT_EQ(datagram[6], 0xFF);
  EXPECT_EQ(datagram[7], 0xFF);
}

TEST(PartialChecksum, LeavesTheFrameAloneWhenTheFieldIsOutside) {
  auto frame = kDatagram;
  EXPECT_FALSE(complete_checksum(frame, 34, 12));
  EXPECT_FALSE(complete_checksum(frame, 0xFFFF, 0xFFFF));
  EXPECT_EQ(frame, kDatagram);
  EXPECT_TRUE(complete_checksum(frame, 34, 11)) << "the last two bytes";
}

}  // namespace
}  // namespace ringside::driver
