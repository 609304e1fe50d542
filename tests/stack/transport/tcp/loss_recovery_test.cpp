// What the sender does about losses: fast retransmit, partial ACKs, timeouts, window growth.
#include <gtest/gtest.h>

#include "tests/stack/transport/tcp/scripted_peer.hpp"

namespace ringside::stack {
namespace {

using namespace std::chrono_literals;

constexpr Duration kRtt = 100ms;

// Established with a measured round trip of 100 ms, segments of 1000 bytes, ten in flight.
class Sending : public ScriptedPeer {
 public:
  explicit Sending(std::uint32_t bytes = 100'000, TcpSettings const& settings = {})
      : ScriptedPeer(settings) {
    start_active();
    pass(kRtt);
    deliver({.flags = kTcpSyn | kTcpAck, .seq = 0, .ack = 1, .options = default_options()});
    take();
    EXPECT_TRUE(endpoint.send(zeros(bytes)));
  }
};

TEST(Rfc6928, CC02_TenSegmentsLeaveAtFirst) {
  Sending peer;
  auto const first = peer.take();
  ASSERT_EQ(first.size(), 10u);
  for (std::size_t i = 0; i < 10; ++i) {
    EXPECT_EQ(first[i].size(), 1000u);
    EXPECT_EQ(first[i].more, i < 9) << "the device is told of all at once";
  }
}

TEST(Rfc5681, CC04_SlowStartGrowsByWhatIsAcknowledged) {
  Sending peer;
  peer.take();
  peer.deliver({.ack = 2001});
  EXPECT_EQ(peer.take().size(), 4u);
  peer.deliver({.ack = 10'001});
  EXPECT_EQ(peer.endpoint.info().congestion_window, 20'000u);
}

TEST(Rfc5681, CC04_WithRfcSettingsSlowStartGrowsByOneSegmentAnAck) {
  Sending peer(100'000, rfc_settings());
  peer.take();
  peer.deliver({.ack = 4001});
  EXPECT_EQ(peer.endpoint.info().congestion_window, 11'000u);
}

TEST(Rfc5681, CC12_AWindowThatIsNotUsedDoesNotGrow) {
  Sending peer(5000);
  EXPECT_EQ(peer.take().size(), 5u);
  peer.deliver({.ack = 5001});
  EXPECT_EQ(peer.endpoint.info().congestion_window, 10'000u);
  ASSERT_TRUE(peer.endpoint.send(zeros(9000)));
  peer.take();
  peer.deliver({.ack = 14'001});
  EXPECT_EQ(peer.endpoint.info().congestion_window, 19'000u);
}

TEST(Rfc5681, CC09_TheFirstTwoDuplicatesSendOneNewSegmentEach) {
  Sending peer;
  peer.take();
  for (std::uint32_t i = 0; i < 2; ++i) {
    peer.deliver({.ack = 1});
    Sent const extra = peer.take_one();
    EXPECT_EQ(extra.header.sequence, 10'001 + i * 1000);
    EXPECT_EQ(peer.endpoint.info().congestion_window, 10'000u);
  }
}

TEST(Rfc5681, CC08_TheThirdDuplicateRetransmitsAtOnce) {
  Sending peer;
  peer.take();
  for (int i = 0; i < 2; ++i) peer.deliver({.ack = 1});
  peer.take();
  peer.deliver({.ack = 1});
  Sent const again = peer.take_one();
  EXPECT_EQ(again.header.sequence, 1u);
  EXPECT_EQ(again.size(), 1000u);
  TcpInfo const info = peer.endpoint.info();
  EXPECT_TRUE(info.in_recovery);
  EXPECT_EQ(info.slow_start_threshold, 6000u) << "half of the twelve in flight";
  EXPECT_EQ(info.congestion_window, 9000u);
  EXPECT_EQ(info.timeouts, 0u);
}

TEST(Rfc5681, CC08_AcksWithDataOrANewWindowAreNoDuplicates) {
  Sending peer;
  peer.take();
  for (std::uint32_t i = 0; i < 5; ++i) {
    peer.deliver({.seq = 1 + i * 10, .ack = 1, .bytes = 10});
    peer.deliver({.seq = 11 + i * 10, .ack = 1, .window = static_cast<std::uint16_t>(60'000 + i)});
  }
  EXPECT_FALSE(peer.endpoint.info().in_recovery);
  EXPECT_EQ(peer.endpoint.info().retransmissions, 0u);
}

TEST(Rfc6582, NR05_TheFullAckEndsRecovery) {
  Sending peer;
  peer.take();
  for (int i = 0; i < 3; ++i) peer.deliver({.ack = 1});
  peer.take();
  peer.deliver({.ack = 12'001});
  TcpInfo const info = peer.endpoint.info();
  EXPECT_FALSE(info.in_recovery);
  EXPECT_LE(info.congestion_window, info.slow_start_threshold);
  EXPECT_EQ(info.fast_retransmits, 1u);
  EXPECT_EQ(info.retransmissions, 1u);
}

TEST(Rfc6582, NR03_APartialAckResendsTheNextHoleAndStaysInRecovery) {
  Sending peer;
  peer.take();
  for (int i = 0; i < 3; ++i) peer.deliver({.ack = 1});
  peer.take();
  std::uint32_t const before = peer.endpoint.info().congestion_window;
  peer.deliver({.ack = 4001});
  auto const segments = peer.take();
  ASSERT_FALSE(segments.empty());
  EXPECT_EQ(segments[0].header.sequence, 4001u);
  TcpInfo const info = peer.endpoint.info();
  EXPECT_TRUE(info.in_recovery);
  EXPECT_EQ(info.congestion_window, before - 4000 + 1000);
  peer.deliver({.ack = 7001});
  EXPECT_EQ(peer.take()[0].header.sequence, 7001u);
  EXPECT_EQ(peer.endpoint.info().fast_retransmits, 1u);
  EXPECT_EQ(peer.endpoint.info().timeouts, 0u);
}

TEST(Rfc6582, NR02_DuplicatesAfterATimeoutStartNoRecovery) {
  Sending peer;
  peer.take();
  peer.pass(400ms);
  ASSERT_EQ(peer.endpoint.info().timeouts, 1u);
  peer.deliver({.ack = 6001});
  peer.take();
  for (int i = 0; i < 6; ++i) peer.deliver({.ack = 6001});
  EXPECT_FALSE(peer.endpoint.info().in_recovery);
  EXPECT_EQ(peer.endpoint.info().fast_retransmits, 0u);
}

TEST(Rfc6298, RO04_TheFirstSampleGivesRttPlusTheFloorOfTheVariance) {
  Sending peer;
  EXPECT_EQ(peer.endpoint.info().smoothed_rtt, kRtt);
  EXPECT_EQ(peer.endpoint.info().rto, Duration{300ms}) << "100 ms + max(200 ms, 4 * 50 ms)";
}

TEST(Rfc6298, RO10_ExpiryResendsTheEarliestSegmentAloneAndDoubles) {
  Sending peer;
  TimePoint const start = peer.executor.now();
  peer.take();
  peer.pass(3s);
  auto const again = peer.take();
  ASSERT_EQ(again.size(), 3u);
  Duration at = 0ms;
  for (std::size_t i = 0; i < 3; ++i) {
    at += Duration{300ms} * (1 << i);
    EXPECT_NEAR(static_cast<double>((again[i].when - start - at).count()), 0, 10);
    EXPECT_EQ(again[i].header.sequence, 1u);
  }
  EXPECT_EQ(peer.endpoint.info().congestion_window, 1000u);
}

TEST(Rfc5681, CC07_ASecondTimeoutOfTheSameSegmentKeepsTheThreshold) {
  Sending peer;
  peer.pass(310ms);
  EXPECT_EQ(peer.endpoint.info().slow_start_threshold, 5000u);
  peer.pass(1s);
  EXPECT_EQ(peer.endpoint.info().timeouts, 2u);
  EXPECT_EQ(peer.endpoint.info().slow_start_threshold, 5000u);
}

TEST(Rfc9293, M18_NoSampleComesFromRetransmittedSegments) {
  Sending peer(1000);
  peer.pass(1000ms);
  peer.deliver({.ack = 1001});
  EXPECT_EQ(peer.endpoint.info().smoothed_rtt, kRtt);
  EXPECT_EQ(peer.endpoint.info().backoff, 2u) << "stays until a valid sample (RO-12)";
  ASSERT_TRUE(peer.endpoint.send(zeros(1000)));
  peer.pass(kRtt);
  peer.deliver({.ack = 2001});
  EXPECT_EQ(peer.endpoint.info().backoff, 0u);
  EXPECT_EQ(peer.endpoint.info().rto, Duration{300ms});
}

TEST(Rfc6298, RO09_TheTimerStopsWhenAllIsAcknowledged) {
  Sending peer(3000);
  peer.deliver({.ack = 3001});
  EXPECT_TRUE(peer.executor.idle());
}

TEST(Rfc5681, CC11_AfterAPauseTheWindowIsTheInitialOneAgain) {
  Sending peer(40'000);
  std::uint32_t acked = 1;
  while (acked < 40'001) {
    acked = std::min(acked + 10'000, 40'001u);
    peer.deliver({.ack = acked});
  }
  EXPECT_GT(peer.endpoint.info().congestion_window, 20'000u);
  peer.take();
  peer.pass(5s);
  ASSERT_TRUE(peer.endpoint.send(zeros(40'000)));
  EXPECT_EQ(peer.take().size(), 10u);
}

TEST(Rfc9293, S11_AConnectionThatHearsNothingTimesOutAfter100SecondsAtTheEarliest) {
  Sending peer;
  peer.pass(100s);
  EXPECT_EQ(peer.events.errors, 0);
  peer.pass(1200s);
  EXPECT_EQ(peer.events.error, TcpError::TimedOut);
  EXPECT_EQ(peer.endpoint.send(zeros(1)).error(), TcpError::TimedOut);
  EXPECT_TRUE(peer.executor.idle());
}

TEST(Rfc5482, TS16_TheUserTimeoutIsSetByTheApplication) {
  Sending peer;
  peer.endpoint.set_user_timeout(3s);
  peer.pass(2s);
  EXPECT_EQ(peer.events.errors, 0);
  peer.pass(5s);
  EXPECT_EQ(peer.events.error, TcpError::TimedOut);
}

TEST(TcpLossRecovery, ASingleLossIsMendedWithoutATimeout) {
  for (std::size_t lost = 3; lost < 200; lost += 13) {
    SCOPED_TRACE(lost);
    FakeNetwork network;
    network.byte_time = kByteTime;
    std::size_t data_segments = 0;
    network.lose = [&](Sent const& sent) {
      return sent.source == kClientAddress && sent.size() > 0 && ++data_segments == lost;
    };
    Pair pair(network);
    Transfer transfer(pair.client, pair.client_events, *pair.server, pair.server_events,
                      random_bytes(400'000, lost));
    network.executor.run_for(1s);
    EXPECT_TRUE(transfer.complete());
    EXPECT_EQ(pair.client.info().timeouts, 0u);
    EXPECT_EQ(pair.client.info().fast_retransmits, 1u);
    EXPECT_EQ(pair.client.info().retransmissions, 1u);
  }
}

TEST(TcpLossRecovery, SeveralLossesInOneWindowAreMendedByPartialAcks) {
  FakeNetwork network;
  network.byte_time = kByteTime;
  std::size_t data_segments = 0;
  network.lose = [&](Sent const& sent) {
    if (sent.source != kClientAddress || sent.size() == 0) return false;
    ++data_segments;
    return data_segments == 50 || data_segments == 53 || data_segments == 60;
  };
  Pair pair(network);
  Transfer transfer(pair.client, pair.client_events, *pair.server, pair.server_events,
                    random_bytes(400'000, 1));
  network.executor.run_for(1s);
  EXPECT_TRUE(transfer.complete());
  EXPECT_EQ(pair.client.info().timeouts, 0u);
  EXPECT_EQ(pair.client.info().fast_retransmits, 1u);
  EXPECT_EQ(pair.client.info().retransmissions, 3u);
}

TEST(TcpLossRecovery, ARetransmissionNeverWritesIntoAPacketThatIsStillBelow) {
  // The device reads each packet a second late: every retransmission meets a shared block.
  Sending peer;
  peer.host.hold = 1s;
  ASSERT_TRUE(peer.endpoint.send(zeros(1)));
  peer.deliver({.ack = 10'001});
  peer.take();
  peer.pass(800ms);
  EXPECT_GE(peer.endpoint.info().retransmissions, 1u);
  EXPECT_GE(peer.host.tcp.counters().transmit_copies, 1u);
  peer.pass(10s);
  EXPECT_EQ(peer.host.scribbled, 0u);
}

TEST(TcpLossRecovery, AFullQueueBelowHoldsSegmentsBackAndLosesNone) {
  Sending peer(5000);
  peer.take();
  peer.deliver({.ack = 5001});
  peer.host.refuse_next = 3;
  ASSERT_TRUE(peer.endpoint.send(zeros(5000)));
  EXPECT_TRUE(peer.take().empty());
  peer.pass(20ms);
  auto const sent = peer.take();
  ASSERT_EQ(sent.size(), 5u);
  EXPECT_EQ(sent[0].header.sequence, 5001u);
}

TEST(Rfc1191, P01_ASmallerPathResendsSmallerWithoutCongestion) {
  Sending peer;
  std::vector<std::uint8_t> quoted(8);
  store_be<std::uint16_t>(&quoted[0], peer.endpoint.local().port);
  store_be<std::uint16_t>(&quoted[2], ScriptedPeer::kPeerPort);
  store_be<std::uint32_t>(&quoted[4], peer.first_syn.header.sequence + 1 + 200'000);
  peer.take();
  auto const report = [&](std::uint16_t mtu) {
    peer.host.tcp.problem(IcmpProblem::FragmentationNeeded, kClientAddress, kServerAddress, quoted,
                          mtu);
  };
  report(800);
  EXPECT_TRUE(peer.take().empty()) << "P-04: quotes what was never sent";
  store_be<std::uint32_t>(&quoted[4], peer.first_syn.header.sequence + 1);
  std::uint32_t const window = peer.endpoint.info().congestion_window;
  report(800);
  auto const again = peer.take();
  ASSERT_FALSE(again.empty());
  EXPECT_EQ(again[0].header.sequence, 1u);
  for (Sent const& segment : again) EXPECT_LE(segment.size(), 760u);
  EXPECT_EQ(peer.endpoint.info().congestion_window, window);
  report(68);
  EXPECT_EQ(peer.endpoint.info().mss, 512) << "P-02: a floor of 552";
  EXPECT_EQ(peer.host.path_mtus, (std::vector<std::uint16_t>{800, 68}));
}

TEST(Rfc9293, TS17_NumbersWrapAroundInBothDirections) {
  for (std::uint32_t const back : {1u, 16u, 999u, 5000u}) {
    ScriptedPeer peer({}, 0u - back);
    // The clock is set so that our own numbers wrap too.
    peer.start_active();
    peer.endpoint.abort();
    std::uint64_t const steps = 0u - back - peer.first_syn.header.sequence;
    peer.pass(Duration{4us} * static_cast<std::int64_t>(steps));
    ASSERT_TRUE(peer.endpoint.bind({{}, peer.first_syn.header.source_port}));
    peer.connect_active();
    ASSERT_EQ(peer.first_syn.header.sequence, 0u - back);
    ASSERT_TRUE(peer.endpoint.send(zeros(10'000)));
    EXPECT_EQ(peer.take().size(), 10u);
    for (std::uint32_t i = 0; i < 10; ++i) {
      peer.deliver({.seq = 1 + i * 1000, .ack = 1 + i * 1000, .bytes = 1000});
    }
    peer.deliver({.flags = kTcpFin | kTcpAck, .seq = 10'001, .ack = 10'001});
    EXPECT_EQ(read_all(peer.endpoint).size(), 10'000u);
    EXPECT_EQ(peer.endpoint.info().bytes_acked, 10'000u);
    EXPECT_EQ(peer.endpoint.state(), TcpState::CloseWait);
    EXPECT_TRUE(peer.executor.idle());
  }
}

}  // namespace
}  // namespace ringside::stack
