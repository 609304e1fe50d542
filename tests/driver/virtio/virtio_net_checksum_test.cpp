#include "tests/driver/virtio/virtio_net_fixture.hpp"
#include "tests/frame/plain_checksum.hpp"

namespace ringside::driver {
namespace {

using test::FakeDevice;
using test::Frame;
using test::VirtioNetTest;

// A device that completes no checksums does not cut segments either.
constexpr std::uint64_t kNeedChecksums =
    layout::kFeatureHostTso4 | layout::kFeatureHostTso6 | layout::kFeatureHostEcn;

struct TransmitChecksum : VirtioNetTest {
  static constexpr std::uint16_t kStart = 34;
  static constexpr std::uint16_t kOffset = 6;

  // A packet whose sender left the checksum of all behind the 34th byte.
  PacketBuffer asking(Frame const& frame, std::uint32_t headroom = kTransmitHeadroom) {
    PacketBuffer result = packet(frame, headroom);
    result.info().checksum_bytes = static_cast<std::uint16_t>(frame.size() - kStart);
    result.info().checksum_offset = kOffset;
    return result;
  }
  void expect_asked(Frame const& frame) {
    ASSERT_FALSE(device.sent.empty());
    EXPECT_EQ(device.sent.back(), frame);
    EXPECT_EQ(device.sent_header.flags, layout::kNeedsCsum);
    EXPECT_EQ(device.sent_header.gso_type, 0);
    EXPECT_EQ(device.sent_header.csum_start, kStart);
    EXPECT_EQ(device.sent_header.csum_offset, kOffset);
    EXPECT_EQ(device.sent_header.num_buffers, 0);
  }
};

TEST_F(TransmitChecksum, IsLeftToADeviceThatCompletesIt) {
  start();
  EXPECT_TRUE(net->completes_checksums());
  PacketBuffer p = asking(frame(100));
  ASSERT_TRUE(net->transmit(p, false));
  executor.run_ready();
  expect_asked(frame(100));
  EXPECT_EQ(device.elements_per_packet, 1U);
  ASSERT_TRUE(send(frame(70)));
  executor.run_ready();
  EXPECT_EQ(device.sent_header.flags, 0) << "the next packet asks for nothing";
}

TEST_F(TransmitChecksum, IsCompletedHereForADeviceThatDoesNot) {
  device.offered &= ~(layout::kFeatureCsum | kNeedChecksums);
  start();
  EXPECT_FALSE(net->completes_checksums());
  PacketBuffer p = asking(frame(101));
  ASSERT_TRUE(net->transmit(p, false));
  executor.run_ready();
  Frame expected = frame(101);
  store_be(&expected[kStart + kOffset], test::plain_checksum(frame(101), kStart));
  ASSERT_EQ(device.sent.size(), 1U);
  EXPECT_EQ(device.sent[0], expected);
  EXPECT_EQ(device.sent_header.flags, 0);
}

TEST_F(TransmitChecksum, GetsAHeaderOfItsOwnWhereThereIsNoHeadroom) {
  start();
  PacketBuffer p = asking(frame(100), 0);
  ASSERT_TRUE(net->transmit(p, false));
  executor.run_ready();
  expect_asked(frame(100));
  EXPECT_EQ(net->driver_statistics().copies, 1U);
}

TEST_F(TransmitChecksum, IsAskedForOnceThereIsRoom) {
  device.completes_at_once = false;
  start();
  while (send(frame(60))) {
  }
  PacketBuffer p = asking(frame(100));
  auto const refused = net->transmit(p, false);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), TransmitError::QueueFull);
  device.complete();
  executor.run_ready();
  ASSERT_TRUE(net->transmit(p, false));
  device.complete();
  expect_asked(frame(100));
}

// A device that comes back from a reset without the feature gets whole checksums from then on.
TEST_F(TransmitChecksum, FollowsWhatWasNegotiatedLast) {
  start();
  device.offered &= ~(layout::kFeatureCsum | kNeedChecksums);
  device.break_down();
  executor.run_for(std::chrono::seconds(1));
  ASSERT_EQ(net->state(), VirtioNet::State::Live);
  EXPECT_FALSE(net->completes_checksums());
  PacketBuffer p = asking(frame(100));
  ASSERT_TRUE(net->transmit(p, false));
  executor.run_ready();
  EXPECT_EQ(device.sent_header.flags, 0);
}

}  // namespace
}  // namespace ringside::driver
