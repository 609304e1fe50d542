// What TCP keeps while the pool that devices receive into has few blocks left.
#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "tests/stack/transport/tcp/scripted_peer.hpp"

namespace ringside::stack {
namespace {

using namespace std::chrono_literals;

// Full segments: two of them do not fit one block.
constexpr std::uint32_t kFull = 1400;

// Sets how much a pool seems to have left, without taking anything from it.
void make_supply(HeapPacketPool& pool, Supply supply) {
  pool.reserve = 0;
  if (supply == Supply::Scarce) pool.reserve = pool.size() * 3 / 2;
  if (supply == Supply::Short) pool.reserve = pool.size() * 4;
  EXPECT_EQ(pool.supply(), supply);
}

class TcpScarcity : public ::testing::Test {
 protected:
  TcpScarcity() { peer.connect_active(); }
  // Bytes that the host acknowledges, after what is due has been sent.
  std::uint32_t acknowledged() {
    peer.pass(100ms);
    auto const sent = peer.take();
    EXPECT_FALSE(sent.empty());
    return sent.empty() ? 0 : sent.back().header.acknowledgement - 1;
  }
  std::uint64_t refused() { return peer.host.tcp.counters().dropped_no_memory; }

  ScriptedPeer peer;
  HeapPacketPool& received = peer.host.receive_pool();
};

TEST_F(TcpScarcity, EachReaderHasOnePacketAndTheNextWhenThatIsRead) {
  make_supply(received, Supply::Scarce);
  for (std::uint32_t i = 0; i < 3; ++i) peer.deliver({.seq = 1 + i * kFull, .bytes = kFull});
  EXPECT_EQ(acknowledged(), kFull);
  EXPECT_EQ(peer.endpoint.available(), kFull);
  EXPECT_EQ(refused(), 2u);
  std::vector<std::uint8_t> all(kFull);
  ASSERT_EQ(*peer.endpoint.receive(all), kFull);
  peer.take();
  peer.deliver({.seq = 1 + kFull, .bytes = kFull});
  EXPECT_EQ(acknowledged(), 2 * kFull);
}

TEST_F(TcpScarcity, SmallPacketsAreJoinedToTheOneThatIsHeld) {
  make_supply(received, Supply::Scarce);
  for (std::uint32_t i = 0; i < 100; ++i) peer.deliver({.seq = 1 + i, .bytes = 1});
  EXPECT_EQ(acknowledged(), 100u);
  EXPECT_EQ(received.size() - received.available(), 1u);
}

TEST_F(TcpScarcity, NothingIsKeptThatCameTooEarly) {
  make_supply(received, Supply::Scarce);
  peer.deliver({.seq = 1 + kFull, .bytes = kFull});
  EXPECT_EQ(received.available(), received.size());
  EXPECT_EQ(acknowledged(), 0u);
  peer.deliver({.seq = 1, .bytes = kFull});
  EXPECT_EQ(acknowledged(), kFull);
}

TEST_F(TcpScarcity, AShortPoolKeepsNoData) {
  make_supply(received, Supply::Short);
  peer.deliver({.seq = 1, .bytes = kFull});
  EXPECT_EQ(acknowledged(), 0u);
  EXPECT_EQ(received.available(), received.size());
  // What asks for no memory is heard as ever.
  peer.deliver({.flags = kTcpFin | kTcpAck, .seq = 1});
  EXPECT_EQ(acknowledged(), 1u);
  EXPECT_EQ(peer.endpoint.state(), TcpState::CloseWait);
}

TEST_F(TcpScarcity, EachWriterHasOneSegmentAndTheNextWhenThatIsAcknowledged) {
  make_supply(peer.host.pool, Supply::Scarce);
  EXPECT_EQ(*peer.endpoint.send(zeros(10'000)), 1000u);
  EXPECT_EQ(peer.endpoint.send(zeros(9'000)).error(), TcpError::WouldBlock);
  EXPECT_EQ(peer.take_one().size(), 1000u);
  peer.deliver({.ack = 1001});
  EXPECT_EQ(peer.events.writable, 1);
  EXPECT_EQ(*peer.endpoint.send(zeros(9'000)), 1000u);
}

TEST_F(TcpScarcity, AWriterWaitsForAShortPoolAndIsCalledWhenItHasMore) {
  make_supply(peer.host.pool, Supply::Short);
  EXPECT_EQ(peer.endpoint.send(zeros(10)).error(), TcpError::WouldBlock);
  make_supply(peer.host.pool, Supply::Ample);
  peer.pass(2ms);
  EXPECT_EQ(peer.events.writable, 1);
  EXPECT_EQ(*peer.endpoint.send(zeros(10)), 10u);
}

}  // namespace
}  // namespace ringside::stack
