#include "stack/network/icmp.hpp"

#include <gtest/gtest.h>

#include "tests/stack/recording_transport.hpp"
#include "tests/stack/two_hosts.hpp"

namespace ringside::stack {
namespace {

using namespace std::chrono_literals;

constexpr std::uint8_t kProtocol = 200;

class IcmpTest : public ::testing::Test, protected TwoHosts {
 protected:
  IcmpTest() {
    right.ipv4().register_protocol(kProtocol, transport);
    right.arp().neighbours().set_permanent(kLeft, kLeftMac);
  }
  static std::vector<std::uint8_t> message(IcmpHeader const& header,
                                           std::vector<std::uint8_t> const& body) {
    std::vector<std::uint8_t> bytes(IcmpHeader::kSize + body.size());
    std::copy(body.begin(), body.end(), bytes.begin() + IcmpHeader::kSize);
    header.emit(bytes);
    return bytes;
  }
  void receive(IcmpHeader const& header, std::vector<std::uint8_t> const& body) {
    inject(to_right(kProtocolIcmp), message(header, body));
    executor.run_for(1ms);
  }
  // A datagram that the right host could have sent, `payload` behind its IPv4 header.
  static std::vector<std::uint8_t> quote(std::uint8_t protocol, std::size_t payload,
                                         Ipv4Address source = kRight) {
    Ipv4Header header = to_right(protocol);
    header.source = source;
    header.destination = kLeft;
    header.total_length = 1500;
    std::vector<std::uint8_t> bytes(Ipv4Header::kSize + payload, 0x33);
    header.emit(bytes);
    return bytes;
  }
  // What the right host said in ICMP, with its IPv4 header.
  std::vector<std::pair<Ipv4Header, IcmpHeader>> answers() {
    executor.run_for(1ms);
    std::vector<std::pair<Ipv4Header, IcmpHeader>> found;
    for (auto const& datagram : datagrams(1)) {
      auto const view = Ipv4View::of(datagram).value();
      found.emplace_back(view.header(), IcmpView::of(view.payload()).value().header());
    }
    return found;
  }
  // A datagram that nothing takes, so that an error is due unless a rule forbids it.
  void provoke(Ipv4Header header, std::vector<std::uint8_t> const& payload = {1, 2, 3},
               MacAddress const& to = kRightMac) {
    inject(header, payload, to);
    executor.run_for(1ms);
  }

