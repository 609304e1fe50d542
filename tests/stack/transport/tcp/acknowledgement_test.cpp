// When the receiver acknowledges, what window it offers, what it keeps that came too early.
#include <gtest/gtest.h>

#include "tests/stack/transport/tcp/scripted_peer.hpp"

namespace ringside::stack {
namespace {

using namespace std::chrono_literals;

TcpSettings without_quick_acks() {
  TcpSettings settings;
  settings.quick_acks = 0;
  return settings;
}

TEST(TcpAcknowledgement, AYoungConnectionAcknowledgesAtOnce) {
  ScriptedPeer peer;
  peer.connect_active();
  for (std::uint32_t i = 0; i < 16; ++i) {
    peer.deliver({.seq = 1 + i * 100, .bytes = 100});
    EXPECT_EQ(peer.take().size(), 1u) << i;
  }
  peer.deliver({.seq = 1601, .bytes = 100});
  EXPECT_TRUE(peer.take().empty());
}

TEST(Rfc9293, S18_ALoneSegmentIsAcknowledgedAfter40Milliseconds) {
  ScriptedPeer peer(without_quick_acks());
  peer.connect_active();
  TimePoint const start = peer.executor.now();
  peer.deliver({.bytes = 1000});
  EXPECT_TRUE(peer.take().empty());
  peer.pass(100ms);
  Sent const ack = peer.take_one();
  EXPECT_EQ(ack.when - start, Duration{40ms});
  EXPECT_EQ(ack.header.acknowledgement, 1001u);
  EXPECT_TRUE(peer.executor.idle());
}

TEST(Rfc9293, S19_EverySecondFullSegmentIsAcknowledgedAtOnce) {
  ScriptedPeer peer(without_quick_acks());
  peer.connect_active();
  for (std::uint32_t i = 0; i < 10; ++i) {
    peer.deliver({.seq = 1 + i * 1000, .bytes = 1000});
    EXPECT_EQ(peer.take().size(), i % 2) << i;
  }
}

TEST(Rfc9293, M59_SegmentsOfOnePollAreAcknowledgedTogether) {
  ScriptedPeer peer;
  peer.connect_active();
  for (std::uint32_t i = 0; i < 32; ++i) peer.send({.seq = 1 + i * 1000, .bytes = 1000});
  peer.pass(Duration{1});
  EXPECT_EQ(peer.take_one().header.acknowledgement, 32'001u);
}

TEST(TcpAcknowledgement, RidesOnDataThatLeavesBefore) {
  ScriptedPeer peer(without_quick_acks());
  peer.connect_active();
  peer.deliver({.bytes = 1000});
  ASSERT_TRUE(peer.endpoint.send(zeros(10)));
  EXPECT_EQ(peer.take_one().header.acknowledgement, 1001u);
  peer.deliver({.seq = 1001, .ack = 11});
  peer.pass(1s);
  EXPECT_TRUE(peer.take().empty());
}

TEST(Rfc5681, CC10_EachSegmentBehindAGapIsAcknowledgedAtOnceEvenInOnePoll) {
  ScriptedPeer peer(without_quick_acks());
  peer.connect_active();
  peer.send({.seq = 1, .bytes = 1000});
  for (std::uint32_t i = 2; i < 5; ++i) peer.send({.seq = 1 + i * 1000, .bytes = 1000});
  peer.pass(Duration{1});
  auto const acks = peer.take();
  ASSERT_EQ(acks.size(), 4u) << "one for what is in order, three that count as duplicates";
  for (Sent const& ack : acks) EXPECT_EQ(ack.header.acknowledgement, 1001u);
  for (Sent const& ack : acks) EXPECT_EQ(ack.header.window, acks[0].header.window);
  peer.deliver({.seq = 1001, .bytes = 1000});
  EXPECT_EQ(peer.take_one().header.acknowledgement, 5001u);
  EXPECT_EQ(peer.endpoint.info().out_of_order, 3u);
}

TEST(Rfc9293, S31_OverlappingSegmentsInAnyOrderGiveTheSameBytes) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    ScriptedPeer peer;
    peer.connect_active();
    constexpr std::uint32_t kBytes = 20'000;
    for (int i = 0; i < 200; ++i) {
      auto const at = static_cast<std::uint32_t>(random.below(kBytes));
      std::size_t const size = std::min<std::size_t>(1 + random.below(900), kBytes - at);
      peer.deliver({.seq = 1 + at, .bytes = size});
    }
    for (std::uint32_t at = 0; at < kBytes; at += 1000) {
      peer.deliver({.seq = 1 + at, .bytes = 1000});
    }
    auto const bytes = read_all(peer.endpoint);
    ASSERT_EQ(bytes.size(), kBytes);
    for (std::uint32_t i = 0; i < kBytes; ++i) {
      ASSERT_EQ(bytes[i], static_cast<std::uint8_t>(i + 1)) << i;
    }
  }
}

TEST(TcpAcknowledgement, EarlySegmentsAreBounded) {
  TcpSettings settings;
  settings.max_out_of_order_packets = 10;
  ScriptedPeer peer(settings);
  peer.connect_active();
  for (std::uint32_t i = 1; i <= 50; ++i) peer.deliver({.seq = 1 + 2 * i, .bytes = 1});
  EXPECT_EQ(peer.host.tcp.counters().dropped_no_memory, 40u);
}

TEST(TcpAcknowledgement, SingleBytesDoNotPinAPacketEach) {
  TcpSettings settings;
  settings.max_receive_packets = 16;
  ScriptedPeer peer(settings);
  peer.connect_active();
  for (std::uint32_t i = 0; i < 5000; ++i) peer.deliver({.seq = 1 + i, .bytes = 1});
  auto const bytes = read_all(peer.endpoint);
  ASSERT_EQ(bytes.size(), 5000u);
  for (std::uint32_t i = 0; i < 5000; ++i) ASSERT_EQ(bytes[i], static_cast<std::uint8_t>(i + 1));
}

TEST(Rfc9293, S14_TheWindowClosesAsDataWaitsAndItsRightEdgeNeverMovesLeft) {
  TcpSettings settings;
  settings.receive_buffer = 10'000;
  ScriptedPeer peer(settings);
  peer.connect_active();
  std::uint32_t edge = 10'001;
  for (std::uint32_t i = 0; i < 10; ++i) {
    peer.deliver({.seq = 1 + i * 1000, .bytes = 1000});
    for (Sent const& ack : peer.take()) {
      EXPECT_GE(ack.header.acknowledgement + ack.header.window, edge);
      edge = ack.header.acknowledgement + ack.header.window;
    }
  }
  peer.pass(100ms);
  peer.take();
  EXPECT_EQ(peer.endpoint.info().receive_window, 0u);
  EXPECT_EQ(edge, 10'001u);
  peer.deliver({.seq = 10'001, .bytes = 500});
  Sent const refusal = peer.take_one();
  EXPECT_EQ(refusal.header.acknowledgement, 10'001u);
  EXPECT_EQ(refusal.header.window, 0);
  EXPECT_EQ(peer.endpoint.available(), 10'000u);
}

TEST(Rfc9293, M39_TheWindowOpensByASegmentOrHalfTheBufferOrNotAtAll) {
  TcpSettings settings;
  settings.receive_buffer = 10'000;
  ScriptedPeer peer(settings);
  peer.connect_active();
  for (std::uint32_t i = 0; i < 10; ++i) peer.deliver({.seq = 1 + i * 1000, .bytes = 1000});
  peer.pass(100ms);
  peer.take();
  std::vector<std::uint8_t> some(1000);
  ASSERT_TRUE(peer.endpoint.receive(some));
  EXPECT_TRUE(peer.take().empty()) << "1000 bytes are less than a segment of 1460";
  peer.deliver({.seq = 10'000, .bytes = 1});
  EXPECT_EQ(peer.take_one().header.window, 0);
  ASSERT_TRUE(peer.endpoint.receive(some));
  EXPECT_EQ(peer.take_one().header.window, 2000);
}

TEST(Rfc9293, M66_ResetAndAckCountAtWindowZero) {
  TcpSettings settings;
  settings.receive_buffer = 2'000;
  ScriptedPeer peer(settings);
  peer.connect_active();
  ASSERT_TRUE(peer.endpoint.send(zeros(100)));
  peer.deliver({.bytes = 1000});
  peer.deliver({.seq = 1001, .bytes = 1000});
  EXPECT_EQ(peer.endpoint.info().receive_window, 0u);
  peer.deliver({.seq = 2001, .ack = 101, .bytes = 5});
  EXPECT_EQ(peer.endpoint.info().bytes_in_flight, 0u);
  EXPECT_EQ(peer.endpoint.available(), 2000u);
  peer.deliver({.flags = kTcpRst, .seq = 2001});
  EXPECT_EQ(peer.events.error, TcpError::ConnectionReset);
}

TEST(Rfc7323, WS04_RoundingByTheScaleNeverTakesBackWhatWasPromised) {
  TcpSettings settings;
  settings.receive_buffer = 100'001;
  ScriptedPeer peer(settings);
  peer.connect_active({.mss = 1000, .window_shift = 0});
  std::uint32_t seq = 1;
  std::uint32_t edge = 65'536;
  Random random(11);
  for (int i = 0; i < 300; ++i) {
    auto const size = static_cast<std::uint32_t>(1 + random.below(700));
    peer.deliver({.seq = seq, .bytes = size});
    seq += size;
    if (random.chance(0.3)) read_all(peer.endpoint);
    for (Sent const& ack : peer.take()) {
      std::uint32_t const now = ack.header.acknowledgement + ack.header.window * 256u;
      ASSERT_GE(now, edge);
      edge = now;
    }
  }
}

TEST(Rfc7323, WS04_RoundingPromisesLittleBeyondTheBuffer) {
  TcpSettings settings;
  settings.receive_buffer = 20'000;
  ScriptedPeer peer(settings);
  peer.connect_active({.mss = 1000, .window_shift = 0});
  std::uint32_t seq = 1;
  for (std::uint32_t edge = 20'001; seq < edge;) {
    std::uint32_t const size = std::min(7u, edge - seq);
    peer.deliver({.seq = seq, .bytes = size});
    seq += size;
    for (Sent const& ack : peer.take()) {
      edge = std::max(edge, ack.header.acknowledgement + ack.header.window * 256u);
    }
    ASSERT_LE(edge, 20'001u + 20'000 / 16);
  }
  EXPECT_GE(peer.endpoint.available(), 20'000u);
}

TEST(TcpAcknowledgement, AReaderThatEmptiesAClosedWindowTellsThePeerAtOnce) {
  TcpSettings settings;
  settings.receive_buffer = 20'000;
  FakeNetwork network(1, settings);
  Pair pair(network);
  auto const data = random_bytes(100'000, 3);
  ASSERT_EQ(*pair.client.send(data), data.size());
  network.executor.run_for(10s);
  EXPECT_NEAR(static_cast<double>(pair.server->available()), 20'000, 1250);
  std::vector<std::uint8_t> received;
  for (int i = 0; i < 40 && received.size() < data.size(); ++i) {
    auto const part = read_all(*pair.server);
    received.insert(received.end(), part.begin(), part.end());
    network.executor.run_for(1ms);
  }
  EXPECT_EQ(received, data);
}

}  // namespace
}  // namespace ringside::stack
