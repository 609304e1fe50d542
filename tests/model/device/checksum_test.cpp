#include "model/device/checksum.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "interface/layout/virtio.hpp"
#include "tests/frame/transport_frame.hpp"
#include "tests/model/device/test_host.hpp"

namespace ringside::model {
namespace {

constexpr std::uint64_t kSeed = 20251001;
constexpr std::uint64_t kPacket = 0x10000;
constexpr std::uint64_t kBuffer = 0x20000;
using ByteVector = std::vector<std::uint8_t>;

// A packet to send whose header asks for a checksum.
ByteVector asking(ByteVector const& frame, std::uint16_t start, std::uint16_t offset) {
  ByteVector packet(layout::kNetHeaderBytes, 0);
  packet[offsetof(layout::NetHeader, flags)] = layout::kNeedsCsum;
  store_le(&packet[offsetof(layout::NetHeader, csum_start)], start);
  store_le(&packet[offsetof(layout::NetHeader, csum_offset)], offset);
  packet.insert(packet.end(), frame.begin(), frame.end());
  return packet;
}

void complete(ByteVector& packet) {
  MutableBytes const whole(packet);
  complete_checksum(whole.first(layout::kNetHeaderBytes), whole.subspan(layout::kNetHeaderBytes));
}

bool wish_allowed(ByteVector const& packet, bool negotiated) {
  Bytes const whole(packet);
  return checksum_wish_allowed(whole.first(layout::kNetHeaderBytes),
                               whole.subspan(layout::kNetHeaderBytes), negotiated);
}

TEST(DeviceChecksum, VerifiesWhatHasBeenCheckedAndNothingElse) {
  auto const cases = test::checksum_cases(kSeed);
  for (auto const& each : cases) {
    EXPECT_EQ(transport_checksum_right(each.frame), each.verified) << each.what;
  }
}

TEST(DeviceChecksum, LooksNoFurtherThanAFrameGoes) {
  Random random(kSeed);
  for (bool const ipv6 : {false, true}) {
    for (unsigned tags : {0U, 1U}) {
      auto const frame =
          test::TransportFrame{.tags = tags, .ipv6 = ipv6, .payload = 4}.build(random);
      for (std::size_t size = 0; size <= frame.bytes.size(); ++size) {
        ByteVector const cut(frame.bytes.begin(),
                             frame.bytes.begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_EQ(transport_checksum_right(cut), size >= frame.end()) << size;
      }
    }
  }
}

TEST(DeviceChecksum, CompletesTheChecksumFromAnyStartToAnyPlace) {
  Random random(kSeed);
  for (std::uint16_t size = 14; size < 70; ++size) {
    for (std::uint16_t field = 0; field + 2 <= size; ++field) {
      ByteVector frame(size);
      for (auto& byte : frame) byte = static_cast<std::uint8_t>(random.next());
      auto const start = static_cast<std::uint16_t>(random.below(field + 1U));
      ByteVector packet = asking(frame, start, static_cast<std::uint16_t>(field - start));
      complete(packet);
      store_be(&frame[field], test::plain_checksum(frame, start));
      EXPECT_TRUE(std::equal(frame.begin(), frame.end(), packet.begin() + layout::kNetHeaderBytes))
          << size << ", from " << start << " to " << field;
    }
  }
}

TEST(DeviceChecksum, LeavesAPacketAloneThatAsksForNothing) {
  ByteVector const packet = [] {
    ByteVector bytes = asking(ByteVector(60, 0x55), 14, 10);
    bytes[0] = 0xFE;
    return bytes;
  }();
  ByteVector completed = packet;
  complete(completed);
  EXPECT_EQ(completed, packet);
  EXPECT_TRUE(wish_allowed(packet, false));
}

TEST(DeviceChecksum, AllowsAWishThatIsInTheFrameAndNotInItsType) {  // T8
  ByteVector const frame(60, 0);
  for (std::uint16_t field = 0; field < 80; ++field) {
    bool const allowed = field <= 58 && (field < 11 || field > 13);
    EXPECT_EQ(wish_allowed(asking(frame, field, 0), true), allowed) << field;
    EXPECT_EQ(wish_allowed(asking(frame, 0, field), true), allowed) << field;
    EXPECT_FALSE(wish_allowed(asking(frame, field, 0), false));
  }
  for (auto const& [start, offset] : {std::pair<std::uint16_t, std::uint16_t>{0xFFFF, 0xFFFF},
                                      {0xFFFE, 0x24},
                                      {0x8000, 0x8014},
                                      {0xFFFF, 0}}) {
    EXPECT_FALSE(wish_allowed(asking(frame, start, offset), true)) << start;
  }
}

class TheNicsChecksums : public testing::Test {
 protected:
  void send(ByteVector const& packet) {
    std::copy(packet.begin(), packet.end(), host.memory.bytes.begin() + kPacket);
    host.tx.put(slot++, kPacket, static_cast<std::uint32_t>(packet.size()), 7, kAvail);
    host.notify_and_run(1);
  }
  std::uint8_t flags_of(ByteVector const& frame) {
    host.rx.put(slot++, kBuffer, 2048, 3, kAvail | kWrite);
    host.notify_and_run(0);
    host.receive(frame);
    return host.memory.bytes[kBuffer];
  }

  TestHost host;
  unsigned slot = 0;
};

TEST_F(TheNicsChecksums, AreCompletedIfThatWasNegotiated) {
  ByteVector frame(100, 0x31);
  host.start(64);
  send(asking(frame, 34, 6));
  store_be(&frame[40], test::plain_checksum(frame, 34));
  ASSERT_EQ(host.wire.frames.size(), 1U);
  EXPECT_EQ(host.wire.frames[0], with_fcs(frame));
}

TEST_F(TheNicsChecksums, AreMalformedIfNot) {
  host.start(64, TestHost::kDefaultFeatures & ~layout::kFeatureCsum);
  send(asking(ByteVector(100, 0x31), 34, 6));
  EXPECT_TRUE(host.wire.frames.empty());
  EXPECT_EQ(host.counter("tx_dropped_malformed"), 1U);
}

TEST_F(TheNicsChecksums, AreSaidToBeRightIfThatWasNegotiated) {  // V55
  Random random(kSeed);
  auto frame = test::TransportFrame{}.build(random);
  host.start(64);
  EXPECT_EQ(flags_of(frame.bytes), layout::kDataValid);
  frame.bytes[frame.checksum()] ^= 1;
  EXPECT_EQ(flags_of(frame.bytes), 0);
}

TEST_F(TheNicsChecksums, AreNotSpokenOfIfNot) {
  Random random(kSeed);
  host.start(64, TestHost::kDefaultFeatures & ~layout::kFeatureGuestCsum);
  EXPECT_EQ(flags_of(test::TransportFrame{}.build(random).bytes), 0);
}

}  // namespace
}  // namespace ringside::model
