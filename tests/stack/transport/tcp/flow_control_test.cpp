// The peer's window, probes, Nagle, silly windows, PSH, the send buffer, keep-alive.
#include <gtest/gtest.h>

#include "tests/stack/transport/tcp/scripted_peer.hpp"

namespace ringside::stack {
namespace {

using namespace std::chrono_literals;

TEST(Rfc9293, M36_ProbesZeroWindow) {
  ScriptedPeer peer;
  peer.connect_active(ScriptedPeer::default_options(), 2000);
  ASSERT_TRUE(peer.endpoint.send(zeros(5000)));
  EXPECT_EQ(peer.take().size(), 2u);
  TimePoint const start = peer.executor.now();
  peer.deliver({.ack = 2001, .window = 0});
  EXPECT_TRUE(peer.take().empty());
  peer.pass(2s);
  auto const probes = peer.take();
  ASSERT_EQ(probes.size(), 3u) << "after 200, 600 and 1400 ms";
  for (std::size_t i = 0; i < probes.size(); ++i) {
    EXPECT_TRUE(probes[i].only(kTcpAck));
    EXPECT_EQ(probes[i].size(), 0u);
    EXPECT_EQ(probes[i].header.sequence, 2000u);
    EXPECT_NEAR(static_cast<double>((probes[i].when - start).count()),
                static_cast<double>((Duration{200ms} * ((2 << i) - 1)).count()), 1e6);
  }
  peer.deliver({.ack = 2001, .window = 4000});
  auto const rest = peer.take();
  ASSERT_EQ(rest.size(), 3u);
  EXPECT_EQ(rest[0].header.sequence, 2001u);
  peer.deliver({.ack = 5001, .window = 4000});
  EXPECT_TRUE(peer.executor.idle());
}

TEST(Rfc9293, M37_AWindowMayStayClosedForeverWhileProbesAreAnswered) {
  ScriptedPeer peer;
  peer.connect_active(ScriptedPeer::default_options(), 1000);
  ASSERT_TRUE(peer.endpoint.send(zeros(3000)));
  peer.deliver({.ack = 1001, .window = 0});
  for (int i = 0; i < 400; ++i) {
    peer.pass(10s);
    if (!peer.take().empty()) peer.deliver({.ack = 1001, .window = 0});
  }
  EXPECT_EQ(peer.endpoint.state(), TcpState::Established);
  EXPECT_EQ(peer.events.errors, 0);
  for (int i = 0; i < 200; ++i) peer.pass(10s);
  EXPECT_EQ(peer.events.error, TcpError::TimedOut) << "but not when they are not";
}

TEST(Rfc9293, M34_AWindowThatShrinksOverWhatIsOutDoesNoHarm) {
  ScriptedPeer peer;
  peer.connect_active(ScriptedPeer::default_options(), 8000);
  ASSERT_TRUE(peer.endpoint.send(zeros(8000)));
  EXPECT_EQ(peer.take().size(), 8u);
  peer.deliver({.ack = 1001, .window = 0});
  peer.pass(30s);
  for (Sent const& probe : peer.take()) EXPECT_EQ(probe.size(), 0u);
  EXPECT_EQ(peer.endpoint.info().timeouts, 0u) << "SHLD-17: outside of the window is no loss";
  peer.deliver({.ack = 1001, .window = 9000});
  auto const again = peer.take();
  ASSERT_EQ(again.size(), 7u);
  EXPECT_EQ(again[0].header.sequence, 1001u);
}

TEST(Rfc9293, M38_TheSenderSendsNoSillySegments) {
  ScriptedPeer peer;
  peer.connect_active(ScriptedPeer::default_options(), 10'000);
  ASSERT_TRUE(peer.endpoint.send(zeros(20'000)));
  peer.take();
  peer.deliver({.ack = 10'001, .window = 300});
  EXPECT_TRUE(peer.take().empty());
  peer.deliver({.ack = 10'001, .window = 900});
  EXPECT_TRUE(peer.take().empty());
  peer.pass(1s);
  auto const forced = peer.take();
  ASSERT_FALSE(forced.empty()) << "but does not wait for ever";
  EXPECT_EQ(forced[0].size(), 900u);
  EXPECT_EQ(forced[0].header.sequence, 10'001u);
}

TEST(Rfc9293, M38_HalfOfTheLargestWindowIsNotSilly) {
  ScriptedPeer peer;
  peer.connect_active(ScriptedPeer::default_options(), 600);
  ASSERT_TRUE(peer.endpoint.send(zeros(5000)));
  EXPECT_EQ(peer.take_one().size(), 600u);
  EXPECT_EQ(peer.host.tcp.counters().transmit_copies, 1u) << "the rest of the segment has moved";
}

TEST(Rfc9293, S07_NagleHoldsASecondSmallSegmentUntilTheFirstIsAcknowledged) {
  ScriptedPeer peer;
  peer.connect_active();
  ASSERT_TRUE(peer.endpoint.send(zeros(10)));
  EXPECT_EQ(peer.take_one().size(), 10u);
  ASSERT_TRUE(peer.endpoint.send(zeros(10)));
  ASSERT_TRUE(peer.endpoint.send(zeros(10)));
  EXPECT_TRUE(peer.take().empty());
  peer.deliver({.ack = 11});
  EXPECT_EQ(peer.take_one().size(), 20u);
}

TEST(Rfc9293, S07_NagleLetsFullSegmentsPass) {
  ScriptedPeer peer;
  peer.connect_active();
  ASSERT_TRUE(peer.endpoint.send(zeros(10)));
  ASSERT_TRUE(peer.endpoint.send(zeros(2500)));
  auto const sent = peer.take();
  ASSERT_EQ(sent.size(), 3u);
  EXPECT_EQ(sent[1].size(), 1000u);
  EXPECT_EQ(sent[2].size(), 1000u);
  peer.deliver({.ack = 2011});
  EXPECT_EQ(peer.take_one().size(), 500u);
}

TEST(Rfc9293, M17_NoDelaySendsAtOnceAndFlushesWhatWasHeld) {
  ScriptedPeer peer;
  peer.connect_active();
  ASSERT_TRUE(peer.endpoint.send(zeros(10)));
  ASSERT_TRUE(peer.endpoint.send(zeros(10)));
  EXPECT_EQ(peer.take().size(), 1u);
  peer.endpoint.set_no_delay(true);
  EXPECT_EQ(peer.take_one().size(), 10u);
  ASSERT_TRUE(peer.endpoint.send(zeros(10)));
  EXPECT_EQ(peer.take_one().size(), 10u);
}

TEST(Rfc9293, M61_TheLastSegmentOfAWriteCarriesPushAndOthersDoNot) {
  ScriptedPeer peer;
  peer.connect_active();
  ASSERT_TRUE(peer.endpoint.send(zeros(3500)));
  auto const sent = peer.take();
  ASSERT_EQ(sent.size(), 4u);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(sent[i].has(kTcpPsh), i == 3) << i;
}

TEST(TcpFlowControl, TheSendBufferFillsUpAndTellsWhenAThirdIsFree) {
  TcpSettings settings;
  settings.send_buffer = 30'000;
  ScriptedPeer peer(settings);
  peer.connect_active();
  EXPECT_EQ(*peer.endpoint.send(zeros(50'000)), 30'000u);
  EXPECT_EQ(peer.endpoint.send(zeros(1)).error(), TcpError::WouldBlock);
  EXPECT_EQ(peer.endpoint.send_space(), 0u);
  for (std::uint32_t acked = 1000; acked < 10'000; acked += 1000) peer.deliver({.ack = 1 + acked});
  EXPECT_EQ(peer.events.writable, 0);
  peer.deliver({.ack = 10'001});
  EXPECT_EQ(peer.events.writable, 1);
  peer.deliver({.ack = 20'001});
  EXPECT_EQ(peer.events.writable, 1) << "once for each send() that fell short";
  EXPECT_EQ(*peer.endpoint.send(zeros(50'000)), 20'000u);
}

TEST(TcpFlowControl, NeverMoreIsInFlightThanThePeersWindow) {
  ScriptedPeer peer;
  peer.connect_active({.mss = 1000, .window_shift = 0}, 4000);
  ASSERT_TRUE(peer.endpoint.send(zeros(50'000)));
  std::uint32_t acked = 1;
  Random random(3);
  for (int i = 0; i < 200 && acked < 50'001; ++i) {
    auto const window = static_cast<std::uint16_t>(random.below(6000));
    peer.take();
    std::uint32_t const edge_before = acked + peer.endpoint.info().bytes_in_flight;
    acked = edge_before;
    peer.deliver({.ack = acked, .window = window});
    EXPECT_LE(peer.endpoint.info().bytes_in_flight, window);
    if (peer.endpoint.info().bytes_in_flight == 0) peer.pass(3s);
  }
  EXPECT_EQ(acked, 50'001u);
}

TEST(TcpFlowControl, AnEmptyPoolIsTriedAgainWithoutAnyAck) {
  ScriptedPeer peer;
  peer.connect_active();
  std::vector<PacketBuffer> hoard;
  while (auto packet = peer.host.pool.allocate(0)) hoard.push_back(std::move(packet));
  EXPECT_EQ(peer.endpoint.send(zeros(10)).error(), TcpError::WouldBlock);
  hoard.clear();
  peer.pass(2ms);
  EXPECT_EQ(peer.events.writable, 1);
  EXPECT_EQ(*peer.endpoint.send(zeros(10)), 10u);
  EXPECT_EQ(peer.take_one().size(), 10u);
  peer.deliver({.ack = 11});
  EXPECT_TRUE(peer.executor.idle());
}

TEST(Rfc9293, M24_NoKeepAliveUnlessAsked) {
  ScriptedPeer peer;
  peer.connect_active();
  EXPECT_TRUE(peer.executor.idle());
}

TEST(Rfc9293, M28_KeepAliveProbesAfterTwoHoursAndM29_GivesUpOnlyAfterMany) {
  ScriptedPeer peer;
  peer.connect_active();
  peer.endpoint.set_keep_alive(true);
  peer.pass(2h - 1s);
  EXPECT_TRUE(peer.take().empty());
  peer.pass(2s);
  Sent const probe = peer.take_one();
  EXPECT_EQ(probe.size(), 0u);
  EXPECT_EQ(probe.header.sequence, 0u) << "SHLD-12: SND.NXT - 1";
  peer.deliver({.ack = 1});
  peer.pass(2h - 1s);
  EXPECT_TRUE(peer.take().empty());
  peer.pass(80s);
  EXPECT_EQ(peer.take().size(), 2u);
  EXPECT_EQ(peer.events.errors, 0);
  peer.pass(20min);
  EXPECT_EQ(peer.events.error, TcpError::TimedOut);
  EXPECT_TRUE(peer.executor.idle());
}

TEST(TcpFlowControl, ForwardProgressConfirmsTheNeighbour) {
  ScriptedPeer peer;
  peer.connect_active();
  std::uint64_t const before = peer.host.confirmations;
  ASSERT_TRUE(peer.endpoint.send(zeros(100)));
  peer.deliver({.ack = 101});
  EXPECT_EQ(peer.host.confirmations, before + 1);
  peer.deliver({.ack = 101});
  EXPECT_EQ(peer.host.confirmations, before + 1);
}

}  // namespace
}  // namespace ringside::stack
