// Every parser on random and on damaged input: it reads within its bounds (the sanitizers watch),
// and what it accepts it can write again.
#include <gtest/gtest.h>

#include "interface/base/random.hpp"
#include "stack/header/arp.hpp"
#include "stack/header/dns_message.hpp"
#include "stack/header/ethernet.hpp"
#include "stack/header/icmpv4.hpp"
#include "stack/header/ipv4.hpp"
#include "stack/header/udp.hpp"
#include "tests/stack/hex.hpp"

namespace ringside::stack {
namespace {

constexpr std::uint64_t kSeed = 0x5EED'0002;
constexpr int kRounds = 20'000;

// Exactly as large as its contents, so that one byte too far is noticed.
std::vector<std::uint8_t> random_bytes(Random& random, std::size_t most) {
  std::vector<std::uint8_t> bytes(random.below(most + 1));
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random.next());
  bytes.shrink_to_fit();
  return bytes;
}

void damage(Random& random, std::vector<std::uint8_t>& bytes) {
  for (std::uint64_t n = 1 + random.below(4); n > 0 && !bytes.empty(); --n) {
    bytes[random.below(bytes.size())] = static_cast<std::uint8_t>(random.next());
  }
  if (random.chance(0.2)) bytes.resize(random.below(bytes.size() + 1));
  bytes.shrink_to_fit();
}

TEST(ParserFuzz, FrameHeadersStayWithinTheirBytes) {
  Random random(kSeed);
  unsigned accepted = 0;
  for (int round = 0; round < kRounds; ++round) {
    auto bytes = random_bytes(random, 80);
    if (!bytes.empty() && random.chance(0.5))
      bytes[0] = static_cast<std::uint8_t>(0x40 + random.below(16));
    if (auto const header = EthernetHeader::parse(bytes)) ++accepted;
    if (auto const packet = ArpPacket::parse(bytes)) ++accepted;
    if (auto const view = Ipv4View::of(bytes)) ++accepted;
    if (auto const view = IcmpView::of(bytes)) accepted += view->body().size() < bytes.size();
    if (auto const view = UdpView::of(bytes, {{}, {}, random.chance(0.5)})) {
      accepted += view->payload().size() < bytes.size();
    }
    if (auto const view = Ipv4View::of_quoted(bytes)) {
      ++accepted;
      static_cast<void>(Ipv4Options::scan(view->options()));
      ASSERT_LE(view->header_size() + view->payload().size(), bytes.size()) << "seed " << kSeed;
    }
  }
  EXPECT_GT(accepted, 0u);
}

std::vector<std::uint8_t> dns_sample() {
  auto const name = [](char const* text) { return DnsName::parse(text).value(); };
  DnsMessage message =
      DnsMessage::reply_to(DnsMessage::query(7, name("www.example.com"), DnsType::A, true));
  message.answers = {
      {name("www.example.com"), DnsType::Cname, DnsClass::In, 9, name("example.com")},
      {name("example.com"), DnsType::A, DnsClass::In, 9, Ipv4Address{1}},
      {name("example.com"), DnsType::Txt, DnsClass::In, 9, DnsText{"a", "bc"}}};
  message.authorities = {{name("com"), DnsType::Soa, DnsClass::In, 9,
                          DnsSoa{name("a.com"), name("b.com"), 1, 2, 3, 4, 5}}};
  return encode_dns(message, kDnsTcpLimit).value();
}

TEST(ParserFuzz, DnsMessagesThatAreAcceptedSurviveARoundTrip) {
  Random random(kSeed);
  auto const sample = dns_sample();
  unsigned accepted = 0;
  for (int round = 0; round < kRounds; ++round) {
    auto bytes = sample;
    if (random.chance(0.3)) {
      bytes = random_bytes(random, 120);
    } else {
      damage(random, bytes);
    }
    auto const message = decode_dns(bytes);
    if (!message) continue;
    ++accepted;
    auto const again = encode_dns(*message, kDnsTcpLimit);
    ASSERT_TRUE(again.has_value()) << "seed " << kSeed << " round " << round;
    auto const twice = decode_dns(*again);
    ASSERT_TRUE(twice.has_value()) << "seed " << kSeed << " round " << round;
    ASSERT_EQ(*twice, *message) << "seed " << kSeed << " round " << round;
  }
  EXPECT_GT(accepted, 1000u);
}

TEST(ParserFuzz, DnsNamesThatAreAcceptedSurviveTheirText) {
  Random random(kSeed);
  for (int round = 0; round < kRounds; ++round) {
    auto const bytes = random_bytes(random, 40);
    std::string const text(bytes.begin(), bytes.end());
    auto const name = DnsName::parse(text);
    if (!name) continue;
    auto const again = DnsName::parse(name->to_string());
    ASSERT_TRUE(again.has_value()) << name->to_string();
    ASSERT_EQ(again->labels(), name->labels()) << "seed " << kSeed << " round " << round;
  }
}

}  // namespace
}  // namespace ringside::stack