  RecordingTransport transport;
};

TEST_F(IcmpTest, IC08_AnswersAnEchoWithAllItsData) {
  std::vector<std::uint8_t> data(1000);
  for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<std::uint8_t>(i * 7);
  receive({IcmpType::EchoRequest, 0, IcmpHeader::echo(0x1234, 5)}, data);
  ASSERT_EQ(answers().size(), 1u);
  auto const datagram = datagrams(1)[0];
  EXPECT_EQ(answers()[0].first.source, kRight);
  EXPECT_EQ(answers()[0].first.destination, kLeft);
  EXPECT_EQ(std::vector<std::uint8_t>(datagram.begin() + 20, datagram.end()),
            message({IcmpType::EchoReply, 0, IcmpHeader::echo(0x1234, 5)}, data));
  EXPECT_EQ(right.icmp().statistics().copies, 0u) << "answered where the request lay";
}

TEST_F(IcmpTest, IC10_IgnoresEchoToABroadcast) {
  Ipv4Header header = to_right(kProtocolIcmp);
  header.destination = Ipv4Address::of(10, 9, 0, 255);
  inject(header, message({IcmpType::EchoRequest, 0, 0}, {}), kBroadcastMac);
  EXPECT_TRUE(answers().empty());
  EXPECT_EQ(right.icmp().statistics().in_ignored, 1u);
}

TEST_F(IcmpTest, IC01_DropsAWrongChecksumAndUnknownTypes) {
  auto bytes = message({IcmpType::EchoRequest, 0, 0}, {1});
  bytes[8] ^= 1;
  inject(to_right(kProtocolIcmp), bytes);
  receive({IcmpType{77}, 0, 0}, {});
  EXPECT_TRUE(answers().empty());
  EXPECT_EQ(right.icmp().statistics().in_malformed, 1u);
  EXPECT_EQ(right.icmp().statistics().in_ignored, 1u);
}

TEST_F(IcmpTest, IC12_IgnoresSourceQuench) {
  receive({IcmpType::SourceQuench, 0, 0}, quote(kProtocol, 8));
  EXPECT_TRUE(transport.problems.empty());
  EXPECT_EQ(right.icmp().statistics().in_ignored, 1u);
}

TEST_F(IcmpTest, IC03_HandsErrorsToTheTransportTheyQuote) {
  struct Case {
    IcmpHeader header;
    IcmpProblem expected;
  };
  for (Case const& c :
       {Case{{IcmpType::DestinationUnreachable, 0, 0}, IcmpProblem::NetUnreachable},
        Case{{IcmpType::DestinationUnreachable, 1, 0}, IcmpProblem::HostUnreachable},
        Case{{IcmpType::DestinationUnreachable, 2, 0}, IcmpProblem::ProtocolUnreachable},
        Case{{IcmpType::DestinationUnreachable, 3, 0}, IcmpProblem::PortUnreachable},
        Case{{IcmpType::DestinationUnreachable, 4, 1400}, IcmpProblem::FragmentationNeeded},
        Case{{IcmpType::DestinationUnreachable, 13, 0}, IcmpProblem::HostUnreachable},
        Case{{IcmpType::TimeExceeded, 0, 0}, IcmpProblem::TimeExceeded},
        Case{{IcmpType::ParameterProblem, 0, 0}, IcmpProblem::ParameterProblem}}) {
    transport.problems.clear();
    receive(c.header, quote(kProtocol, 8));
    ASSERT_EQ(transport.problems.size(), 1u);
    EXPECT_EQ(transport.problems[0].what, c.expected);
    EXPECT_EQ(transport.problems[0].source, kRight);
    EXPECT_EQ(transport.problems[0].destination, kLeft);
    EXPECT_EQ(transport.problems[0].quoted, std::vector<std::uint8_t>(8, 0x33));
    EXPECT_EQ(transport.problems[0].next_hop_mtu, c.header.rest);
  }
}

TEST_F(IcmpTest, DropsErrorsThatQuoteNothingOfOurs) {
  IcmpHeader const unreachable{IcmpType::DestinationUnreachable, 3, 0};
  receive(unreachable, quote(kProtocol, 7));           // too little
  receive(unreachable, quote(kProtocol, 8, kAbsent));  // sent by somebody else
  receive(unreachable, quote(201, 8));                 // no such transport
  receive(unreachable, {0x45});                        // not even a header
  receive({IcmpType::DestinationUnreachable, 99, 0}, quote(kProtocol, 8));
  EXPECT_TRUE(transport.problems.empty());
  EXPECT_EQ(right.icmp().statistics().in_errors_unmatched, 5u);
}

TEST_F(IcmpTest, IC06_SaysThatNobodyListens) {
  provoke(to_right(201));
  transport.listening = false;
  provoke(to_right(kProtocol));
  ASSERT_EQ(answers().size(), 2u);
  EXPECT_EQ(answers()[0].second,
            (IcmpHeader{IcmpType::DestinationUnreachable, kProtocolUnreachable, 0}));
  EXPECT_EQ(answers()[1].second,
            (IcmpHeader{IcmpType::DestinationUnreachable, kPortUnreachable, 0}));
  EXPECT_EQ(answers()[1].first.source, kRight);
}

TEST_F(IcmpTest, IC02_QuotesAsMuchAsFitsIn576Bytes) {
  provoke(to_right(201), std::vector<std::uint8_t>(1000, 0x61));
  ASSERT_EQ(datagrams(1).size(), 1u);
  auto const datagram = datagrams(1)[0];
  EXPECT_EQ(datagram.size(), 576u);
  auto const quoted = Ipv4View::of_quoted(Bytes(datagram).subspan(28));
  ASSERT_TRUE(quoted.has_value());
  EXPECT_EQ(quoted->header().total_length, 1020);
  EXPECT_EQ(quoted->header().source, kLeft);
  EXPECT_EQ(quoted->payload()[0], 0x61);
}

TEST_F(IcmpTest, IC04_SendsNoErrorWhereNoneIsDue) {
  // About an error, or what could be one.
  transport.listening = false;
  IcmpErrors& errors = right.ipv4().icmp_errors();
  auto const report = [&](Ipv4Header const& header, std::uint8_t type, bool link_group = false) {
    std::vector<std::uint8_t> datagram(28, type);
    header.emit(datagram);
    errors.report(IcmpType::DestinationUnreachable, kPortUnreachable, 0, datagram, link_group);
    executor.run_for(1ms);
  };
  report(to_right(kProtocolIcmp), 3);
  report(to_right(kProtocolIcmp), 77);
  Ipv4Header to_group = to_right(kProtocol);
  to_group.destination = Ipv4Address::of(224, 0, 0, 1);
  report(to_group, 0);
  to_group.destination = Ipv4Address::of(10, 9, 0, 255);
  report(to_group, 0);
  report(to_right(kProtocol), 0, true);
  Ipv4Header later_fragment = to_right(kProtocol);
  later_fragment.fragment_offset = 8;
  report(later_fragment, 0);
  for (Ipv4Address const source : {Ipv4Address{}, Ipv4Address::of(224, 1, 1, 1),
                                   Ipv4Address::of(10, 9, 0, 255), Ipv4Address::of(250, 1, 1, 1)}) {
    Ipv4Header from_nobody = to_right(kProtocol);
    from_nobody.source = source;
    report(from_nobody, 0);
  }
  EXPECT_TRUE(answers().empty());
  EXPECT_EQ(errors.statistics().not_due, 10u);
  report(to_right(kProtocolIcmp), 8);  // a query may be answered so
  report(to_right(kProtocol), 0);
  EXPECT_EQ(answers().size(), 2u);
}

TEST_F(IcmpTest, IC05_LimitsTheRateToEachDestination) {
  for (int i = 0; i < 100; ++i) provoke(to_right(201));
  EXPECT_EQ(answers().size(), 6u);
  EXPECT_EQ(right.ipv4().icmp_errors().statistics().rate_limited, 94u);
  executor.run_for(2s);
  wire.log.clear();
  for (int i = 0; i < 100; ++i) provoke(to_right(201));
  EXPECT_EQ(answers().size(), 2u);
}

TEST_F(IcmpTest, IC05_LimitsTheRateToAllTogether) {
  IcmpErrorLimits limits;
  limits.all = {1s, 10};
  right.ipv4().icmp_errors().set_limits(limits);
  for (std::uint8_t i = 100; i < 200; ++i) {
    Ipv4Header header = to_right(201);
    header.source = Ipv4Address::of(10, 9, 0, i);
    right.arp().neighbours().set_permanent(header.source, kLeftMac);
    provoke(header);
  }
  EXPECT_EQ(answers().size(), 10u);
}

}  // namespace
}  // namespace ringside::stack
