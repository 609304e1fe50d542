#include "stack/header/tcp.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "interface/base/random.hpp"
#include "stack/header/ipv4.hpp"

namespace ringside::stack {
namespace {

constexpr Ipv4Address kSource = Ipv4Address::of(192, 168, 1, 10);
constexpr Ipv4Address kDestination = Ipv4Address::of(93, 184, 216, 34);

TcpHeader syn_with_all_options() {
  TcpHeader header{.source_port = 40'000,
                   .destination_port = 80,
                   .sequence = 0xFFFF'FFF0,
                   .acknowledgement = 0x0102'0304,
                   .flags = kTcpSyn,
                   .window = 65'535,
                   .urgent = 0,
                   .options = {}};
  header.options.mss = 1460;
  header.options.window_shift = 8;
  header.options.sack_permitted = true;
  header.options.timestamps = TcpTimestamps{0x1122'3344, 0x5566'7788};
  return header;
}

std::vector<std::uint8_t> with_options(std::vector<std::uint8_t> const& options) {
  std::vector<std::uint8_t> segment(kTcpMinHeader);
  TcpHeader header;
  header.source_port = 1;
  header.destination_port = 2;
  emit_tcp(header, segment);
  segment.insert(segment.end(), options.begin(), options.end());
  while (segment.size() % 4 != 0) segment.push_back(0);
  segment[12] = static_cast<std::uint8_t>(segment.size() / 4 << 4);
  return segment;
}

TEST(TcpHeader, ParsesWhatItEmitsForEachChoiceOfOptions) {
  for (unsigned choice = 0; choice < 16; ++choice) {
    TcpHeader header = syn_with_all_options();
    if ((choice & 1) == 0) header.options.mss.reset();
    if ((choice & 2) == 0) header.options.window_shift.reset();
    if ((choice & 4) == 0) header.options.sack_permitted = false;
    if ((choice & 8) == 0) header.options.timestamps.reset();
    std::vector<std::uint8_t> bytes(header.emitted_size(), 0xAA);
    emit_tcp(header, bytes);
    auto const parsed = parse_tcp(bytes);
    ASSERT_TRUE(parsed) << choice;
    EXPECT_EQ(parsed->header, header) << choice;
    EXPECT_EQ(parsed->size, bytes.size()) << choice;
  }
}

TEST(TcpHeader, EmitsASynInTheOrderThatLinuxUses) {
  TcpHeader header = syn_with_all_options();
  header.options.timestamps.reset();
  header.options.sack_permitted = false;
  std::vector<std::uint8_t> bytes(header.emitted_size());
  emit_tcp(header, bytes);
  std::vector<std::uint8_t> const expected{
      0x9C, 0x40, 0x00, 0x50, 0xFF, 0xFF, 0xFF, 0xF0, 0x01, 0x02, 0x03, 0x04, 0x70, 0x02,
      0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0x02, 0x04, 0x05, 0xB4, 0x01, 0x03, 0x03, 0x08};
  EXPECT_EQ(bytes, expected);
}

// Summed by hand: pseudo header, header and three bytes of payload, odd on purpose.
TEST(TcpHeader, ChecksumsAnOddSegmentAsRfc9293Says) {
  std::vector<std::uint8_t> segment(kTcpMinHeader + 3);
  TcpHeader header;
  header.source_port = 0x1234;
  header.destination_port = 0x0050;
  header.sequence = 1;
  header.acknowledgement = 2;
  header.flags = kTcpAck | kTcpPsh;
  header.window = 0x2000;
  emit_tcp(header, segment);
  segment[20] = 'a';
  segment[21] = 'b';
  segment[22] = 'c';
  write_tcp_checksum(kSource, kDestination, segment);
  std::uint32_t const sum = 0xC0A8 + 0x010A + 0x5DB8 + 0xD822 + 6 + 23 + 0x1234 + 0x0050 + 1 + 2 +
                            0x5018 + 0x2000 + 0x6162 + 0x6300;
  std::uint16_t const folded = static_cast<std::uint16_t>((sum & 0xFFFF) + (sum >> 16));
  EXPECT_EQ(load_be<std::uint16_t>(&segment[16]), static_cast<std::uint16_t>(~folded));
  EXPECT_EQ(tcp_checksum(kSource, kDestination, segment), 0);
  segment[21] ^= 0x10;
  EXPECT_NE(tcp_checksum(kSource, kDestination, segment), 0);
}

// V30: the three segments of one transfer, as whoever cuts it up must emit them.
TEST(TcpHeader, EmitsTheSegmentsOfTheVectorWithTheirChecksums) {
  constexpr Ipv4Address kFrom = Ipv4Address::of(192, 168, 0, 1);
  constexpr Ipv4Address kTo = Ipv4Address::of(192, 168, 0, 2);
  struct Row {
    std::uint32_t sequence, first_byte, bytes;
    std::uint8_t flags;
    std::uint16_t ip_length, ip_checksum, tcp_checksum;
  };
  std::uint16_t number = 0;
  for (Row const& row : {Row{1000, 0, 1460, kTcpAck, 1500, 0xB3C7, 0xBF94},
                         Row{2460, 1460, 1460, kTcpAck, 1500, 0xB3C6, 0x668D},
                         Row{3920, 2920, 80, kTcpAck | kTcpPsh, 120, 0xB929, 0x75F4}}) {
    TcpHeader const header{.source_port = 12'345,
                           .destination_port = 80,
                           .sequence = row.sequence,
                           .acknowledgement = 2000,
                           .flags = row.flags,
                           .window = 501,
                           .urgent = 0,
                           .options = {}};
    std::vector<std::uint8_t> segment(kTcpMinHeader + row.bytes);
    emit_tcp(header, segment);
    for (std::uint32_t i = 0; i < row.bytes; ++i) {
      segment[kTcpMinHeader + i] = static_cast<std::uint8_t>(row.first_byte + i);
    }
    write_tcp_checksum(kFrom, kTo, segment);
    EXPECT_EQ(load_be<std::uint16_t>(&segment[16]), row.tcp_checksum);

    Ipv4Header ip;
    ip.total_length = static_cast<std::uint16_t>(Ipv4Header::kSize + segment.size());
    ip.identification = ++number;
    ip.dont_fragment = true;
    ip.time_to_live = 64;
    ip.protocol = 6;
    ip.source = kFrom;
    ip.destination = kTo;
    std::array<std::uint8_t, Ipv4Header::kSize> bytes{};
    ip.emit(bytes);
    EXPECT_EQ(ip.total_length, row.ip_length);
    EXPECT_EQ(load_be<std::uint16_t>(&bytes[10]), row.ip_checksum);
  }
}

TEST(TcpHeader, RefusesOffsetsThatLie) {
  auto segment = with_options({});
  segment.resize(32);
  segment[12] = 4 << 4;
  EXPECT_EQ(parse_tcp(segment).error(), TcpHeaderError::BadOffset);
  segment[12] = 9 << 4;
  EXPECT_EQ(parse_tcp(segment).error(), TcpHeaderError::BadOffset);
  segment[12] = 8 << 4;
  EXPECT_TRUE(parse_tcp(segment));
  EXPECT_EQ(parse_tcp(Bytes(segment).first(19)).error(), TcpHeaderError::Truncated);
}

TEST(TcpHeader, RefusesPortZero) {
  auto segment = with_options({});
  segment[0] = segment[1] = 0;
  EXPECT_EQ(parse_tcp(segment).error(), TcpHeaderError::PortZero);
}

TEST(Rfc9293, M07_IllegalOptionLengthsAreRefused) {
  for (auto const& bad :
       std::vector<std::vector<std::uint8_t>>{{2, 0, 0, 0},       // length 0
                                              {2, 1, 0, 0},       // length 1
                                              {2, 5, 0, 0},       // behind the header
                                              {1, 1, 1, 2},       // no length byte
                                              {2, 3, 5, 0},       // MSS of one byte
                                              {3, 4, 1, 1},       // window scale of two bytes
                                              {8, 4, 1, 1},       // timestamps of two bytes
                                              {4, 3, 1, 1},       // SACK permitted with a body
                                              {5, 2, 1, 1},       // SACK without a block
                                              {5, 4, 1, 1},       // half a SACK block
                                              {254, 1, 0, 0}}) {  // unknown, length 1
    auto const parsed = parse_tcp(with_options(bad));
    ASSERT_FALSE(parsed) << int{bad[0]} << " " << int{bad[1]};
    EXPECT_EQ(parsed.error(), TcpHeaderError::BadOption);
  }
}

TEST(Rfc9293, M06_UnknownOptionsAreSkipped) {
  auto const parsed = parse_tcp(with_options({254, 6, 1, 2, 3, 4, 30, 2, 2, 4, 5, 0xB4}));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->header.options.mss, 1460);
}

TEST(Rfc9293, M64_OptionsNeedNoAlignment) {
  auto const parsed = parse_tcp(with_options({1, 3, 3, 7, 1, 1, 2, 4, 2, 24, 0, 99}));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->header.options.window_shift, 7);
  EXPECT_EQ(parsed->header.options.mss, 536);
}

