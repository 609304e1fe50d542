// How a received frame stands in the driver's buffers: the header in front of it
// (virtio 1.3, 5.1.6).
#include "model/device/delivery.hpp"

#include <gtest/gtest.h>

#include "tests/frame/transport_frame.hpp"

namespace ringside::model {
namespace {

constexpr std::uint64_t kSeed = 0xDE11;
using ByteVector = std::vector<std::uint8_t>;

ByteVector header_of(ByteVector const& packet, ByteVector const& frame) {
  EXPECT_TRUE(std::equal(frame.rbegin(), frame.rend(), packet.rbegin()));
  return {packet.begin(), packet.end() - static_cast<std::ptrdiff_t>(frame.size())};
}

struct Delivery : testing::Test {
  Random random{kSeed};
  ByteVector frame = test::TransportFrame{.payload = 100}.build(random).bytes;
  FlowHash hash{2, 0x51CCC178};
};

TEST_F(Delivery, HasAHeaderOfTwelveBytes) {  // V55
  DeliveryRules const rules{.mergeable = true, .checksum = true};
  EXPECT_EQ(header_of(packet_of_frame(frame, hash, 1, rules), frame),
            (ByteVector{2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0}));
  frame.back() ^= 1;
  EXPECT_EQ(header_of(packet_of_frame(frame, hash, 0x102, rules), frame),
            (ByteVector{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 1}));
  EXPECT_EQ(rules.least_buffer(), 12U);
}

TEST_F(Delivery, HasAHeaderOfTwentyBytesThatTellsOfTheHash) {  // V56
  DeliveryRules const rules{.checksum = true, .hash_report = true};
  EXPECT_EQ(header_of(packet_of_frame(frame, hash, 1, rules), frame),
            (ByteVector{2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0x78, 0xC1, 0xCC, 0x51, 2, 0, 0, 0}));
  EXPECT_EQ(rules.least_buffer(), 1U) << "a frame goes to one buffer, that fits or not";
  EXPECT_EQ((DeliveryRules{.mergeable = true, .hash_report = true}).least_buffer(), 20U);
}

TEST_F(Delivery, SaysNothingOfChecksumsUnlessThatIsWanted) {
  EXPECT_EQ(header_of(packet_of_frame(frame, hash, 1, {}), frame)[0], 0);
}

}  // namespace
}  // namespace ringside::model
