#include "stack/header/dns_message.hpp"

#include <gtest/gtest.h>

#include "tests/stack/hex.hpp"

namespace ringside::stack {
namespace {

DnsName name(std::string_view text) { return DnsName::parse(text).value(); }

std::vector<std::uint8_t> encode(DnsMessage const& message, std::size_t limit = kDnsTcpLimit) {
  auto bytes = encode_dns(message, limit);
  EXPECT_TRUE(bytes.has_value());
  return bytes.has_value() ? *bytes : std::vector<std::uint8_t>{};
}

DnsMessage sample_reply() {
  DnsMessage reply =
      DnsMessage::reply_to(DnsMessage::query(0x1234, name("www.Example.com"), DnsType::A, true));
  reply.header.authoritative = true;
  reply.header.recursion_available = true;
  DnsClass const in = DnsClass::In;
  reply.answers = {
      {name("www.Example.com"), DnsType::Cname, in, 60, name("web.Example.com")},
      {name("web.Example.com"), DnsType::A, in, 300, Ipv4Address::of(10, 0, 0, 2)},
      {name("web.Example.com"), DnsType::Aaaa, in, 300, Ipv6Bytes{0x20, 1, 0xD, 0xB8}}};
  reply.authorities = {{name("Example.com"), DnsType::Ns, in, 7200, name("ns.Example.com")},
                       {name("Example.com"), DnsType::Soa, in, 7200,
                        DnsSoa{name("ns.Example.com"), name("admin.Example.com"), 1, 2, 3, 4, 5}}};
  reply.additionals = {
      {name("Example.com"), DnsType::Txt, in, 5, DnsText{"hello", "", std::string(255, 'z')}},
      {name("Example.com"), DnsType::Mx, in, 5, DnsExchange{10, name("mail.Example.com")}},
      {name("Example.com"), DnsType{4711}, in, 5, DnsOpaque{1, 2, 3}}};
  return reply;
}

TEST(DnsMessage, EncodesAQueryAsTheRfcDrawsIt) {
  auto const bytes = encode(DnsMessage::query(0xABCD, name("a.bc"), DnsType::Aaaa, true));
  EXPECT_EQ(bytes, from_hex("ABCD 0100 0001 0000 0000 0000 01 61 02 6263 00 001C 0001"));
}

TEST(DnsMessage, D03_DecodesWhatItEncoded) {
  auto const decoded = decode_dns(encode(sample_reply()));
  ASSERT_TRUE(decoded.has_value());
  EXPECT_EQ(*decoded, sample_reply());
  EXPECT_EQ(decoded->answers[0].name.to_string(), "www.Example.com");  // case kept
}

TEST(DnsMessage, PointsBackInsteadOfRepeatingANameEnd) {
  DnsMessage reply = DnsMessage::reply_to(DnsMessage::query(1, name("a.bc"), DnsType::A, false));
  reply.answers = {{name("a.bc"), DnsType::Ns, DnsClass::In, 1, name("x.bc")}};
  EXPECT_EQ(encode(reply), from_hex("0001 8000 0001 0001 0000 0000 01 61 02 6263 00 0001 0001"
                                    "C00C 0002 0001 00000001 0004 01 78 C00E"));
}

TEST(DnsMessage, D02_RefusesPointersThatDoNotLeadBack) {
  std::string const header = "0001 0000 0001 0000 0000 0000";
  struct Bad {
    char const* what;
    char const* question;
  };
  for (Bad const& bad : {Bad{"itself", "C00C 0001 0001"}, Bad{"forward", "C010 0001 00 0001 0001"},
                         Bad{"outside", "FFFF 0001 0001"}, Bad{"into the header", "C000 0001 0001"},
                         Bad{"loop over a label", "01 61 C00C 0001 0001"},
                         Bad{"reserved label type 01", "41 61 00 0001 0001"},
                         Bad{"reserved label type 10", "81 61 00 0001 0001"},
                         Bad{"half a pointer", "C0"}, Bad{"no end", "01 61"}}) {
    auto const result = decode_dns(from_hex(header + bad.question));
    ASSERT_FALSE(result.has_value()) << bad.what;
    EXPECT_EQ(result.error(), DnsDecodeError::BadName) << bad.what;
  }
}

TEST(DnsMessage, D02_FollowsPointersToPointers) {
  // Names at 12 ("b"), 18 ("a" + pointer to 12), 26 (pointer to 18).
  auto const message = decode_dns(from_hex(
      "0001 0000 0003 0000 0000 0000 01 62 00 0001 0001 01 61 C00C 0001 0001 C013 0001 0001"));
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->questions[2].name, name("a.b"));
}

TEST(DnsMessage, RefusesANameThatPointersMakeTooLong) {
  // Each of the names is 64 bytes longer than the one it points to; the fourth is too long.
  std::string text = "0001 0000 0005 0000 0000 0000";
  std::string label = "3F";
  for (int i = 0; i < 63; ++i) label += "61";
  text += label + "00 0001 0001";
  char const* const pointers[] = {"C00C", "C051", "C097", "C0DD"};
  for (char const* const pointer : pointers) text += label + pointer + "0001 0001";
  auto const message = decode_dns(from_hex(text));
  ASSERT_FALSE(message.has_value());
  EXPECT_EQ(message.error(), DnsDecodeError::BadName);
}

TEST(DnsMessage, RefusesCountsThatDoNotMatchTheContents) {
  auto bytes = encode(sample_reply());
  for (std::size_t const at : {5u, 7u, 9u, 11u}) {
    ++bytes[at];
    EXPECT_FALSE(decode_dns(bytes).has_value()) << at;
    bytes[at] = static_cast<std::uint8_t>(bytes[at] - 2);
    EXPECT_FALSE(decode_dns(bytes).has_value()) << at;
    ++bytes[at];
  }
  EXPECT_TRUE(decode_dns(bytes).has_value());
  bytes.push_back(0);
  EXPECT_EQ(decode_dns(bytes).error(), DnsDecodeError::TrailingBytes);
}

TEST(DnsMessage, RefusesEveryTruncation) {
  auto const bytes = encode(sample_reply());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    ASSERT_FALSE(decode_dns(Bytes(bytes).first(size)).has_value()) << size;
  }
}

