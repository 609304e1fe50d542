// How connections end: FIN from either side or both, half closed, TIME-WAIT, reset, abort.
#include <gtest/gtest.h>

#include "tests/stack/transport/tcp/scripted_peer.hpp"

namespace ringside::stack {
namespace {

using namespace std::chrono_literals;

TEST(TcpClose, ActiveCloseGoesThroughFinWaitToTimeWait) {
  ScriptedPeer peer;
  peer.connect_active();
  ASSERT_TRUE(peer.endpoint.shutdown_send());
  EXPECT_EQ(peer.endpoint.state(), TcpState::FinWait1);
  Sent const fin = peer.take_one();
  EXPECT_TRUE(fin.only(kTcpFin | kTcpAck));
  EXPECT_EQ(fin.header.sequence, 1u);
  peer.deliver({.ack = 2});
  EXPECT_EQ(peer.endpoint.state(), TcpState::FinWait2);
  peer.deliver({.flags = kTcpFin | kTcpAck, .ack = 2});
  EXPECT_EQ(peer.endpoint.state(), TcpState::TimeWait);
  EXPECT_EQ(peer.take_one().header.acknowledgement, 2u);
  std::uint8_t byte;
  EXPECT_EQ(peer.endpoint.receive({&byte, 1}).error(), TcpError::Eof);
  peer.pass(59s);
  EXPECT_EQ(peer.endpoint.state(), TcpState::TimeWait);
  peer.pass(2s);
  EXPECT_EQ(peer.endpoint.state(), TcpState::Closed);
  EXPECT_EQ(peer.events.errors, 0);
  EXPECT_EQ(peer.host.tcp.connections(), 0u);
  EXPECT_TRUE(peer.executor.idle());
}

TEST(TcpClose, PassiveCloseGoesThroughCloseWaitAndLastAck) {
  ScriptedPeer peer;
  peer.connect_active();
  peer.deliver({.flags = kTcpFin | kTcpAck, .bytes = 10});
  EXPECT_EQ(peer.endpoint.state(), TcpState::CloseWait);
  EXPECT_EQ(peer.take_one().header.acknowledgement, 12u);
  EXPECT_EQ(read_all(peer.endpoint).size(), 10u);
  ASSERT_TRUE(peer.endpoint.shutdown_send());
  EXPECT_EQ(peer.endpoint.state(), TcpState::LastAck);
  EXPECT_TRUE(peer.take_one().only(kTcpFin | kTcpAck));
  peer.deliver({.seq = 12, .ack = 2});
  EXPECT_EQ(peer.endpoint.state(), TcpState::Closed);
  EXPECT_EQ(peer.host.tcp.connections(), 0u);
  EXPECT_TRUE(peer.executor.idle());
}

TEST(Rfc9293, TS09_SimultaneousCloseGoesThroughClosing) {
  ScriptedPeer peer;
  peer.connect_active();
  ASSERT_TRUE(peer.endpoint.shutdown_send());
  peer.deliver({.flags = kTcpFin | kTcpAck, .ack = 1});
  EXPECT_EQ(peer.endpoint.state(), TcpState::Closing);
  peer.deliver({.seq = 2, .ack = 2});
  EXPECT_EQ(peer.endpoint.state(), TcpState::TimeWait);
}

TEST(Rfc9293, TS09_FinThatAcknowledgesOursGoesStraightToTimeWait) {
  ScriptedPeer peer;
  peer.connect_active();
  ASSERT_TRUE(peer.endpoint.shutdown_send());
  peer.deliver({.flags = kTcpFin | kTcpAck, .ack = 2});
  EXPECT_EQ(peer.endpoint.state(), TcpState::TimeWait);
}

TEST(TcpClose, TwoStacksThatCloseAtOnceBothReachTimeWait) {
  FakeNetwork network;
  Pair pair(network);
  ASSERT_TRUE(pair.client.shutdown_send());
  ASSERT_TRUE(pair.server->shutdown_send());
  network.executor.run_for(1s);
  EXPECT_EQ(pair.client.state(), TcpState::TimeWait);
  EXPECT_EQ(pair.server->state(), TcpState::TimeWait);
  network.executor.run_for(60s);
  EXPECT_EQ(pair.client.state(), TcpState::Closed);
  EXPECT_TRUE(network.executor.idle());
}

TEST(Rfc9293, TS13_AfterOurFinDataStillArrives) {
  ScriptedPeer peer;
  peer.connect_active();
  ASSERT_TRUE(peer.endpoint.shutdown_send());
  peer.deliver({.ack = 2, .bytes = 100});
  peer.deliver({.seq = 101, .ack = 2, .bytes = 100});
  EXPECT_EQ(peer.endpoint.state(), TcpState::FinWait2);
  EXPECT_EQ(read_all(peer.endpoint).size(), 200u);
  EXPECT_EQ(peer.endpoint.send(zeros(1)).error(), TcpError::BrokenPipe);
  peer.pass(1h);
  EXPECT_EQ(peer.endpoint.state(), TcpState::FinWait2);  // half closed for as long as it likes
}

TEST(Rfc9293, TS13_AfterThePeersFinDataIsStillSent) {
  ScriptedPeer peer;
  peer.connect_active();
  peer.deliver({.flags = kTcpFin | kTcpAck});
  peer.take();
  ASSERT_TRUE(peer.endpoint.send(zeros(500)));
  EXPECT_EQ(peer.take_one().size(), 500u);
  peer.deliver({.seq = 2, .ack = 501});
  EXPECT_EQ(peer.endpoint.state(), TcpState::CloseWait);
}

TEST(TcpClose, FinWaitsForAllDataAndRidesOnTheLastSegment) {
  ScriptedPeer peer;
  peer.connect_active(ScriptedPeer::default_options(), 2500);
  ASSERT_TRUE(peer.endpoint.send(zeros(4000)));
  ASSERT_TRUE(peer.endpoint.shutdown_send());
  for (Sent const& segment : peer.take()) EXPECT_FALSE(segment.has(kTcpFin));
  peer.deliver({.ack = 2001, .window = 5000});
  auto const rest = peer.take();
  ASSERT_EQ(rest.size(), 2u);
  EXPECT_TRUE(rest[1].has(kTcpFin));
  EXPECT_EQ(rest[1].header.sequence, 3001u);
  peer.deliver({.ack = 4002});
  EXPECT_EQ(peer.endpoint.state(), TcpState::FinWait2);
}

TEST(TcpClose, LostFinIsRepeated) {
  ScriptedPeer peer;
  peer.connect_active();
  ASSERT_TRUE(peer.endpoint.shutdown_send());
  peer.take();
  peer.pass(1s);
  ASSERT_FALSE(peer.take().empty());
  peer.deliver({.ack = 2});
  EXPECT_EQ(peer.endpoint.state(), TcpState::FinWait2);
}

TEST(Rfc9293, TS08_FinBehindAGapWaits) {
  ScriptedPeer peer;
  peer.connect_active();
  peer.deliver({.flags = kTcpFin | kTcpAck, .seq = 101, .bytes = 50});
  EXPECT_EQ(peer.endpoint.state(), TcpState::Established);
  EXPECT_EQ(peer.take_one().header.acknowledgement, 1u);
  peer.deliver({.bytes = 100});
  EXPECT_EQ(peer.endpoint.state(), TcpState::CloseWait);
  EXPECT_EQ(peer.take_one().header.acknowledgement, 152u);
  EXPECT_EQ(read_all(peer.endpoint).size(), 150u);
}

TEST(Rfc9293, S03_CloseWithUnreadDataResets) {
  ScriptedPeer peer;
  peer.connect_active();
  peer.deliver({.bytes = 10});
  peer.take();
  peer.endpoint.close();
  Sent const reset = peer.take_one();
  EXPECT_TRUE(reset.only(kTcpRst | kTcpAck));
  EXPECT_EQ(reset.header.sequence, 1u);
  EXPECT_EQ(reset.header.acknowledgement, 11u);
  EXPECT_EQ(peer.host.tcp.connections(), 0u);
}

TEST(TcpClose, CloseWithNothingUnreadSendsFinAndTheLayerDoesTheRest) {
  ScriptedPeer peer;
  peer.connect_active();
  ASSERT_TRUE(peer.endpoint.send(zeros(100)));
  peer.take();
  peer.endpoint.close();
  EXPECT_EQ(peer.endpoint.state(), TcpState::Closed);
  EXPECT_TRUE(peer.take_one().has(kTcpFin));
  EXPECT_EQ(peer.host.tcp.connections(), 1u);
  peer.deliver({.flags = kTcpFin | kTcpAck, .ack = 102});
  EXPECT_EQ(peer.take_one().header.acknowledgement, 2u);
  peer.pass(61s);
  EXPECT_EQ(peer.host.tcp.connections(), 0u);
  EXPECT_TRUE(peer.executor.idle());
}

TEST(Rfc9293, TS14_OrphanInFinWait2EndsAfterItsTime) {
  ScriptedPeer peer;
  peer.connect_active();
  peer.endpoint.close();
  peer.deliver({.ack = 2});
  peer.pass(59s);
  EXPECT_EQ(peer.host.tcp.connections(), 1u);
  peer.pass(2s);
  EXPECT_EQ(peer.host.tcp.connections(), 0u);
}

TEST(Rfc9293, TS14_DataForAnOrphanIsAnsweredByReset) {
  ScriptedPeer peer;
  peer.connect_active();
  peer.endpoint.close();
  peer.take();
  peer.deliver({.ack = 2, .bytes = 10});
  EXPECT_TRUE(peer.take_one().has(kTcpRst));
  EXPECT_EQ(peer.host.tcp.connections(), 0u);
}

TEST(TcpClose, AbortResetsAndForgetsWhatIsBuffered) {
  ScriptedPeer peer;
  peer.connect_active();
  ASSERT_TRUE(peer.endpoint.send(zeros(5000)));
  peer.take();
  peer.endpoint.abort();
  Sent const reset = peer.take_one();
  EXPECT_TRUE(reset.only(kTcpRst | kTcpAck));
  EXPECT_EQ(reset.header.sequence, 5001u);
  EXPECT_EQ(peer.events.errors, 0);
  peer.executor.run_for(0s);
  EXPECT_EQ(peer.host.pool.available(), peer.host.pool.size());
  EXPECT_TRUE(peer.executor.idle());
}

TEST(TcpClose, CloseInSynSentIsSilentAndALateSynAckGetsAReset) {
  ScriptedPeer peer;
  peer.start_active();
  peer.endpoint.close();
  EXPECT_TRUE(peer.take().empty());
  peer.deliver({.flags = kTcpSyn | kTcpAck, .seq = 0, .ack = 1});
  EXPECT_TRUE(peer.take_one().only(kTcpRst));
  EXPECT_TRUE(peer.executor.idle());
}

TEST(TcpClose, ClosingAListenerResetsWhoWaits) {
  ScriptedPeer peer;
  peer.listen();
  peer.send_syn();
  peer.deliver({.flags = kTcpAck});
  peer.deliver({.flags = kTcpSyn, .seq = 0, .peer_port = 5000});
  peer.take();
  peer.listener->close();
  EXPECT_TRUE(peer.take_one().has(kTcpRst));
  EXPECT_EQ(peer.host.tcp.connections(), 1u);  // the half open one, until it is heard again
  peer.deliver({.flags = kTcpSyn, .seq = 0, .peer_port = 5001});
  EXPECT_TRUE(peer.take_one().has(kTcpRst));
}

TEST(Rfc9293, TS10_FinAgainInTimeWaitIsAcknowledgedAndRestartsTheWait) {
  ScriptedPeer peer;
  peer.connect_active();
  ASSERT_TRUE(peer.endpoint.shutdown_send());
  peer.deliver({.flags = kTcpFin | kTcpAck, .ack = 2});
  peer.take();
  peer.pass(50s);
  peer.deliver({.flags = kTcpFin | kTcpAck, .ack = 2});
  EXPECT_EQ(peer.take_one().header.acknowledgement, 2u);
  peer.pass(50s);
  EXPECT_EQ(peer.endpoint.state(), TcpState::TimeWait);
  peer.pass(11s);
  EXPECT_EQ(peer.endpoint.state(), TcpState::Closed);
}

TEST(Rfc1337, TS10_ResetDoesNotEndTimeWait) {
  ScriptedPeer peer;
  peer.connect_active();
  ASSERT_TRUE(peer.endpoint.shutdown_send());
  peer.deliver({.flags = kTcpFin | kTcpAck, .ack = 2});
  peer.deliver({.flags = kTcpRst, .seq = 2});
  EXPECT_EQ(peer.endpoint.state(), TcpState::TimeWait);
}

TEST(Rfc9293, TS10_NewSynWithAHigherNumberReopensFromTimeWait) {
  ScriptedPeer peer;
  peer.connect_passive();
  ASSERT_TRUE(peer.endpoint.shutdown_send());
  peer.deliver({.flags = kTcpFin | kTcpAck, .ack = 2});
  EXPECT_EQ(peer.endpoint.state(), TcpState::TimeWait);
  peer.take();
  peer.deliver({.flags = kTcpSyn, .seq = 1});
  EXPECT_TRUE(peer.take_one().only(kTcpAck)) << "an old SYN must not";
  peer.deliver({.flags = kTcpSyn, .seq = 100});
  Sent const answer = peer.take_one();
  EXPECT_TRUE(answer.only(kTcpSyn | kTcpAck));
  EXPECT_GT(answer.header.sequence, 0xFFFFu);
  EXPECT_EQ(peer.endpoint.state(), TcpState::Closed);
}

TEST(TcpClose, AnObserverMayDestroyItsEndpointInsideTheCall) {
  ScriptedPeer peer;
  peer.connect_active();
  peer.events.when_readable = [&] { peer.endpoint.abort(); };
  peer.deliver({.flags = kTcpFin | kTcpAck, .bytes = 10});
  EXPECT_EQ(peer.events.readable, 1);
  EXPECT_EQ(peer.host.tcp.connections(), 0u);
  peer.pass(1s);
  EXPECT_TRUE(peer.executor.idle());
}

}  // namespace
}  // namespace ringside::stack
