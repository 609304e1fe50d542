#include "stack/header/ipv4.hpp"

#include <gtest/gtest.h>

#include "stack/header/internet_checksum.hpp"
#include "tests/stack/hex.hpp"

namespace ringside::stack {
namespace {

Ipv4Header sample() {
  Ipv4Header header;
  header.traffic_class = 0x2E;
  header.total_length = 24;
  header.identification = 0xBEEF;
  header.dont_fragment = true;
  header.time_to_live = 64;
  header.protocol = 17;
  header.source = Ipv4Address::of(10, 0, 0, 1);
  header.destination = Ipv4Address::of(10, 0, 0, 2);
  return header;
}

// A datagram with these options, of total length 24 plus theirs.
std::vector<std::uint8_t> datagram(std::vector<std::uint8_t> const& options = {}) {
  std::vector<std::uint8_t> bytes(24 + options.size());
  Ipv4Header header = sample();
  header.total_length = static_cast<std::uint16_t>(bytes.size());
  header.emit(bytes);
  bytes[0] = static_cast<std::uint8_t>(0x45 + options.size() / 4);
  std::copy(options.begin(), options.end(), bytes.begin() + 20);
  store_be(&bytes[10], std::uint16_t{0});
  store_be(&bytes[10], internet_checksum(Bytes(bytes).first(20 + options.size())));
  return bytes;
}

TEST(Ipv4Header, ParsesWhatItEmitted) {
  Ipv4Header header = sample();
  header.dont_fragment = false;
  header.more_fragments = true;
  header.fragment_offset = 1480;
  std::vector<std::uint8_t> bytes(24);
  header.emit(bytes);
  auto const view = Ipv4View::of(bytes);
  ASSERT_TRUE(view.has_value());
  EXPECT_EQ(view->header(), header);
  EXPECT_TRUE(view->header().is_fragment());
  EXPECT_TRUE(view->options().empty());
  EXPECT_EQ(view->payload().size(), 4u);
}

TEST(Ipv4Header, I04_EmitsTheChecksumOfTheVector) {
  Ipv4Header header;
  header.total_length = 33;
  header.dont_fragment = true;
  header.time_to_live = 64;
  header.protocol = 17;
  header.source = Ipv4Address::of(10, 0, 0, 1);
  header.destination = Ipv4Address::of(10, 0, 0, 2);
  std::vector<std::uint8_t> bytes(20);
  header.emit(bytes);
  EXPECT_EQ(bytes, from_hex("45000021 00004000 401126CA 0A000001 0A000002"));  // V27
}

TEST(Ipv4View, I01_RefusesAnotherVersion) {
  auto bytes = datagram();
  bytes[0] = 0x65;
  EXPECT_EQ(Ipv4View::of(bytes).error(), Ipv4HeaderError::NotVersion4);
}

TEST(Ipv4View, I02_RefusesLengthsThatContradictEachOther) {
  auto const good = datagram();
  EXPECT_EQ(Ipv4View::of(Bytes(good).first(19)).error(), Ipv4HeaderError::TooShort);
  EXPECT_EQ(Ipv4View::of(Bytes(good).first(23)).error(), Ipv4HeaderError::BadTotalLength);
  auto bytes = good;
  bytes[0] = 0x44;
  EXPECT_EQ(Ipv4View::of(bytes).error(), Ipv4HeaderError::BadHeaderLength);
  bytes[0] = 0x47;
  EXPECT_EQ(Ipv4View::of(bytes).error(), Ipv4HeaderError::BadHeaderLength);
  bytes = good;
  store_be(&bytes[2], std::uint16_t{19});
  EXPECT_EQ(Ipv4View::of(bytes).error(), Ipv4HeaderError::BadTotalLength);
}

TEST(Ipv4View, I03_RefusesAnySingleWrongBitInTheHeader) {
  auto bytes = datagram();
  for (std::size_t bit = 0; bit < 160; ++bit) {
    bytes[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
    EXPECT_FALSE(Ipv4View::of(bytes).has_value()) << bit;
    bytes[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
  }
  EXPECT_TRUE(Ipv4View::of(bytes).has_value());
}

TEST(Ipv4View, E03_LeavesOutThePaddingOfShortFrames) {
  auto bytes = datagram();
  bytes.resize(46);
  EXPECT_EQ(Ipv4View::of(bytes)->payload().size(), 4u);
}

TEST(Ipv4View, I17_AcceptsTheReservedFlag) {
  auto bytes = datagram();
  bytes[6] |= 0x80;
  store_be(&bytes[10], std::uint16_t{0});
  store_be(&bytes[10], internet_checksum(Bytes(bytes).first(20)));
  ASSERT_TRUE(Ipv4View::of(bytes).has_value());
  EXPECT_FALSE(Ipv4View::of(bytes)->header().is_fragment());
}

TEST(Ipv4View, OfAQuoteAcceptsATruncatedDatagramWithAChangedHeader) {
  auto bytes = datagram();
  bytes[8] = 1;
  store_be(&bytes[2], std::uint16_t{1500});
  EXPECT_TRUE(Ipv4View::of_quoted(bytes).has_value());
  bytes[0] = 0x4F;
  EXPECT_FALSE(Ipv4View::of_quoted(bytes).has_value());
}

TEST(Ipv4Options, I12_SkipsUnknownOnesAndStopsAtTheEnd) {
  auto const bytes = datagram(from_hex("01 E0 04 AB CD 01 00 FF"));
  auto const view = Ipv4View::of(bytes);
  ASSERT_TRUE(view.has_value());
  EXPECT_EQ(view->payload().size(), 4u);
  Ipv4Options const options = Ipv4Options::scan(view->options());
  EXPECT_FALSE(options.broken_at.has_value());
  EXPECT_FALSE(options.unfinished_source_route);
}

TEST(Ipv4Options, I12_PointsAtABrokenLength) {
  EXPECT_EQ(Ipv4Options::scan(from_hex("01 E0 00 00")).broken_at, 21);
  EXPECT_EQ(Ipv4Options::scan(from_hex("E0 01 00 00")).broken_at, 20);
  EXPECT_EQ(Ipv4Options::scan(from_hex("E0 05 00 00")).broken_at, 20);
  EXPECT_EQ(Ipv4Options::scan(from_hex("01 01 01 E0")).broken_at, 23);
}

TEST(Ipv4Options, I15_NoticesASourceRouteThatHasNotEnded) {
  EXPECT_TRUE(Ipv4Options::scan(from_hex("83 07 04 0A000003 00")).unfinished_source_route);
  EXPECT_TRUE(Ipv4Options::scan(from_hex("89 07 04 0A000003 00")).unfinished_source_route);
  EXPECT_FALSE(Ipv4Options::scan(from_hex("83 07 08 0A000003 00")).unfinished_source_route);
}

}  // namespace
}  // namespace ringside::stack
