// The transmit engine with packets that are to be cut: every alignment of headers, segments and
// rows, back pressure, refused reads, and headers that lie.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <tuple>

#include "tests/frame/cut_packet_lies.hpp"
#include "tests/rtl/datapath/transmit_engine_fixture.hpp"

namespace ringside::testbench {
namespace {

using test::CutPacket;

class TransmitSegments : public TransmitEngine {
 protected:
  void SetUp() override {
    bench_.model.checksum_i = 1;
    bench_.model.segment_i = 7;
  }

  // A frame leaves with the pseudo header's sum in it, and the order to complete it.
  void expect_segment(std::size_t index, Bytes const& expected, std::string const& what) {
    Bytes frame = bench_.sent.at(index);
    auto const& order = bench_.checksums.at(index);
    ASSERT_TRUE(order.wanted) << what;
    ASSERT_LE(order.field + 2U, frame.size()) << what;
    store_be(&frame[order.field], test::plain_checksum(frame, order.start));
    frame.resize(std::max<std::size_t>(frame.size(), 60));
    ASSERT_EQ(frame, expected) << what;
  }
  void expect_cut(std::vector<CutPacket> const& packets) {
    std::size_t index = 0;
    for (CutPacket const& packet : packets) {
      std::string const what = "headers " + std::to_string(packet.headers()) + " payload " +
                               std::to_string(packet.payload) + " size " +
                               std::to_string(packet.size);
      for (std::size_t i = 0; i < packet.count(); ++i, ++index) {
        ASSERT_LT(index, bench_.sent.size()) << what;
        ASSERT_NO_FATAL_FAILURE(expect_segment(index, packet.segment(i), what));
      }
    }
    EXPECT_EQ(bench_.sent.size(), index);
    EXPECT_EQ(bench_.tx_used, expected_used_);
    EXPECT_EQ(bench_.counts.tx_malformed, 0U);
    EXPECT_EQ(bench_.counts.tx_errors, 0U);
  }
  CutPacket some_packet() {
    CutPacket packet{.tag = bench_.random.chance(0.5), .ipv6 = bench_.random.chance(0.5)};
    packet.options = static_cast<unsigned>(bench_.random.below(11));
    packet.extensions = static_cast<unsigned>(bench_.random.below(5));
    packet.tcp_options = static_cast<unsigned>(bench_.random.below(11));
    packet.payload = bench_.random.below(2500);
    packet.size = static_cast<std::uint16_t>(48 + bench_.random.below(400));
    return packet.build(bench_.random);
  }
};

// Headers end at four places in a row, segments of 16 sizes begin anywhere in it, and payloads end
// in each of the bytes around a whole number of segments.
TEST_F(TransmitSegments, AreRightAtEveryAlignment) {
  using Alignment = std::tuple<std::size_t, std::size_t, std::size_t>;
  std::set<Alignment> met;  // of the headers' end, a later segment's begin, the payload's end
  std::size_t packets_cut = 0;
  for (unsigned words = 0; words < 4; ++words) {
    for (unsigned size = 48; size < 64; ++size) {
      std::vector<CutPacket> packets;
      for (unsigned payload = 2 * size - 17; payload <= 2 * size + 17; ++payload) {
        CutPacket packet{.tcp_options = words, .payload = payload};
        packet.size = static_cast<std::uint16_t>(size);
        packets.push_back(packet.build(bench_.random));
        send(packet.packet(), {}, payload % 16);
        std::size_t const headers = packet.headers() % 16;
        met.insert({headers, (packet.headers() + size) % 16, packet.length() % 16});
      }
      bench_.run(200000);
      ASSERT_NO_FATAL_FAILURE(expect_cut(packets));
      packets_cut += packets.size();
      bench_.sent.clear();
      bench_.checksums.clear();
    }
  }
  EXPECT_EQ(packets_cut, 4U * 16 * 35);
  EXPECT_EQ(met.size(), 4U * 16 * 16) << "an alignment has not been met";
}

TEST_F(TransmitSegments, WaitForNeighboursAndForMemory) {
  std::vector<CutPacket> packets;
  for (unsigned i = 0; i < 150; ++i) {
    packets.push_back(some_packet());
    std::vector<std::uint32_t> lengths;
    for (std::uint64_t pieces = bench_.random.below(8); pieces > 0; --pieces) {
      lengths.push_back(static_cast<std::uint32_t>(1 + bench_.random.below(8)));
    }
    send(packets.back().packet(), lengths, i % 19);
  }
  bench_.pause = 0.3;
  bench_.skip = true;
  bench_.run(900000);
  expect_cut(packets);
  EXPECT_GT(bench_.skipped_cycles, 0U);
}

TEST_F(TransmitSegments, DoNotLeaveWhereTheHeadersLie) {
  unsigned dropped = 0;
  for (bool const ipv6 : {false, true}) {
    for (auto const& lie : test::lies_of_cut_packets(ipv6)) {
      CutPacket packet{.tag = bench_.random.chance(0.5), .ipv6 = ipv6, .payload = 700, .size = 200};
      Bytes bytes = packet.build(bench_.random).packet();
      lie.tell(packet, bytes);
      send(bytes, {});
      bench_.run();
      ASSERT_EQ(bench_.counts.tx_malformed, ++dropped) << lie.what;
      ASSERT_EQ(bench_.sent.size(), 0U) << lie.what;
    }
  }
  EXPECT_EQ(bench_.tx_used, expected_used_);
  CutPacket const packet = some_packet();
  send(packet.packet(), {});
  bench_.run();
  bench_.counts.tx_malformed = 0;
  expect_cut({packet});
}

// What is in front of the first row with refused bytes has left, nothing else does.
TEST_F(TransmitSegments, LeaveUpToARefusedRead) {
  unsigned errors = 0;
  std::set<std::size_t> left;
  for (unsigned i = 0; i < 120; ++i) {
    CutPacket packet{.payload = 1000, .size = 100};
    packet.build(bench_.random);
    auto const bytes = packet.packet();
    // The second element is not there.
    auto const there = static_cast<std::uint32_t>(1 + bench_.random.below(bytes.size() - 1));
    bench_.host.error_from = next_ + 8192;
    bench_.host.error_to = next_ + 16384;
    send(bytes, {there}, i % 16);
    bench_.run();
    bench_.host.error_from = bench_.host.error_to = 0;
    EXPECT_EQ(bench_.counts.tx_errors, ++errors);
    std::size_t expected = 0;
    while (expected < packet.count() && there >= layout::kNetHeaderBytes) {
      std::size_t const end =
          std::min(packet.headers() + (expected + 1) * packet.size, packet.length());
      if ((end - 1) / 16 >= (there - layout::kNetHeaderBytes) / 16) break;
      ++expected;
    }
    ASSERT_EQ(bench_.sent.size(), expected) << there;
    for (std::size_t s = 0; s < expected; ++s) {
      ASSERT_NO_FATAL_FAILURE(expect_segment(s, packet.segment(s), std::to_string(there)));
    }
    left.insert(expected);
    bench_.sent.clear();
    bench_.checksums.clear();
  }
  EXPECT_EQ(left.size(), 10U) << "from none to all but the last";
  EXPECT_EQ(bench_.counts.tx_malformed, 0U);
}

TEST_F(TransmitSegments, StartCleanAfterAFlush) {
  for (unsigned round = 0; round < 40; ++round) {
    for (unsigned i = 0; i < 3; ++i) send(some_packet().packet(), {20, 30}, i);
    for (std::uint64_t cycles = bench_.random.below(400); cycles > 0; --cycles) bench_.cycle();
    bench_.flush();
    expected_used_.clear();
    bench_.tx_used.clear();
    bench_.sent.clear();
    bench_.checksums.clear();
    CutPacket const packet = some_packet();
    send(packet.packet(), {}, round);
    bench_.run();
    ASSERT_NO_FATAL_FAILURE(expect_cut({packet})) << round;
    expected_used_.clear();
    bench_.tx_used.clear();
    bench_.sent.clear();
    bench_.checksums.clear();
  }
}

// Of a packet of 40 segments each takes its rows and a few cycles more.
TEST_F(TransmitSegments, KeepUpWithTheLine) {
  CutPacket const packet = CutPacket{.payload = 57920, .size = 1448}.build(bench_.random);
  send(packet.packet(), {});
  unsigned cycles = 0;
  while (bench_.sent.size() < packet.count() && cycles < 100000) {
    bench_.cycle();
    ++cycles;
  }
  bench_.run();
  ASSERT_NO_FATAL_FAILURE(expect_cut({packet}));
  // A frame of 1 502 bytes and its surroundings: 1 526 byte times on the wire, of 8 a cycle.
  EXPECT_LT(cycles / packet.count(), 1526U / 8);
}

}  // namespace
}  // namespace ringside::testbench
