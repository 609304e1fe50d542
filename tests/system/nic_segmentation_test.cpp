// TCP segmentation on every NIC.
#include "tests/stack/hex.hpp"
#include "tests/system/segmenting_nic.hpp"

namespace ringside::testbench {
namespace {

using namespace layout;
using stack::from_hex;
using test::CutPacket;

class EveryNicSegmentation : public SegmentingNic {};

TEST_P(EveryNicSegmentation, IsThatOfTheVectors) {  // V30
  start();
  Frame packet = from_hex(
      "01 01 3600 B405 2200 1000 0000 020000000002 020000000001 0800"
      "4500 0BE0 0001 4000 4006 0000 C0A80001 C0A80002"
      "3039 0050 000003E8 000007D0 5018 01F5 8D26 0000");
  for (unsigned i = 0; i < 3000; ++i) packet.push_back(static_cast<std::uint8_t>(i));
  nic.send(block_of(packet), 1);
  ASSERT_TRUE(nic.wait_used(nic.tx()));
  ASSERT_TRUE(nic.run_until([this] { return nic.wire.frames.size() == 3; }));
  struct Expected {
    std::size_t length;
    std::uint32_t sequence;
    std::uint8_t flags;
    std::uint16_t id, total, ip_checksum, tcp_checksum;
    std::uint32_t fcs;
  };
  Expected const expected[] = {{1514, 1000, 0x10, 1, 1500, 0xB3C7, 0xBF94, 0x22318F53},
                               {1514, 2460, 0x10, 2, 1500, 0xB3C6, 0x668D, 0x40F6C6B4},
                               {134, 3920, 0x18, 3, 120, 0xB929, 0x75F4, 0x3081B9A9}};
  for (std::size_t i = 0; i < 3; ++i) {
    Frame const frame = nic.sent(i);
    ASSERT_EQ(frame.size(), expected[i].length);
    EXPECT_EQ(load_be<std::uint32_t>(&frame[38]), expected[i].sequence);
    EXPECT_EQ(frame[47], expected[i].flags);
    EXPECT_EQ(load_be<std::uint16_t>(&frame[18]), expected[i].id);
    EXPECT_EQ(load_be<std::uint16_t>(&frame[16]), expected[i].total);
    EXPECT_EQ(load_be<std::uint16_t>(&frame[24]), expected[i].ip_checksum);
    EXPECT_EQ(load_be<std::uint16_t>(&frame[50]), expected[i].tcp_checksum);
    auto const& bytes = nic.wire.frames[i].bytes;
    EXPECT_EQ(load_le<std::uint32_t>(&bytes[bytes.size() - 4]), expected[i].fcs);
  }
}

TEST_P(EveryNicSegmentation, CutsAllShapesOfHeaders) {
  start();
  for (bool const ipv6 : {false, true}) {
    for (bool const tag : {false, true}) {
      for (unsigned shape = 0; shape < 6; ++shape) {
        CutPacket packet{.tag = tag,
                         .ipv6 = ipv6,
                         .options = shape * 2,
                         .extensions = shape % 4,
                         .tcp_options = shape * 2,
                         .payload = 500 + random_.below(3000),
                         .size = static_cast<std::uint16_t>(48 + random_.below(1200))};
        packet.build(random_);
        ASSERT_NO_FATAL_FAILURE(expect_cut(
            packet, "seed " + std::to_string(kSeed) + " shape " + std::to_string(shape)));
      }
    }
  }
}

// Every payload from nothing to a little more than three segments: whole multiples, a byte more, a
// byte less.
TEST_P(EveryNicSegmentation, EndsWhereThePayloadDoes) {
  start();
  for (std::size_t payload = 0; payload <= 3 * 48 + 2; ++payload) {
    CutPacket packet{.ipv6 = payload % 2 != 0, .payload = payload, .size = 48};
    ASSERT_NO_FATAL_FAILURE(expect_cut(packet.build(random_), std::to_string(payload)));
  }
  for (std::size_t payload : {2919U, 2920U, 2921U, 1459U, 1460U, 1461U, 1U}) {
    CutPacket packet{.payload = payload, .size = 1460};
    ASSERT_NO_FATAL_FAILURE(expect_cut(packet.build(random_), std::to_string(payload)));
  }
}

TEST_P(EveryNicSegmentation, KeepsEachFlagWhereItBelongs) {
  start();
  for (std::uint16_t flags = 0; flags < 0x1000; flags = static_cast<std::uint16_t>(flags + 61)) {
    CutPacket packet{.payload = 150, .size = 50, .flags = flags, .ecn = flags % 2 != 0};
    ASSERT_NO_FATAL_FAILURE(expect_cut(packet.build(random_), std::to_string(flags)));
  }
}

TEST_P(EveryNicSegmentation, CountsOnWhereNumbersWrap) {
  start();
  for (std::uint32_t sequence : {0xFFFFFFFFU, 0xFFFFFF9CU, 0xFFFFFF9BU, 0x0000FFFFU, 0U}) {
    CutPacket packet{.payload = 500, .size = 100, .id = 0xFFFD, .sequence = sequence};
    ASSERT_NO_FATAL_FAILURE(expect_cut(packet.build(random_), std::to_string(sequence)));
  }
}

// The longest that IPv4 and IPv6 can state; a byte more can not be stated, and is refused.
TEST_P(EveryNicSegmentation, CutsTheLongestPacketThereIs) {
  start();
  for (bool const ipv6 : {false, true}) {
    CutPacket packet{.tag = true, .ipv6 = ipv6, .size = 1400};
    packet.payload = 65535 + packet.network() + (ipv6 ? 40 : 0) - packet.headers();
    packet.build(random_);
    auto const bytes = packet.packet();
    nic.send(block_of(bytes), 3);
    ASSERT_NO_FATAL_FAILURE(expect_sent(packet.segments(), ipv6 ? "IPv6" : "IPv4"));
    auto longer = bytes;
    longer.push_back(0);
    ASSERT_NO_FATAL_FAILURE(expect_refused(longer, "a byte more"));
  }
  ASSERT_NO_FATAL_FAILURE(expect_cut(CutPacket{}.build(random_)));
}

TEST_P(EveryNicSegmentation, GathersAPacketFromManyElements) {
  start();
  CutPacket const packet = CutPacket{.payload = 9000, .size = 1000}.build(random_);
  auto const bytes = packet.packet();
  Block const block = block_of(bytes);
  auto const size = static_cast<std::uint32_t>(bytes.size());
  for (std::uint32_t elements : {2U, 3U, 5U, 63U, 64U}) {
    std::vector<Descriptor> chain;
    std::uint32_t at = 0;
    for (std::uint32_t i = 1; i < elements; ++i) {
      auto const left = size - at - (elements - i);
      auto const len =
          static_cast<std::uint32_t>(1 + random_.below(std::min(left, 2 * size / elements)));
      chain.push_back({block.address + at, len});
      at += len;
    }
    chain.push_back({block.address + at, size - at});
    nic.tx().offer(chain, 5);
    nic.notify(kTransmitQueue);
    ASSERT_NO_FATAL_FAILURE(expect_sent(packet.segments(), std::to_string(elements)));
    // The same out of a table.
    Block const table = nic.allocate(elements * 16);
    for (std::uint32_t i = 0; i < elements; ++i) {
      store_le(&table.bytes[i * 16], chain[i].addr);
      store_le(&table.bytes[i * 16 + 8], chain[i].len);
    }
    nic.tx().offer({{table.address, elements * 16, kDescriptorIndirect}}, 6);
    nic.notify(kTransmitQueue);
    ASSERT_NO_FATAL_FAILURE(expect_sent(packet.segments(), std::to_string(elements)));
  }
}

TEST_P(EveryNicSegmentation, BeginsBehindALongHeader) {
  start(kUnfiltered | kFeatureHashReport);
  for (std::size_t payload : {1, 200, 1400, 9000}) {
    for (bool const ipv6 : {false, true}) {
      CutPacket packet{.tag = ipv6, .ipv6 = ipv6, .payload = payload, .size = 700};
      packet.hash_report = true;
      expect_cut(packet.build(random_), std::to_string(payload));
      ASSERT_FALSE(HasFatalFailure());
      // One that says that it has a short one.
      packet.hash_report = false;
      expect_refused(packet.packet(), "shorter");
    }
  }
}

// Packets of all kinds behind each other, and ordinary frames between them.
TEST_P(EveryNicSegmentation, MixesWithOrdinaryFrames) {
  start();
  for (int round = 0; round < 8; ++round) {
    std::vector<Frame> expected;
    std::uint16_t count = 0;
    for (; count < 12; ++count) {
      if (random_.chance(0.4)) {
        expected.push_back(
            counting_frame(14 + random_.below(1505), static_cast<std::uint8_t>(count)));
        nic.send(expected.back(), count);
        expected.back().resize(std::max<std::size_t>(60, expected.back().size()));
        continue;
      }
      CutPacket packet{.tag = random_.chance(0.5),
                       .ipv6 = random_.chance(0.5),
                       .payload = random_.below(4000),
                       .size = static_cast<std::uint16_t>(48 + random_.below(1300))};
      nic.send(block_of(packet.build(random_).packet()), count);
      for (auto& frame : packet.segments()) expected.push_back(frame);
    }
    for (std::uint16_t i = 1; i < count; ++i) ASSERT_TRUE(nic.wait_used(nic.tx()));
    ASSERT_NO_FATAL_FAILURE(expect_sent(expected, "seed " + std::to_string(kSeed)));
  }
}

// Wherever a reset comes, what has left is whole, nothing of the old session follows, and the next
// session cuts again.
TEST_P(EveryNicSegmentation, EndWithASessionAndBeginWithTheNext) {
  for (int round = 0; round < 12; ++round) {
    start();
    CutPacket const packet = CutPacket{.payload = 30000, .size = 1000}.build(random_);
    nic.send(block_of(packet.packet()), 3);
    nic.run(us(0.5 + static_cast<double>(random_.below(30))));
    nic.set_status(0);
    ASSERT_TRUE(nic.run_until([this] { return nic.status() == 0; }));
    nic.run(us(30));
    for (std::size_t i = 0; i < nic.wire.frames.size(); ++i) {
      ASSERT_EQ(nic.sent(i), packet.segment(i)) << "seed " << kSeed;
      EXPECT_TRUE(is_intact(nic.wire.frames[i]));
    }
    nic.wire.frames.clear();
    start();
    ASSERT_NO_FATAL_FAILURE(expect_cut(CutPacket{.payload = 700, .size = 99}.build(random_)));
    nic.reset();
  }
}

INSTANTIATE_TEST_SUITE_P(Device, EveryNicSegmentation, testing::Values("rtl", "model", "lockstep"),
                         [](auto const& tested) { return tested.param; });

}  // namespace
}  // namespace ringside::testbench