TEST(DnsMessage, RefusesDataThatDoesNotFitItsType) {
  std::string const start = "0001 8000 0000 0001 0000 0000 00";
  for (char const* const record :
       {"0001 0001 00000000 0003 0A0000", "0001 0001 00000000 0005 0A00000100",
        "001C 0001 00000000 0004 0A000001", "0005 0001 00000000 0002 0000",
        "0010 0001 00000000 0000", "0010 0001 00000000 0002 0261",
        "0006 0001 00000000 0002 0000"}) {
    auto const result = decode_dns(from_hex(start + record));
    ASSERT_FALSE(result.has_value()) << record;
    EXPECT_EQ(result.error(), DnsDecodeError::BadData) << record;
  }
}

TEST(DnsMessage, TakesATimeToLiveWithTheHighestBitForZero) {
  auto const message =
      decode_dns(from_hex("0001 8000 0000 0001 0000 0000 00 0001 0001 80000001 0004 0A000001"));
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->answers[0].ttl_s, 0u);
}

TEST(DnsMessage, D17_LeavesOutWholeSetsAndSaysSo) {
  DnsMessage reply = sample_reply();
  reply.answers.clear();
  for (std::uint8_t i = 0; i < 40; ++i) {
    reply.answers.push_back({name(i < 10 ? "one.Example.com" : "two.Example.com"), DnsType::A,
                             DnsClass::In, 1, Ipv4Address::of(10, 0, 0, i)});
  }
  auto const bytes = encode(reply, kDnsUdpLimit);
  EXPECT_LE(bytes.size(), kDnsUdpLimit);
  auto const decoded = decode_dns(bytes);
  ASSERT_TRUE(decoded.has_value());
  EXPECT_TRUE(decoded->header.truncated);
  EXPECT_EQ(decoded->answers.size(), 10u);
  EXPECT_TRUE(decoded->authorities.empty());
  EXPECT_TRUE(decoded->additionals.empty());
}

TEST(DnsMessage, LeavesOutAdditionalRecordsWithoutAWordButNeverOpt) {
  DnsMessage reply = sample_reply();
  reply.additionals.push_back({DnsName{}, DnsType::Opt, DnsClass{1232}, 0, DnsOpaque{}});
  std::size_t const all = encode(reply).size();
  auto const decoded = decode_dns(encode(reply, all - 1));
  ASSERT_TRUE(decoded.has_value());
  EXPECT_FALSE(decoded->header.truncated);
  EXPECT_EQ(decoded->additionals.size(), 3u);
  EXPECT_EQ(decoded->additionals[0].type, DnsType::Opt);
  EXPECT_EQ(decoded->answers, reply.answers);
}

TEST(DnsMessage, EncodesNothingThatCannotBeWritten) {
  DnsMessage message = sample_reply();
  message.additionals[0].data = DnsText{std::string(256, 'z')};
  EXPECT_EQ(encode_dns(message, kDnsTcpLimit).error(), DnsEncodeError::BadData);
  message.additionals[0].data = Ipv4Address{};
  EXPECT_EQ(encode_dns(message, kDnsTcpLimit).error(), DnsEncodeError::BadData);
  EXPECT_EQ(encode_dns(sample_reply(), 20).error(), DnsEncodeError::TooLong);
}

TEST(DnsMessage, D13_HeaderAloneIsReadFromABrokenMessage) {
  auto const header = DnsHeader::parse(from_hex("BEEF 2900 FFFF FFFF FFFF FFFF"));
  ASSERT_TRUE(header.has_value());
  EXPECT_EQ(header->id, 0xBEEF);
  EXPECT_EQ(header->opcode, DnsOpcode{5});
  EXPECT_TRUE(header->recursion_desired);
  EXPECT_FALSE(decode_dns(from_hex("BEEF 2900 FFFF FFFF FFFF FFFF")).has_value());
}

}  // namespace
}  // namespace ringside::stack
