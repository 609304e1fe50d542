#include <gtest/gtest.h>

#include "tests/stack/recording_transport.hpp"
#include "tests/stack/two_hosts.hpp"

namespace ringside::stack {
namespace {

using namespace std::chrono_literals;

constexpr std::uint8_t kProtocol = 200;

class Ipv4Send : public ::testing::Test, protected TwoHosts {
 protected:
  Ipv4Send() {
    left.ipv4().register_protocol(kProtocol, here);
    right.ipv4().register_protocol(kProtocol, there);
  }
  Result<Done, NetworkError> send(Ipv4Address source, Ipv4Address to, std::uint32_t size = 4,
                                  SendOptions const& options = {}) {
    PacketBuffer packet = left.ipv4().allocate(0);
    auto const bytes = packet.append(size);
    std::fill(bytes.begin(), bytes.end(), std::uint8_t{0x42});
    return left.ipv4().send(std::move(packet), source, to, kProtocol, options);
  }
  Ipv4Header sent(std::size_t index) {
    return Ipv4View::of(datagrams(0).at(index)).value().header();
  }

  RecordingTransport here;
  RecordingTransport there;
};

TEST_F(Ipv4Send, ResolvesTheNeighbourAndDelivers) {
  SendOptions options;
  options.time_to_live = 9;
  options.traffic_class = 0x10;
  ASSERT_TRUE(send(kLeft, kRight, 4, options).has_value());
  executor.run_until_idle();
  ASSERT_EQ(there.received.size(), 1u);
  EXPECT_EQ(there.received[0].first, std::vector<std::uint8_t>(4, 0x42));
  EXPECT_EQ(sent(0).time_to_live, 9);
  EXPECT_EQ(sent(0).traffic_class, 0x10);
  EXPECT_TRUE(sent(0).dont_fragment);
  EXPECT_TRUE(left_story.has(Layer::Arp, "who has 10.9.0.2? tell 10.9.0.1"));
  EXPECT_TRUE(left_story.has(Layer::Arp, "10.9.0.2 is at 02:00:00:00:00:02"));
}

TEST_F(Ipv4Send, I07_I09_RefusesASourceThatIsNotOurs) {
  EXPECT_EQ(send(kRight, kRight).error(), NetworkError::NoAddress);
  EXPECT_EQ(send({}, kRight).error(), NetworkError::NoAddress);
  EXPECT_EQ(send(Ipv4Address::of(127, 0, 0, 1), kRight).error(), NetworkError::NoAddress);
  executor.run_until_idle();
  EXPECT_TRUE(wire.log.empty());
}

TEST_F(Ipv4Send, R04_RefusesWhatHasNoRoute) {
  HostNetwork alone(right_device, executor, right_story, random, {kRight, 24, std::nullopt});
  PacketBuffer packet = alone.ipv4().allocate(0);
  Ipv4Address const elsewhere = Ipv4Address::of(192, 168, 1, 1);
  EXPECT_EQ(alone.ipv4().source_for(elsewhere).error(), NetworkError::NoRoute);
  EXPECT_EQ(alone.ipv4().send(std::move(packet), kRight, elsewhere, kProtocol, {}).error(),
            NetworkError::NoRoute);
  EXPECT_TRUE(right_story.has(Layer::Ip, "no route to 192.168.1.1"));
  EXPECT_EQ(alone.ipv4().statistics().out_no_routes, 1u);
  EXPECT_EQ(send(kLeft, {}).error(), NetworkError::NoRoute);
  EXPECT_EQ(send(kLeft, Ipv4Address::of(241, 0, 0, 1)).error(), NetworkError::NoRoute);
}

TEST_F(Ipv4Send, R01_SendsToTheGatewayWhatIsNotOnTheSubnet) {
  ASSERT_TRUE(send(kLeft, Ipv4Address::of(192, 168, 1, 1)).has_value());
  executor.run_until_idle();
  EXPECT_EQ(sent(0).destination, Ipv4Address::of(192, 168, 1, 1));
  EXPECT_EQ(EthernetHeader::parse(wire.log.back().bytes)->destination, kRightMac);
}

TEST_F(Ipv4Send, F02_ReportsADatagramLongerThanTheMtu) {
  EXPECT_TRUE(send(kLeft, kRight, 1480).has_value());
  EXPECT_EQ(send(kLeft, kRight, 1481).error(), NetworkError::MessageTooLong);
  left.ipv4().path_mtu_is(kRight, 1000);
  EXPECT_EQ(left.ipv4().mtu_towards(kRight), 1000);
  EXPECT_EQ(send(kLeft, kRight, 981).error(), NetworkError::MessageTooLong);
  SendOptions may_be_cut;
  may_be_cut.dont_fragment = false;
  EXPECT_TRUE(send(kLeft, kRight, 981, may_be_cut).has_value());
}

TEST_F(Ipv4Send, I16_NumbersDatagramsThatMayBeFragmented) {
  SendOptions may_be_cut;
  may_be_cut.dont_fragment = false;
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(send(kLeft, kRight, 4, may_be_cut).has_value());
  executor.run_until_idle();
  EXPECT_EQ(sent(1).identification, static_cast<std::uint16_t>(sent(0).identification + 1));
  EXPECT_EQ(sent(2).identification, static_cast<std::uint16_t>(sent(0).identification + 2));
}

TEST_F(Ipv4Send, U12_BroadcastsOnlyWithLeave) {
  Ipv4Address const subnet = Ipv4Address::of(10, 9, 0, 255);
  EXPECT_EQ(send(kLeft, subnet).error(), NetworkError::Forbidden);
  SendOptions options;
  options.allow_broadcast = true;
  EXPECT_TRUE(send(kLeft, subnet, 4, options).has_value());
  EXPECT_TRUE(send(kLeft, Ipv4Address::of(255, 255, 255, 255), 4, options).has_value());
  executor.run_until_idle();
  ASSERT_EQ(there.received.size(), 2u);
  EXPECT_TRUE(there.received[0].second.broadcast);
  EXPECT_EQ(EthernetHeader::parse(wire.log[0].bytes)->destination, kBroadcastMac);
}

TEST_F(Ipv4Send, E06_SendsToAGroupWithoutAskingForIt) {
  ASSERT_TRUE(send(kLeft, Ipv4Address::of(224, 0, 0, 1)).has_value());
  executor.run_until_idle();
  ASSERT_EQ(there.received.size(), 1u);
  EXPECT_TRUE(there.received[0].second.broadcast);
}

TEST_F(Ipv4Send, LoopsBackWhatIsForItself) {
  for (Ipv4Address const to : {kLeft, Ipv4Address::of(127, 0, 0, 1)}) {
    EXPECT_EQ(left.ipv4().source_for(to).value(), to);
    ASSERT_TRUE(send(to, to).has_value());
  }
  EXPECT_TRUE(here.received.empty()) << "never inside the call";
  executor.run_until_idle();
  ASSERT_EQ(here.received.size(), 2u);
  EXPECT_EQ(here.received[1].second.source, Ipv4Address::of(127, 0, 0, 1));
  EXPECT_EQ(here.polls, 1);
  EXPECT_TRUE(wire.log.empty());
}

TEST_F(Ipv4Send, BoundsWhatItLoopsBack) {
  for (std::size_t i = 0; i < Ipv4Layer::kMaxLoopback; ++i) {
    ASSERT_TRUE(send(kLeft, kLeft).has_value());
  }
  EXPECT_EQ(send(kLeft, kLeft).error(), NetworkError::NoBuffer);
  executor.run_until_idle();
  EXPECT_EQ(here.received.size(), Ipv4Layer::kMaxLoopback);
  EXPECT_GT(here.polls, 1) << "in polls of a bounded number";
}

TEST_F(Ipv4Send, A09_ReportsAnUnreachableHostToTheTransport) {
  ASSERT_TRUE(send(kLeft, kAbsent, 8).has_value());
  executor.run_until_idle();
  ASSERT_EQ(here.problems.size(), 1u);
  EXPECT_EQ(here.problems[0].what, IcmpProblem::SilentNeighbour);
  EXPECT_EQ(here.problems[0].source, kLeft);
  EXPECT_EQ(here.problems[0].destination, kAbsent);
  EXPECT_EQ(here.problems[0].quoted, std::vector<std::uint8_t>(8, 0x42));
  EXPECT_EQ(left.ipv4().statistics().out_unresolved, 1u);
  EXPECT_TRUE(left_story.has(Layer::Arp, "10.9.0.77 does not answer"));
}

TEST_F(Ipv4Send, R05_TurnsToAnotherGatewayWhenOneIsDead) {
  RouteTable& routes = left.ipv4().routes();
  ASSERT_TRUE(routes.remove({Ipv4Prefix{}, kRight, 0, 0}).has_value());
  ASSERT_TRUE(routes.add({Ipv4Prefix{}, kAbsent, 0, 1}).has_value());
  ASSERT_TRUE(routes.add({Ipv4Prefix{}, kRight, 0, 2}).has_value());
  Ipv4Address const elsewhere = Ipv4Address::of(192, 168, 1, 1);
  ASSERT_TRUE(send(kLeft, elsewhere).has_value());
  executor.run_until_idle();
  EXPECT_EQ(here.problems.size(), 1u);
  EXPECT_TRUE(datagrams(0).empty());
  ASSERT_TRUE(send(kLeft, elsewhere).has_value());
  executor.run_until_idle();
  EXPECT_EQ(datagrams(0).size(), 1u);
}

TEST_F(Ipv4Send, ConfirmsTheNextHop) {
  ASSERT_TRUE(send(kLeft, kRight).has_value());
  executor.run_until_idle();
  executor.run_for(100s);
  EXPECT_EQ(left.arp().neighbours().find(kRight)->state, NeighbourState::Stale);
  left.ipv4().confirm_reachable(Ipv4Address::of(192, 168, 1, 1));  // through the gateway
  EXPECT_EQ(left.arp().neighbours().find(kRight)->state, NeighbourState::Reachable);
}

TEST_F(Ipv4Send, AnIdleHostHasNoEvents) {
  ASSERT_TRUE(send(kLeft, kRight).has_value());
  executor.run_until_idle();
  EXPECT_TRUE(executor.idle());
  EXPECT_LT(executor.now(), TimePoint{10s});
}

}  // namespace
}  // namespace ringside::stack
