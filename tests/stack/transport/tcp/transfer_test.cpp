// Whole transfers over links that lose, repeat, disorder and spoil: every byte arrives, once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/stack/transport/tcp/fake_network.hpp"

namespace ringside::stack {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMegabyte = 1 << 20;

void transfer_one_megabyte(std::uint64_t seed, LinkFaults const& faults) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  FakeNetwork network(seed);
  network.client.hold = 20us;
  network.server.hold = 20us;
  network.byte_time = kByteTime;
  network.faults = faults;
  Pair pair(network);
  Transfer transfer(pair.client, pair.client_events, *pair.server, pair.server_events,
                    random_bytes(kMegabyte, seed));
  network.executor.run_for(600s);
  EXPECT_TRUE(transfer.complete()) << transfer.received() << " bytes arrived";
  EXPECT_EQ(pair.client_events.errors, 0);
  EXPECT_EQ(network.client.scribbled + network.server.scribbled, 0u);
}

TEST(TcpTransfer, MovesAMegabyteWithoutRetransmissionOnAPerfectLink) {
  FakeNetwork network;
  network.byte_time = kByteTime;
  Pair pair(network);
  Transfer transfer(pair.client, pair.client_events, *pair.server, pair.server_events,
                    random_bytes(kMegabyte, 7));
  network.executor.run_for(1s);
  EXPECT_TRUE(transfer.complete());
  EXPECT_EQ(pair.client.info().retransmissions, 0u);
  EXPECT_EQ(pair.client.info().bytes_acked, kMegabyte);
  EXPECT_EQ(pair.server->info().bytes_received, kMegabyte);
}

TEST(TcpTransfer, CopiesEachPacketOnceOnEachSide) {
  FakeNetwork network;
  network.byte_time = kByteTime;
  Pair pair(network);
  Transfer transfer(pair.client, pair.client_events, *pair.server, pair.server_events,
                    random_bytes(kMegabyte, 7));
  network.executor.run_for(1s);
  ASSERT_TRUE(transfer.complete());
  for (FakeHost* host : {&network.client, &network.server}) {
    TcpCounters const& counters = host->tcp.counters();
    EXPECT_EQ(counters.copied_bytes, kMegabyte);
    EXPECT_EQ(counters.copies, counters.data_packets);
    EXPECT_EQ(counters.transmit_copies, 0u);
  }
  EXPECT_EQ(network.executor.spent(Work::CopyByte), 2 * kMegabyte);
}

TEST(TcpTransfer, ArrivesWholeOverLinksThatLose) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    transfer_one_megabyte(seed, {.loss = 0.01 * static_cast<double>(seed % 11)});
  }
}

TEST(TcpTransfer, ArrivesWholeOverLinksThatDuplicateAndReorder) {
  for (std::uint64_t seed = 100; seed < 108; ++seed) {
    transfer_one_megabyte(seed, {.loss = 0, .duplicate = 0.1, .reorder = 0.2});
  }
}

TEST(TcpTransfer, ArrivesWholeOverLinksThatDoAllOfItAndFlipBits) {
  for (std::uint64_t seed = 200; seed < 208; ++seed) {
    transfer_one_megabyte(seed, {.loss = 0.03, .duplicate = 0.05, .reorder = 0.1, .corrupt = 0.02});
  }
}

TEST(TcpTransfer, BothDirectionsAtOnceArriveWhole) {
  for (std::uint64_t seed = 300; seed < 304; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    FakeNetwork network(seed);
    network.byte_time = kByteTime;
    network.faults = {.loss = 0.02, .duplicate = 0.02, .reorder = 0.05};
    Pair pair(network);
    Transfer there(pair.client, pair.client_events, *pair.server, pair.server_events,
                   random_bytes(kMegabyte / 2, seed));
    Transfer back(*pair.server, pair.server_events, pair.client, pair.client_events,
                  random_bytes(kMegabyte / 2, seed + 1));
    network.executor.run_for(600s);
    EXPECT_TRUE(there.complete());
    EXPECT_TRUE(back.complete());
    EXPECT_EQ(pair.client_events.errors + pair.server_events.errors, 0);
  }
}

TEST(TcpTransfer, IsTheSameTwiceWithOneSeed) {
  std::vector<Sent> runs[2];
  for (auto& run : runs) {
    FakeNetwork network(5);
    network.faults = {.loss = 0.02, .duplicate = 0.02, .reorder = 0.05};
    Pair pair(network);
    Transfer transfer(pair.client, pair.client_events, *pair.server, pair.server_events,
                      random_bytes(200'000, 5));
    network.executor.run_for(100s);
    run = network.client.take_sent();
  }
  ASSERT_EQ(runs[0].size(), runs[1].size());
  for (std::size_t i = 0; i < runs[0].size(); ++i) {
    ASSERT_EQ(runs[0][i].when, runs[1][i].when);
    ASSERT_EQ(runs[0][i].header, runs[1][i].header);
  }
}

TEST(TcpTransfer, IdleConnectionsHaveNoEvents) {
  FakeNetwork network;
  Pair pair(network);
  ASSERT_TRUE(pair.client.send(random_bytes(100'000, 1)));
  network.executor.run_for(1s);
  EXPECT_EQ(read_all(*pair.server).size(), 100'000u);
  network.executor.run_for(1s);
  EXPECT_EQ(pair.client.state(), TcpState::Established);
  EXPECT_TRUE(network.executor.idle());
}

TEST(TcpTransfer, SurvivesAPoolThatIsTooSmall) {
  FakeNetwork network(3);
  FakeHost small(network.executor, kClientAddress, 9, {}, 24);
  small.on_sent = network.client.on_sent;
  small.hold = 5us;
  TcpEndpoint client(small.tcp);
  TcpEndpoint listener(network.server.tcp);
  ASSERT_TRUE(listener.bind({{}, 80}));
  ASSERT_TRUE(listener.listen(4));
  // The link knows the other client: what the server sends goes to the small one.
  network.server.on_sent = [&](std::vector<std::uint8_t> const& bytes) {
    network.executor.run_at(network.executor.now() + 50us, Context::Interrupt,
                            [&, bytes] { small.arrive(bytes, kServerAddress); });
  };
  small.on_sent = [&](std::vector<std::uint8_t> const& bytes) {
    network.executor.run_at(network.executor.now() + 50us, Context::Interrupt,
                            [&, bytes] { network.server.arrive(bytes, kClientAddress); });
  };
  Recorder client_events, server_events;
  client.observe(&client_events);
  ASSERT_TRUE(client.connect({kServerAddress, 80}));
  network.executor.run_for(10ms);
  auto server = listener.accept();
  ASSERT_TRUE(server);
  server->observe(&server_events);
  Transfer transfer(client, client_events, *server, server_events, random_bytes(300'000, 4));
  network.executor.run_for(200s);
  EXPECT_TRUE(transfer.complete()) << transfer.received();
  EXPECT_GT(small.pool.refused(), 0u);
  EXPECT_EQ(small.scribbled, 0u);
}

}  // namespace
}  // namespace ringside::stack