TEST(Rfc9293, M04_NothingIsReadBehindTheEndOfTheOptions) {
  auto const parsed = parse_tcp(with_options({0, 2, 4, 5, 0xB4, 2, 0, 0}));
  ASSERT_TRUE(parsed);
  EXPECT_FALSE(parsed->header.options.mss);
}

TEST(Rfc7323, WS02_AShiftAbove14IsUsedAs14) {
  auto const parsed = parse_tcp(with_options({3, 3, 200, 0}));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->header.options.window_shift, 14);
}

TEST(TcpHeader, SurvivesRandomOptionsWithoutReadingBehindThem) {
  constexpr std::uint64_t kSeed = 0x7C9;
  Random random(kSeed);
  std::size_t good = 0;
  for (int round = 0; round < 50'000; ++round) {
    // An exact allocation each time: a sanitizer sees one byte too far.
    std::vector<std::uint8_t> segment(20 + random.below(44));
    for (auto& byte : segment) {
      byte = static_cast<std::uint8_t>(random.chance(0.5) ? random.below(12) : random.next());
    }
    segment[12] = static_cast<std::uint8_t>(random.below(16) << 4);
    auto const parsed = parse_tcp(segment);
    if (!parsed) continue;
    ++good;
    ASSERT_LE(parsed->size, segment.size()) << "seed " << kSeed;
    // What was understood is understood again after being written.
    std::array<std::uint8_t, kTcpMaxHeader> again;
    emit_tcp(parsed->header, again);
    auto const second = parse_tcp(Bytes(again).first(parsed->header.emitted_size()));
    ASSERT_TRUE(second) << "seed " << kSeed;
    ASSERT_EQ(second->header, parsed->header) << "seed " << kSeed;
  }
  EXPECT_GT(good, 1000u);
}

}  // namespace
}  // namespace ringside::stack
