// How connections begin: options, listeners, backlog, both ends at once, lost SYNs.
#include <gtest/gtest.h>

#include <set>

#include "tests/stack/transport/tcp/scripted_peer.hpp"

namespace ringside::stack {
namespace {

using namespace std::chrono_literals;

TEST(TcpHandshake, ActiveOpenOffersMssAndWindowScale) {
  ScriptedPeer peer;
  peer.start_active();
  EXPECT_TRUE(peer.first_syn.only(kTcpSyn));
  EXPECT_EQ(peer.first_syn.header.options.mss, 1460);
  EXPECT_EQ(peer.first_syn.header.options.window_shift, 8);
  EXPECT_FALSE(peer.first_syn.header.options.sack_permitted);
  EXPECT_FALSE(peer.first_syn.header.options.timestamps);
  EXPECT_EQ(peer.first_syn.header.window, 65'535);
  EXPECT_EQ(peer.endpoint.state(), TcpState::SynSent);
  EXPECT_EQ(peer.endpoint.local().address, kClientAddress);
  EXPECT_GE(peer.endpoint.local().port, 32'768);

  peer.deliver({.flags = kTcpSyn | kTcpAck, .seq = 0, .ack = 1, .options = {.mss = 1000}});
  Sent const ack = peer.take_one();
  EXPECT_TRUE(ack.only(kTcpAck));
  EXPECT_EQ(ack.header.sequence, 1u);
  EXPECT_EQ(ack.header.acknowledgement, 1u);
  EXPECT_EQ(peer.events.connected, 1);
  EXPECT_EQ(peer.endpoint.info().mss, 1000);
}

TEST(TcpHandshake, PassiveOpenAnswersAndIsAcceptedOnceItIsComplete) {
  ScriptedPeer peer;
  peer.listen();
  peer.send_syn({.mss = 1200, .window_shift = 3});
  EXPECT_TRUE(peer.first_syn.only(kTcpSyn | kTcpAck));
  EXPECT_EQ(peer.first_syn.header.options.window_shift, 8);
  EXPECT_EQ(peer.first_syn.header.options.mss, 1460);
  EXPECT_FALSE(peer.listener->accept());
  peer.deliver({.flags = kTcpAck, .window = 1000});
  EXPECT_EQ(peer.listener_events.acceptable, 1);
  peer.accept();
  EXPECT_EQ(peer.endpoint.state(), TcpState::Established);
  EXPECT_EQ(peer.endpoint.remote(), (Endpoint{kServerAddress, ScriptedPeer::kPeerPort}));
  EXPECT_EQ(peer.endpoint.info().send_window, 8000u);
}

TEST(Rfc7323, WS01_WithoutThePeersOptionNothingIsScaled) {
  ScriptedPeer peer;
  peer.listen();
  peer.send_syn({.mss = 1200}, 5000);
  EXPECT_FALSE(peer.first_syn.header.options.window_shift);
  peer.deliver({.flags = kTcpAck, .window = 6000});
  peer.accept();
  EXPECT_EQ(peer.endpoint.info().send_window, 6000u);
  EXPECT_EQ(peer.endpoint.info().receive_window_shift, 0);
  peer.deliver({.bytes = 100});
  EXPECT_EQ(peer.take_one().header.window, 65'535);
}

TEST(Rfc7323, WS01_TheWindowOfASynIsNotScaled) {
  ScriptedPeer peer;
  peer.connect_active({.mss = 1000, .window_shift = 7}, 3000);
  EXPECT_EQ(peer.endpoint.info().send_window, 3000u);
  peer.deliver({.flags = kTcpAck, .window = 3000});
  EXPECT_EQ(peer.endpoint.info().send_window, 3000u * 128);
}

TEST(Rfc9293, M15_WithoutMssOptionSegmentsHave536Bytes) {
  ScriptedPeer peer;
  peer.connect_active({});
  ASSERT_TRUE(peer.endpoint.send(zeros(2000)));
  EXPECT_EQ(peer.take().front().size(), 536u);
}

TEST(Rfc9293, M16_SegmentsFitTheLocalMtuWhateverThePeerTakes) {
  ScriptedPeer peer;
  peer.host.mtu = 900;
  peer.connect_active({.mss = 9000});
  EXPECT_EQ(peer.first_syn.header.options.mss, 860);
  ASSERT_TRUE(peer.endpoint.send(zeros(3000)));
  EXPECT_EQ(peer.take().front().size(), 860u);
}

TEST(TcpHandshake, BelievesNoMssThatLeavesNoRoomForData) {
  ScriptedPeer peer;
  peer.connect_active({.mss = 0});
  EXPECT_EQ(peer.endpoint.info().mss, 48);
}

TEST(Rfc9293, M10_SimultaneousOpenWorks) {
  ScriptedPeer peer;
  peer.start_active();
  peer.deliver({.flags = kTcpSyn, .seq = 0, .options = {.mss = 1000, .window_shift = 2}});
  Sent const answer = peer.take_one();
  EXPECT_TRUE(answer.only(kTcpSyn | kTcpAck));
  EXPECT_EQ(answer.header.sequence, 0u);
  EXPECT_EQ(answer.header.acknowledgement, 1u);
  EXPECT_EQ(peer.endpoint.state(), TcpState::SynReceived);
  peer.deliver({.flags = kTcpSyn | kTcpAck, .seq = 0, .ack = 1});
  EXPECT_EQ(peer.endpoint.state(), TcpState::Established);
  EXPECT_EQ(peer.events.connected, 1);
}

TEST(Rfc9293, M10_TwoStacksThatOpenAtOnceMeet) {
  FakeNetwork network;
  TcpEndpoint left(network.client.tcp), right(network.server.tcp);
  ASSERT_TRUE(left.bind({kClientAddress, 1000}));
  ASSERT_TRUE(right.bind({kServerAddress, 2000}));
  ASSERT_TRUE(left.connect({kServerAddress, 2000}));
  ASSERT_TRUE(right.connect({kClientAddress, 1000}));
  network.executor.run_for(10ms);
  EXPECT_EQ(left.state(), TcpState::Established);
  EXPECT_EQ(right.state(), TcpState::Established);
  EXPECT_TRUE(left.send(zeros(10)));
  network.executor.run_for(100ms);
  EXPECT_EQ(right.available(), 10u);
}

TEST(TcpHandshake, RefusalEndsTheAttempt) {
  ScriptedPeer peer;
  peer.start_active();
  peer.deliver({.flags = kTcpRst | kTcpAck, .seq = 0, .ack = 1});
  EXPECT_EQ(peer.events.error, TcpError::ConnectionRefused);
  EXPECT_EQ(peer.endpoint.state(), TcpState::Closed);
  EXPECT_EQ(peer.endpoint.send(zeros(1)).error(), TcpError::ConnectionRefused);
}

TEST(TcpHandshake, ResetWithAWrongNumberDoesNotEndTheAttempt) {
  ScriptedPeer peer;
  peer.start_active();
  peer.deliver({.flags = kTcpRst | kTcpAck, .seq = 0, .ack = 2});
  peer.deliver({.flags = kTcpRst, .seq = 0});
  EXPECT_EQ(peer.endpoint.state(), TcpState::SynSent);
  EXPECT_TRUE(peer.take().empty());
}

TEST(TcpHandshake, UnacceptableAckInSynSentGetsAReset) {
  ScriptedPeer peer;
  peer.start_active();
  peer.deliver({.flags = kTcpAck, .seq = 5, .ack = 77});
  Sent const reset = peer.take_one();
  EXPECT_TRUE(reset.only(kTcpRst));
  EXPECT_EQ(reset.header.sequence, 77u);
  EXPECT_EQ(peer.endpoint.state(), TcpState::SynSent);
}

TEST(TcpHandshake, SynIsRepeatedWithDoublingTimes) {
  ScriptedPeer peer;
  peer.start_active();
  TimePoint const start = peer.executor.now();
  peer.pass(16s);
  auto const again = peer.take();
  ASSERT_EQ(again.size(), 4u);
  for (std::size_t i = 0; i < again.size(); ++i) {
    EXPECT_EQ(again[i].when - start, Duration{1s} * ((2 << i) - 1));
    EXPECT_TRUE(again[i].only(kTcpSyn));
    EXPECT_EQ(again[i].header.options, peer.first_syn.header.options);
  }
}

TEST(Rfc9293, M23_ConnectGivesUpAfterThreeMinutesAtTheEarliest) {
  ScriptedPeer peer;
  peer.start_active();
  peer.pass(180s);
  EXPECT_EQ(peer.events.errors, 0);
  peer.pass(120s);
  EXPECT_EQ(peer.events.error, TcpError::TimedOut);
  EXPECT_TRUE(peer.executor.idle());
}

TEST(Rfc5681, CC03_AfterALostSynTheWindowBeginsWithOneSegment) {
  ScriptedPeer peer;
  peer.start_active();
  peer.pass(1500ms);
  peer.take();
  peer.deliver({.flags = kTcpSyn | kTcpAck, .seq = 0, .ack = 1, .options = {.mss = 1000}});
  EXPECT_EQ(peer.endpoint.info().congestion_window, 1000u);
  EXPECT_EQ(peer.endpoint.info().rto, Duration{3s});
}

TEST(TcpHandshake, LostSynAckIsRepeatedAndARepeatedSynIsAnswered) {
  ScriptedPeer peer;
  peer.listen();
  peer.send_syn();
  peer.pass(1100ms);
  EXPECT_TRUE(peer.take_one().only(kTcpSyn | kTcpAck));
  peer.deliver({.flags = kTcpSyn, .seq = 0, .options = {.mss = 1000}});
  Sent const answer = peer.take_one();
  EXPECT_TRUE(answer.only(kTcpSyn | kTcpAck));
  EXPECT_EQ(answer.header.sequence, 0u);
}

TEST(TcpHandshake, SynsBeyondTheBacklogAreDroppedSilently) {
  ScriptedPeer peer;
  peer.listen(3);
  for (std::uint16_t port = 5000; port < 5005; ++port) {
    peer.deliver({.flags = kTcpSyn, .seq = 0, .peer_port = port});
  }
  EXPECT_EQ(peer.take().size(), 3u);
  EXPECT_EQ(peer.host.tcp.counters().backlog_overflows, 2u);
  EXPECT_EQ(peer.host.tcp.connections(), 3u);
}

TEST(TcpHandshake, AHalfOpenConnectionThatEndsMakesRoomInTheBacklog) {
  ScriptedPeer peer;
  peer.listen(1);
  peer.send_syn();
  peer.deliver({.flags = kTcpRst, .seq = 1});
  EXPECT_EQ(peer.host.tcp.connections(), 0u);
  EXPECT_EQ(peer.listener_events.acceptable, 0);
  peer.deliver({.flags = kTcpSyn, .seq = 0, .peer_port = 5000});
  EXPECT_TRUE(peer.take_one().has(kTcpSyn | kTcpAck));
}

TEST(TcpHandshake, BadAckInSynReceivedGetsAReset) {
  ScriptedPeer peer;
  peer.listen();
  peer.send_syn();
  peer.deliver({.flags = kTcpAck, .seq = 1, .ack = 9});
  Sent const reset = peer.take_one();
  EXPECT_TRUE(reset.only(kTcpRst));
  EXPECT_EQ(reset.header.sequence, 9u);
  EXPECT_EQ(peer.host.tcp.connections(), 1u);
}

TEST(TcpHandshake, DataThatComesWithTheLastAckIsKept) {
  ScriptedPeer peer;
  peer.listen();
  peer.send_syn();
  peer.deliver({.flags = kTcpAck | kTcpPsh, .bytes = 20});
  peer.accept();
  EXPECT_EQ(peer.endpoint.available(), 20u);
}

TEST(Rfc9293, M42_TheListenerOfTheAddressComesBeforeTheOneOfAll) {
  ScriptedPeer peer;
  peer.listen();
  TcpEndpoint special(peer.host.tcp);
  ASSERT_TRUE(special.bind({kClientAddress, ScriptedPeer::kListenPort}));
  ASSERT_TRUE(special.listen(4));
  peer.send_syn();
  peer.deliver({.flags = kTcpAck});
  EXPECT_TRUE(special.accept());
  EXPECT_FALSE(peer.listener->accept());
  TcpEndpoint second(peer.host.tcp);
  ASSERT_TRUE(second.bind({{}, ScriptedPeer::kListenPort}));
  EXPECT_EQ(second.listen(4).error(), TcpError::AddressInUse);
}

TEST(Rfc9293, M46_OpensToGroupsAreRefused) {
  ScriptedPeer peer;
  for (Ipv4Address const address :
       {Ipv4Address::of(224, 0, 0, 1), Ipv4Address::of(255, 255, 255, 255),
        Ipv4Address::of(10, 0, 0, 255), Ipv4Address::of(0, 0, 0, 0)}) {
    EXPECT_EQ(peer.endpoint.connect({address, 80}).error(), TcpError::InvalidArgument);
  }
  EXPECT_EQ(peer.endpoint.connect({kServerAddress, 0}).error(), TcpError::InvalidArgument);
}

TEST(Rfc9293, M57_SynToAGroupIsDroppedSilently) {
  ScriptedPeer peer;
  peer.listen();
  peer.deliver({.flags = kTcpSyn, .seq = 0, .broadcast = true});
  EXPECT_TRUE(peer.take().empty());
  EXPECT_EQ(peer.host.tcp.counters().dropped_in, 1u);
}

TEST(TcpHandshake, WithoutARouteConnectFailsAtOnce) {
  ScriptedPeer peer;
  peer.host.routed = false;
  EXPECT_EQ(peer.endpoint.connect({kServerAddress, 80}).error(), TcpError::NetworkUnreachable);
  EXPECT_EQ(peer.endpoint.state(), TcpState::Closed);
}

TEST(Rfc6528, B05_InitialNumbersFollowTheClockPerPairAndDifferBetweenPairs) {
  VirtualExecutor executor;
  FakeHost host(executor, kClientAddress, 1);
  Endpoint const local{kClientAddress, 5000};
  Endpoint const remote{kServerAddress, 80};
  Sequence const first = host.tcp.initial_sequence(local, remote);
  executor.run_for(400us);
  EXPECT_EQ(host.tcp.initial_sequence(local, remote) - first, 100);
  std::set<std::uint32_t> seen;
  for (std::uint16_t port = 1; port <= 1000; ++port) {
    seen.insert(host.tcp.initial_sequence(local, {kServerAddress, port}).value);
  }
  EXPECT_EQ(seen.size(), 1000u);
  FakeHost other(executor, kClientAddress, 2);
  EXPECT_NE(other.tcp.initial_sequence(local, remote), host.tcp.initial_sequence(local, remote));
}

TEST(Rfc6056, B07_EphemeralPortsDifferAndAreNeverTwiceInUse) {
  VirtualExecutor executor;
  TcpSettings settings;
  settings.first_ephemeral_port = 40'000;
  settings.last_ephemeral_port = 40'009;
  FakeHost host(executor, kClientAddress, 1, settings);
  std::vector<TcpEndpoint> endpoints;
  std::set<std::uint16_t> ports;
  for (int i = 0; i < 10; ++i) {
    endpoints.emplace_back(host.tcp);
    ASSERT_TRUE(endpoints.back().connect({kServerAddress, 80}));
    ports.insert(endpoints.back().local().port);
  }
  EXPECT_EQ(ports.size(), 10u);
  TcpEndpoint one_more(host.tcp);
  EXPECT_EQ(one_more.connect({kServerAddress, 80}).error(), TcpError::AddressNotAvailable);
  EXPECT_TRUE(one_more.connect({kServerAddress, 81}));
}

TEST(TcpHandshake, ConnectionsOfAHostAreBounded) {
  TcpSettings settings;
  settings.max_connections = 2;
  ScriptedPeer peer(settings);
  peer.listen();
  for (std::uint16_t port = 5000; port < 5004; ++port) {
    peer.deliver({.flags = kTcpSyn, .seq = 0, .peer_port = port});
  }
  EXPECT_EQ(peer.host.tcp.connections(), 2u);
  EXPECT_EQ(peer.endpoint.connect({kServerAddress, 1}).error(), TcpError::AddressNotAvailable);
}

}  // namespace
}  // namespace ringside::stack
