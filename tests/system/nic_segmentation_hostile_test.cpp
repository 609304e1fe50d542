// Packets to be cut that were not negotiated, that lie, or that memory refuses.
#include "tests/frame/cut_packet_lies.hpp"
#include "tests/system/segmenting_nic.hpp"

namespace ringside::testbench {
namespace {

using namespace layout;
using test::CutPacket;

constexpr std::uint64_t kNowhere = 0x7FFF'0000'0000;  // no memory is there

class SegmentationUnderAttack : public SegmentingNic {};

// Of more elements than the window holds the length is not known in time.
TEST_P(SegmentationUnderAttack, RefusesAPacketOfTooManyElements) {
  start();
  CutPacket const packet = CutPacket{.payload = 1000, .size = 300}.build(random_);
  auto const bytes = packet.packet();
  Block const block = block_of(bytes);
  for (std::uint32_t elements : {65U, 100U}) {
    std::vector<Descriptor> chain;
    for (std::uint32_t i = 0; i + 1 < elements; ++i) chain.push_back({block.address + 4 * i, 4});
    std::uint32_t const at = 4 * (elements - 1);
    chain.push_back({block.address + at, static_cast<std::uint32_t>(bytes.size()) - at});
    nic.tx().offer(chain, 5);
    nic.notify(kTransmitQueue);
    ASSERT_NO_FATAL_FAILURE(expect_dropped(std::to_string(elements)));
  }
  // An ordinary frame of so many is sent.
  std::vector<Descriptor> chain;
  Block const plain = nic.packet(counting_frame(200));
  for (std::uint32_t i = 0; i < 106; ++i) chain.push_back({plain.address + 2 * i, 2});
  nic.tx().offer(chain, 7);
  nic.notify(kTransmitQueue);
  expect_sent({counting_frame(200)});
}

TEST_P(SegmentationUnderAttack, IsOnlyForThoseWhoNegotiatedIt) {  // T5
  std::uint64_t const all = kFeatureHostTso4 | kFeatureHostTso6 | kFeatureHostEcn;
  for (std::uint64_t features : {std::uint64_t{0}, kFeatureHostTso4, kFeatureHostTso6,
                                 kFeatureHostTso4 | kFeatureHostEcn, all}) {
    start((kUnfiltered & ~all) | features);
    for (bool const ipv6 : {false, true}) {
      for (bool const ecn : {false, true}) {
        CutPacket const packet =
            CutPacket{.ipv6 = ipv6, .payload = 300, .size = 100, .ecn = ecn}.build(random_);
        bool const allowed = (features & (ipv6 ? kFeatureHostTso6 : kFeatureHostTso4)) != 0 &&
                             (!ecn || (features & kFeatureHostEcn) != 0);
        if (allowed) {
          ASSERT_NO_FATAL_FAILURE(expect_cut(packet));
        } else {
          ASSERT_NO_FATAL_FAILURE(expect_refused(packet.packet(), "not negotiated"));
        }
      }
    }
    nic.reset();
    dropped_ = nic.counter("tx_dropped_malformed");
  }
  start(kUnfiltered & ~kFeatureCsum);
  expect_refused(CutPacket{}.build(random_).packet(), "no checksums");
}

// Each lie alone: the packet is dropped and counted, and the queue goes on.
TEST_P(SegmentationUnderAttack, RefusesWhatContradictsItself) {  // T6, T7, T9
  start();
  for (bool const ipv6 : {false, true}) {
    for (auto const& lie : test::lies_of_cut_packets(ipv6)) {
      CutPacket packet{.tag = random_.chance(0.5), .ipv6 = ipv6, .payload = 700, .size = 200};
      auto bytes = packet.build(random_).packet();
      lie.tell(packet, bytes);
      ASSERT_NO_FATAL_FAILURE(expect_refused(bytes, lie.what));
    }
    ASSERT_NO_FATAL_FAILURE(
        expect_cut(CutPacket{.ipv6 = ipv6, .payload = 200, .size = 60}.build(random_)));
  }
}

TEST_P(SegmentationUnderAttack, DoesNotAskWhereTheDriverThinksTheHeadersEnd) {  // T10
  start();
  CutPacket const packet = CutPacket{.payload = 500, .size = 100}.build(random_);
  for (std::uint16_t hdr_len : {0, 1, 54, 53, 55, 192, 0xFFFF}) {
    auto bytes = packet.packet();
    store_le(&bytes[2], hdr_len);
    bytes[0] |= 0xFE;  // flags that mean nothing here (T11)
    store_le(&bytes[10], std::uint16_t{0xFFFF});
    nic.send(block_of(bytes), 3);
    ASSERT_NO_FATAL_FAILURE(expect_sent(packet.segments(), std::to_string(hdr_len)));
  }
}

// How much of a packet leaves in front of what memory refuses is the device's business: whole
// segments, in order. It is one error, and the queue goes on.
TEST_P(SegmentationUnderAttack, LoseWhatMemoryRefuses) {
  start();
  for (std::uint32_t there : {30U, 66U, 500U, 2000U}) {
    std::uint64_t const errors = nic.counter("tx_dropped_error");
    CutPacket const packet = CutPacket{.payload = 3000, .size = 400}.build(random_);
    auto const bytes = packet.packet();
    Block const block = block_of(bytes);
    nic.tx().offer(
        {{block.address, there}, {kNowhere, static_cast<std::uint32_t>(bytes.size()) - there}}, 5);
    nic.notify(kTransmitQueue);
    ASSERT_TRUE(nic.wait_used(nic.tx()));
    nic.run(us(10));
    EXPECT_EQ(nic.counter("tx_dropped_error"), errors + 1);
    EXPECT_EQ(nic.counter("tx_dropped_malformed"), 0U);
    ASSERT_LT(nic.wire.frames.size(), packet.count());
    for (std::size_t i = 0; i < nic.wire.frames.size(); ++i) {
      ASSERT_EQ(nic.sent(i), packet.segment(i)) << there;
      ASSERT_LE(packet.headers() + (i + 1) * packet.size + kNetHeaderBytes, there);
    }
    nic.wire.frames.clear();
  }
  ASSERT_NO_FATAL_FAILURE(expect_cut(CutPacket{.payload = 700, .size = 99}.build(random_)));
}

INSTANTIATE_TEST_SUITE_P(Device, SegmentationUnderAttack,
                         testing::Values("rtl", "model", "lockstep"),
                         [](auto const& tested) { return tested.param; });

}  // namespace
}  // namespace ringside::testbench
