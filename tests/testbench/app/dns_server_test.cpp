#include "testbench/app/dns_server.hpp"

#include <gtest/gtest.h>

namespace ringside::testbench {
namespace {

using stack::DnsMessage;
using stack::DnsName;
using stack::DnsRcode;
using stack::DnsType;
using stack::Ipv4Address;

class DnsZonesTest : public testing::Test {
 protected:
  DnsZonesTest() {
    zones.add("www.example.test", Ipv4Address::of(10, 0, 0, 80), 300);
    zones.add("a.b.example.test", Ipv4Address::of(10, 0, 0, 81), 60);
  }
  DnsMessage ask(char const* name, DnsType type = DnsType::A) const {
    return zones.answer(DnsMessage::query(7, *DnsName::parse(name), type, true));
  }
  DnsZones zones;
};

TEST_F(DnsZonesTest, AnswersWithAuthorityForWhatItHas) {
  DnsMessage const reply = ask("WWW.example.TEST");
  EXPECT_TRUE(reply.header.response);
  EXPECT_TRUE(reply.header.authoritative);
  EXPECT_EQ(reply.header.id, 7);
  EXPECT_EQ(reply.header.rcode, DnsRcode::NoError);
  ASSERT_EQ(reply.answers.size(), 1u);
  EXPECT_EQ(std::get<Ipv4Address>(reply.answers[0].data), Ipv4Address::of(10, 0, 0, 80));
  EXPECT_EQ(reply.answers[0].ttl_s, 300u);
}

TEST_F(DnsZonesTest, D11_TellsNoSuchNameFromNoData) {
  EXPECT_EQ(ask("no.example.test").header.rcode, DnsRcode::NameError);
  DnsMessage const other_type = ask("www.example.test", DnsType::Aaaa);
  EXPECT_EQ(other_type.header.rcode, DnsRcode::NoError);
  EXPECT_TRUE(other_type.answers.empty());
  // A name with only names below it exists (RFC 8020).
  EXPECT_EQ(ask("b.example.test").header.rcode, DnsRcode::NoError);
}

TEST_F(DnsZonesTest, D13_RefusesOtherZonesAndUnknownOpcodes) {
  EXPECT_EQ(ask("www.example.org").header.rcode, DnsRcode::Refused);
  DnsMessage query = DnsMessage::query(7, *DnsName::parse("www.example.test"), DnsType::A, true);
  query.header.opcode = static_cast<stack::DnsOpcode>(4);
  EXPECT_EQ(zones.answer(query).header.rcode, DnsRcode::NotImplemented);
}

TEST_F(DnsZonesTest, FindsAQuestionTooManyOrNoneMalformed) {
  DnsMessage query = DnsMessage::query(7, *DnsName::parse("www.example.test"), DnsType::A, true);
  query.questions.clear();
  EXPECT_EQ(zones.answer(query).header.rcode, DnsRcode::FormatError);
}

TEST_F(DnsZonesTest, TakesNoNameThatIsNone) {
  EXPECT_FALSE(zones.add("", Ipv4Address::of(1, 2, 3, 4), 1));
  EXPECT_FALSE(zones.add("a..b", Ipv4Address::of(1, 2, 3, 4), 1));
}

}  // namespace
}  // namespace ringside::testbench
