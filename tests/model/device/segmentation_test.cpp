#include "model/device/segmentation.hpp"

#include <gtest/gtest.h>

#include "interface/layout/limits.hpp"
#include "model/device/transmit_frame.hpp"
#include "tests/frame/cut_packet_lies.hpp"

namespace ringside::model {
namespace {

using test::CutPacket;

constexpr std::uint64_t kSeed = 20261124;
constexpr PacketRules kAll{.checksum = true, .tcpv4 = true, .tcpv6 = true, .ecn = true};
constexpr std::size_t kFcs = 4;

// The frames that leave, without FCS.
std::vector<CutPacket::Content> cut(CutPacket::Content const& packet, Segmentation const& plan) {
  std::vector<CutPacket::Content> frames;
  for (std::size_t i = 0; i < plan.count(); ++i) {
    frames.push_back(frame_of_packet(plan.segment(packet, i), kAll));
    frames.back().resize(frames.back().size() - kFcs);
  }
  return frames;
}

class Segments : public testing::Test {
 protected:
  void expect_cut(CutPacket const& packet) {
    auto const bytes = packet.packet();
    auto const plan = Segmentation::plan(bytes, bytes.size(), kAll);
    ASSERT_TRUE(plan) << "headers " << packet.headers() << " payload " << packet.payload;
    EXPECT_EQ(cut(bytes, *plan), packet.segments()) << "headers " << packet.headers() << " payload "
                                                    << packet.payload << " size " << packet.size;
    EXPECT_EQ(plan->end(plan->count() - 1), bytes.size());
  }
  bool refused(CutPacket const& packet, PacketRules const& rules = kAll) {
    auto const bytes = packet.packet();
    return !Segmentation::plan(bytes, bytes.size(), rules);
  }
  Random random_{kSeed};
};

TEST_F(Segments, AreWhatEachWouldBeAlone) {
  for (int i = 0; i < 3000; ++i) {
    CutPacket packet{.tag = random_.chance(0.5), .ipv6 = random_.chance(0.5)};
    packet.options = static_cast<unsigned>(random_.below(11));
    packet.extensions = static_cast<unsigned>(random_.below(5));
    packet.tcp_options = static_cast<unsigned>(random_.below(11));
    packet.payload = random_.below(2000);
    packet.size = static_cast<std::uint16_t>(48 + random_.below(1200));
    packet.id = static_cast<std::uint16_t>(random_.next());
    packet.sequence = static_cast<std::uint32_t>(random_.next());
    packet.flags = static_cast<std::uint16_t>(random_.below(0x1000));
    packet.ecn = random_.chance(0.5);
    ASSERT_NO_FATAL_FAILURE(expect_cut(packet.build(random_))) << "seed " << kSeed;
  }
}

TEST_F(Segments, AreNoLongerThanAFrameMayBe) {
  for (std::size_t longer : {0U, 1U}) {
    CutPacket packet{.payload = 5000};
    packet.size = static_cast<std::uint16_t>(layout::kMaxFrameBytes - packet.headers() + longer);
    EXPECT_EQ(refused(packet.build(random_)), longer != 0);
    // A packet that needs no cut may name any size.
    packet.size = 0xFFFF;
    packet.payload = layout::kMaxFrameBytes - packet.headers() + longer;
    EXPECT_EQ(refused(packet.build(random_)), longer != 0);
  }
}

TEST_F(Segments, HaveHeadersUpToALimit) {
  CutPacket packet{.ipv6 = true, .extensions = 11, .tcp_options = 10, .size = 1000};
  ASSERT_EQ(packet.headers(), 202U);
  EXPECT_TRUE(refused(packet.build(random_)));
  packet.extensions = 10;
  packet.tcp_options = 9;
  ASSERT_EQ(packet.headers(), 190U);
  EXPECT_FALSE(refused(packet.build(random_)));
  packet.tcp_options = 10;
  ASSERT_EQ(packet.headers(), 194U);
  EXPECT_TRUE(refused(packet.build(random_)));
}

TEST_F(Segments, BeginBehindALongHeader) {
  PacketRules rules = kAll;
  rules.hash_report = true;
  CutPacket packet;
  packet.hash_report = true;
  auto const bytes = packet.build(random_).packet();
  auto const plan = Segmentation::plan(bytes, bytes.size(), rules);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->end(plan->count() - 1), bytes.size());
  for (std::size_t i = 0; i < plan->count(); ++i) {
    auto frame = frame_of_packet(plan->segment(bytes, i), rules);
    frame.resize(frame.size() - kFcs);
    EXPECT_EQ(frame, packet.segment(i)) << i;
  }
  EXPECT_FALSE(Segmentation::plan(bytes, bytes.size(), kAll)) << "a short header is expected";
}

TEST_F(Segments, HaveToBeNegotiated) {
  for (unsigned bits = 0; bits < 16; ++bits) {
    PacketRules const rules{.checksum = (bits & 1) != 0,
                            .tcpv4 = (bits & 2) != 0,
                            .tcpv6 = (bits & 4) != 0,
                            .ecn = (bits & 8) != 0};
    for (bool const ipv6 : {false, true}) {
      for (bool const ecn : {false, true}) {
        CutPacket const packet = CutPacket{.ipv6 = ipv6, .ecn = ecn}.build(random_);
        bool const allowed =
            rules.checksum && (ipv6 ? rules.tcpv6 : rules.tcpv4) && (!ecn || rules.ecn);
        EXPECT_EQ(refused(packet, rules), !allowed) << bits << ipv6 << ecn;
      }
    }
  }
}

TEST_F(Segments, AreNotMadeOfWhatContradictsItself) {
  for (bool const ipv6 : {false, true}) {
    for (auto const& lie : test::lies_of_cut_packets(ipv6)) {
      CutPacket packet{.tag = random_.chance(0.5), .ipv6 = ipv6, .payload = 700, .size = 200};
      auto bytes = packet.build(random_).packet();
      lie.tell(packet, bytes);
      EXPECT_FALSE(Segmentation::plan(bytes, bytes.size(), kAll)) << lie.what;
    }
  }
}

// Noise behind a header that asks for segments; whatever is cut then has come through all checks.
TEST_F(Segments, SurviveNoise) {
  int cuts = 0;
  for (int i = 0; i < 20000; ++i) {
    CutPacket packet{.ipv6 = random_.chance(0.5), .payload = random_.below(300), .size = 60};
    auto bytes = packet.build(random_).packet();
    for (std::uint64_t changes = random_.below(4); changes > 0; --changes) {
      bytes[random_.below(bytes.size())] = static_cast<std::uint8_t>(random_.next());
    }
    if (random_.chance(0.1)) bytes.resize(26 + random_.below(bytes.size() - 26));
    auto const plan = Segmentation::plan(bytes, bytes.size(), kAll);
    if (!plan) continue;
    ++cuts;
    for (auto const& frame : cut(bytes, *plan)) {
      ASSERT_LE(frame.size(), layout::kMaxFrameBytes) << "seed " << kSeed;
      ASSERT_GE(frame.size(), layout::kMinFrameBytes) << "seed " << kSeed;
    }
  }
  EXPECT_GT(cuts, 1000);
}

}  // namespace
}  // namespace ringside::model
