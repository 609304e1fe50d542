// Who may disturb a connection, and what strangers are told (RFC 9293 3.10.7, RFC 5961).
#include <gtest/gtest.h>

#include "tests/stack/transport/tcp/scripted_peer.hpp"

namespace ringside::stack {
namespace {

using namespace std::chrono_literals;

TEST(Rfc9293, TS01_StrangersWithAckGetAResetAtTheirAck) {
  ScriptedPeer peer;
  peer.start_active();  // for the ports
  peer.deliver({.flags = kTcpAck, .seq = 5, .ack = 100, .bytes = 10, .peer_port = 999});
  Sent const reset = peer.take_one();
  EXPECT_TRUE(reset.only(kTcpRst));
  EXPECT_EQ(reset.header.sequence, 100u);
  EXPECT_EQ(reset.header.destination_port, 999);
}

TEST(Rfc9293, TS01_StrangersWithoutAckGetAResetThatAcknowledgesThem) {
  ScriptedPeer peer;
  peer.start_active();
  peer.deliver({.flags = kTcpSyn, .seq = 5, .bytes = 10, .peer_port = 999});
  auto const reset = peer.take_one();
  EXPECT_TRUE(reset.only(kTcpRst | kTcpAck));
  EXPECT_EQ(reset.header.acknowledgement, 5u + 10 + 1);
}

TEST(Rfc9293, TS01_AResetIsNeverAnswered) {
  ScriptedPeer peer;
  peer.start_active();
  peer.deliver({.flags = kTcpRst, .peer_port = 999});
  peer.deliver({.flags = kTcpRst | kTcpAck, .peer_port = 999});
  EXPECT_TRUE(peer.take().empty());
}

TEST(Rfc9293, TS02_ListenersIgnoreResetsAndRefuseAcks) {
  ScriptedPeer peer;
  peer.listen();
  peer.deliver({.flags = kTcpRst, .seq = 0});
  EXPECT_TRUE(peer.take().empty());
  peer.deliver({.flags = kTcpSyn | kTcpFin, .seq = 0});
  peer.deliver({.flags = 0, .seq = 0});
  EXPECT_TRUE(peer.take().empty());
  peer.deliver({.flags = kTcpAck, .ack = 9});
  EXPECT_TRUE(peer.take_one().only(kTcpRst));
}

TEST(Rfc5961, B01_ResetAtTheExactNumberResets) {
  ScriptedPeer peer;
  peer.connect_active();
  peer.deliver({.flags = kTcpRst, .seq = 1});
  EXPECT_EQ(peer.events.error, TcpError::ConnectionReset);
  EXPECT_EQ(peer.endpoint.state(), TcpState::Closed);
  EXPECT_EQ(peer.endpoint.send(zeros(1)).error(), TcpError::ConnectionReset);
  std::uint8_t byte;
  EXPECT_EQ(peer.endpoint.receive({&byte, 1}).error(), TcpError::ConnectionReset);
  EXPECT_TRUE(peer.take().empty());
  EXPECT_TRUE(peer.executor.idle());
}

TEST(Rfc5961, B01_ResetElsewhereInTheWindowGetsAChallengeAck) {
  ScriptedPeer peer;
  peer.connect_active();
  peer.deliver({.flags = kTcpRst, .seq = 1000});
  EXPECT_EQ(peer.endpoint.state(), TcpState::Established);
  Sent const challenge = peer.take_one();
  EXPECT_TRUE(challenge.only(kTcpAck));
  EXPECT_EQ(challenge.header.acknowledgement, 1u);
  EXPECT_EQ(peer.host.tcp.counters().challenge_acks, 1u);
}

TEST(Rfc5961, B01_ResetOutsideTheWindowIsDropped) {
  ScriptedPeer peer;
  peer.connect_active();
  peer.deliver({.flags = kTcpRst, .seq = 0});
  peer.deliver({.flags = kTcpRst, .seq = 100'000'000});
  EXPECT_EQ(peer.endpoint.state(), TcpState::Established);
  EXPECT_TRUE(peer.take().empty());
}

TEST(Rfc5961, B02_SynInASynchronisedStateGetsAChallengeAckWhateverItsNumber) {
  for (std::uint32_t const seq : {0u, 1u, 500u, 0x8000'0000u}) {
    ScriptedPeer peer;
    peer.connect_active();
    peer.deliver({.flags = kTcpSyn, .seq = seq});
    EXPECT_EQ(peer.endpoint.state(), TcpState::Established);
    Sent const challenge = peer.take_one();
    EXPECT_TRUE(challenge.only(kTcpAck)) << seq;
    EXPECT_EQ(challenge.header.sequence, 1u);
  }
}

TEST(Rfc5961, B03_ChallengeAcksAreLimited) {
  ScriptedPeer peer;
  peer.connect_active();
  for (int i = 0; i < 100; ++i) peer.deliver({.flags = kTcpSyn, .seq = 500});
  EXPECT_EQ(peer.take().size(), 1u);
  peer.pass(500ms);
  peer.deliver({.flags = kTcpSyn, .seq = 500});
  EXPECT_EQ(peer.take().size(), 1u);
}

TEST(Rfc5961, B04_DataWithAnImpossibleAckIsNotTaken) {
  ScriptedPeer peer;
  peer.connect_active();
  peer.deliver({.ack = 1 - 70'000u, .bytes = 10});
  EXPECT_EQ(peer.endpoint.available(), 0u);
  EXPECT_EQ(peer.take_one().header.acknowledgement, 1u);
  peer.pass(1s);
  peer.deliver({.ack = 1 - 60'000u, .bytes = 10});
  EXPECT_EQ(peer.endpoint.available(), 10u) << "old, but possible";
}

TEST(Rfc9293, TS06_AckOfSomethingNeverSentIsAnsweredAndDropped) {
  ScriptedPeer peer;
  peer.connect_active();
  peer.deliver({.ack = 2, .bytes = 10});
  EXPECT_EQ(peer.endpoint.available(), 0u);
  EXPECT_EQ(peer.take_one().header.sequence, 1u);
}

TEST(Rfc9293, TS04_UnacceptableDataIsAnsweredAndDropped) {
  ScriptedPeer peer;
  peer.connect_active();
  peer.deliver({.seq = 100'000'000, .bytes = 10});
  peer.deliver({.seq = 1 - 10u, .bytes = 10});
  EXPECT_EQ(peer.take().size(), 2u);
  EXPECT_EQ(peer.endpoint.available(), 0u);
}

TEST(Rfc5961, B09_AcksOutsideTheWindowStartNoStorm) {
  ScriptedPeer peer;
  peer.connect_active();
  for (int i = 0; i < 50; ++i) peer.deliver({.seq = 0});
  EXPECT_EQ(peer.take().size(), 1u);
}

TEST(Rfc9293, TS11_SegmentWithoutAckIsDropped) {
  ScriptedPeer peer;
  peer.connect_active();
  peer.deliver({.flags = kTcpPsh, .bytes = 10});
  EXPECT_TRUE(peer.take().empty());
  EXPECT_EQ(peer.endpoint.available(), 0u);
}

TEST(Rfc9293, M03_SegmentsWithAWrongChecksumAreDropped) {
  ScriptedPeer peer;
  peer.connect_active();
  peer.deliver({.bytes = 10, .bad_checksum = true});
  EXPECT_EQ(peer.endpoint.available(), 0u);
  EXPECT_TRUE(peer.take().empty());
  EXPECT_EQ(peer.host.tcp.counters().checksum_errors, 1u);
}

TEST(Rfc9293, M07_SegmentsWithIllegalOptionsAreDroppedAndCounted) {
  ScriptedPeer peer;
  peer.connect_active();
  std::vector<std::uint8_t> segment(24);
  emit_tcp({.source_port = 1, .destination_port = 2, .options = {}}, segment);
  segment[12] = 6 << 4;
  segment[20] = 2;
  segment[21] = 0;
  write_tcp_checksum(kServerAddress, kClientAddress, segment);
  peer.host.arrive(segment, kServerAddress);
  peer.pass(1ms);
  EXPECT_EQ(peer.host.tcp.counters().header_errors, 1u);
  EXPECT_TRUE(peer.take().empty());
}

TEST(Rfc9293, TS05_ResetOfAnActiveSimultaneousOpenRefuses) {
  ScriptedPeer peer;
  peer.start_active();
  peer.deliver({.flags = kTcpSyn, .seq = 0});
  peer.deliver({.flags = kTcpRst, .seq = 1});
  EXPECT_EQ(peer.events.error, TcpError::ConnectionRefused);
}

TEST(TcpReset, DataThatArrivedBeforeTheResetCanStillBeRead) {
  ScriptedPeer peer;
  peer.connect_active();
  peer.deliver({.bytes = 10});
  peer.deliver({.flags = kTcpRst, .seq = 11});
  EXPECT_EQ(read_all(peer.endpoint).size(), 10u);
  std::uint8_t byte;
  EXPECT_EQ(peer.endpoint.receive({&byte, 1}).error(), TcpError::ConnectionReset);
}

// Whatever comes, nothing is read out of bounds, no invariant breaks, the host stays useful.
TEST(TcpReset, SurvivesRandomSegmentsInEveryState) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    ScriptedPeer peer;
    if (random.chance(0.5)) {
      peer.connect_passive({.mss = 1000, .window_shift = 4});
    } else {
      peer.connect_active();
    }
    for (int i = 0; i < 400; ++i) {
      auto const near = [&] { return static_cast<std::uint32_t>(random.below(4000)) - 1000; };
      ScriptedPeer::Segment segment{.flags = static_cast<std::uint8_t>(random.below(64)),
                                    .seq = near(),
                                    .ack = near(),
                                    .window = static_cast<std::uint16_t>(random.below(3000)),
                                    .bytes = random.below(1400)};
      // Mostly plain segments, or the first RST would end most rounds.
      if (!random.chance(0.02)) {
        segment.flags = static_cast<std::uint8_t>((segment.flags & ~(kTcpRst | kTcpSyn)) | kTcpAck);
      }
      peer.deliver(segment);
      if (random.chance(0.2)) (void)peer.endpoint.send(random_bytes(random.below(3000), seed));
      if (random.chance(0.2)) read_all(peer.endpoint);
      if (random.chance(0.005)) (void)peer.endpoint.shutdown_send();
      if (random.chance(0.05)) peer.pass(Duration{300ms});
      peer.take();
    }
    peer.endpoint.abort();
    peer.pass(1000s);
    EXPECT_EQ(peer.host.tcp.connections(), 0u);
    EXPECT_EQ(peer.host.pool.available(), peer.host.pool.size());
  }
}

}  // namespace
}  // namespace ringside::stack
