#include "tests/driver/virtio/virtio_net_fixture.hpp"

namespace ringside::driver {
namespace {

using test::Frame;
using test::VirtioNetTest;

struct Segments : VirtioNetTest {
  static constexpr std::uint16_t kTransport = 34;
  static constexpr std::uint16_t kSize = 500;
  static constexpr std::size_t kBytes = 1800;  // more than the MTU allows

  Frame tcp_frame() {
    Frame result = frame(kBytes);
    result[kTransport + 12] = 0x80;  // a header of 32 bytes
    return result;
  }
  PacketBuffer asking(SegmentKind kind = SegmentKind::Tcpv4, bool congestion_once = false) {
    PacketBuffer result = packet(tcp_frame());
    result.info().checksum_bytes = kBytes - kTransport;
    result.info().checksum_offset = 16;
    result.info().segment_bytes = kSize;
    result.info().segment_kind = kind;
    result.info().congestion_once = congestion_once;
    return result;
  }
  void expect_too_long(PacketBuffer packet) {
    auto const sent = net->transmit(packet, false);
    ASSERT_FALSE(sent);
    EXPECT_EQ(sent.error(), TransmitError::TooLong);
    EXPECT_TRUE(packet) << "it is the caller's again";
  }
};

TEST_F(Segments, AreLeftToADeviceThatCutsThem) {
  start();
  for (SegmentKind kind : {SegmentKind::Tcpv4, SegmentKind::Tcpv6}) {
    EXPECT_TRUE(net->cuts_segments(kind));
    for (bool const once : {false, true}) {
      PacketBuffer p = asking(kind, once);
      ASSERT_TRUE(net->transmit(p, false));
      executor.run_ready();
      ASSERT_FALSE(device.sent.empty());
      EXPECT_EQ(device.sent.back(), tcp_frame());
      auto const& header = device.sent_header;
      EXPECT_EQ(header.flags, layout::kNeedsCsum);
      EXPECT_EQ(header.gso_type,
                (kind == SegmentKind::Tcpv4 ? layout::kGsoTcpv4 : layout::kGsoTcpv6) |
                    (once ? layout::kGsoEcn : 0));
      EXPECT_EQ(header.gso_size, kSize);
      EXPECT_EQ(header.hdr_len, kTransport + 32);
      EXPECT_EQ(header.csum_start, kTransport);
      EXPECT_EQ(header.csum_offset, 16);
    }
  }
  ASSERT_TRUE(send(frame(70)));
  executor.run_ready();
  EXPECT_EQ(device.sent_header.gso_type, 0) << "the next packet asks for nothing";
  EXPECT_EQ(device.sent_header.gso_size, 0);
}

TEST_F(Segments, AreNotAskedOfADeviceThatDoesNotCutThisKind) {
  device.offered &= ~(layout::kFeatureHostTso6 | layout::kFeatureHostEcn);
  start();
  EXPECT_TRUE(net->cuts_segments(SegmentKind::Tcpv4));
  EXPECT_FALSE(net->cuts_segments(SegmentKind::Tcpv6));
  EXPECT_FALSE(net->notifies_congestion_once());
  expect_too_long(asking(SegmentKind::Tcpv6));
  expect_too_long(asking(SegmentKind::Tcpv4, true));
  EXPECT_TRUE(device.sent.empty());
  PacketBuffer p = asking();
  EXPECT_TRUE(net->transmit(p, false));
}

TEST_F(Segments, NeedTheirChecksumLeftToTheDeviceToo) {
  start();
  PacketBuffer p = asking();
  p.info().checksum_bytes = 0;
  expect_too_long(std::move(p));
}

TEST_F(Segments, AreNotCutOfWhatIsTooLongWithoutAskingForIt) {
  start();
  PacketBuffer p = asking();
  p.info().segment_bytes = 0;
  expect_too_long(std::move(p));
}

// Where the header would end is only a hint, and never read beyond the packet.
TEST_F(Segments, OfAHeaderThatIsNotThereGetNoHint) {
  start();
  PacketBuffer p = packet(frame(60));
  p.info().checksum_bytes = 18;
  p.info().checksum_offset = 16;
  p.info().segment_bytes = kSize;
  p.trim(54);
  p.info().checksum_bytes = 12;
  p.info().checksum_offset = 10;
  ASSERT_TRUE(net->transmit(p, false));
  executor.run_ready();
  EXPECT_EQ(device.sent_header.hdr_len, 0);
}

}  // namespace
}  // namespace ringside::driver
