// The NIC as a whole: a frame's way out and in again, and what only the whole can show, that a
// reset drains whatever is on its way and that nothing is asked for when nothing may be.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "tests/rtl/nic_bench.hpp"

namespace ringside::testbench {
namespace {

using namespace layout;

constexpr std::uint64_t kSeed = 0x4E49'4300;
constexpr std::uint32_t kStatusOffset = offset_of(kCommonBlock, "device_status");
constexpr std::uint8_t kReady =
    kStatusAcknowledge | kStatusDriver | kStatusFeaturesOk | kStatusDriverOk;
constexpr int kQuiet = 400;  // cycles, longer than anything that is on its way

std::vector<std::uint8_t> frame(std::size_t size, std::uint8_t first) {
  std::vector<std::uint8_t> bytes(size);
  std::iota(bytes.begin(), bytes.end(), first);
  return bytes;
}

void expect_round_trip(NicBench& bench, std::vector<std::uint8_t> const& sent) {
  bench.post_receive();
  bench.notify(kReceiveQueue);
  bench.post_transmit(sent);
  bench.notify(kTransmitQueue);
  EXPECT_TRUE(bench.wait_used(kTransmitQueue));
  ASSERT_TRUE(bench.wait_used(kReceiveQueue));
  auto padded = sent;
  padded.resize(std::max<std::size_t>(sent.size(), kMinFrameBytes));
  EXPECT_EQ(bench.received(), padded);
}

AxiBehaviour slow_host() {
  return {.read_latency = 40,
          .read_spread = 40,
          .write_latency = 25,
          .address_pause = 0.2,
          .data_pause = 0.2,
          .interleave = true};
}

TEST(Nic, SendsAFrameAndReceivesItAgainWithInterruptsAndCounters) {
  NicBench bench(kSeed);
  bench.host().behaviour = slow_host();
  bench.bring_up();
  std::uint64_t octets = 0;
  int frames = 0;
  for (std::size_t const size : {14U, 59U, 60U, 61U, 333U, 1514U}) {
    expect_round_trip(bench, frame(size, static_cast<std::uint8_t>(size)));
    octets += std::max<std::size_t>(size, kMinFrameBytes) + 4;
    ++frames;
  }
  bench.run(kQuiet);
  EXPECT_TRUE(bench.resting());
  EXPECT_EQ(bench.status(), kReady);
  for (char const* name : {"tx_frames", "rx_frames", "tx_packets", "rx_packets"}) {
    EXPECT_EQ(bench.counter(name), static_cast<std::uint64_t>(frames)) << name;
  }
  for (char const* name : {"tx_octets", "rx_octets"}) {
    EXPECT_EQ(bench.counter(name), octets) << name;
  }
  EXPECT_EQ(bench.message(1), 0x51U);
  EXPECT_EQ(bench.message(2), 0x52U);
  EXPECT_EQ(bench.message(0), 0U);
  EXPECT_EQ(bench.counter("interrupts"), 2U * static_cast<unsigned>(frames));
}

TEST(Nic, CountsEachFrameWhereItEnds) {
  NicBench bench(kSeed);
  bench.bring_up();
  expect_round_trip(bench, frame(100, 1));
  for (int i = 0; i < 2; ++i) bench.post_transmit(frame(5, 2));   // shorter than its header
  for (int i = 0; i < 3; ++i) bench.post_transmit(frame(80, 3));  // nowhere to receive them
  bench.notify(kTransmitQueue);
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(bench.wait_used(kTransmitQueue));
  bench.run(kQuiet);
  struct Expected {
    char const* name;
    std::uint64_t count;
  };
  for (Expected const& expected :
       {Expected{"tx_packets", 6}, Expected{"tx_dropped_malformed", 2}, Expected{"tx_frames", 4},
        Expected{"rx_frames", 4}, Expected{"rx_dropped_no_buffer", 3}, Expected{"rx_packets", 1},
        Expected{"rx_fcs_errors", 0}, Expected{"tx_dropped_error", 0},
        Expected{"rx_dropped_error", 0}}) {
    EXPECT_EQ(bench.counter(expected.name), expected.count) << expected.name;
  }
}

// R14: whatever moment the reset comes at, the status reads 0 only when no transfer of the session
// is left, none comes later, and the next session is as good as the first.
TEST(Nic, DrainsAResetAtAnyMoment) {
  int busy = 0;
  for (int moment = 0; moment < 420; moment += 5) {
    SCOPED_TRACE(testing::Message() << "seed " << kSeed << ", reset at " << moment);
    NicBench bench(kSeed + static_cast<std::uint64_t>(moment));
    bench.host().behaviour = slow_host();
    bench.bring_up();
    for (unsigned i = 0; i < 4; ++i) bench.post_receive();
    bench.notify(kReceiveQueue);
    for (std::uint8_t i = 0; i < 4; ++i) bench.post_transmit(frame(100U + 60U * i, i));
    bench.notify(kTransmitQueue);
    bench.run(moment);
    busy += bench.host().idle() ? 0 : 1;
    bench.write(kStatusOffset, 1, 0);
    for (int i = 0; i < 500 && bench.status() != 0; ++i) bench.run(1);
    ASSERT_EQ(bench.status(), 0);
    EXPECT_TRUE(bench.host().idle());
    auto const reads = bench.host().reads.size();
    auto const writes = bench.host().writes.size();
    bench.run(kQuiet);
    EXPECT_EQ(bench.host().reads.size(), reads);
    EXPECT_EQ(bench.host().writes.size(), writes);
    EXPECT_TRUE(bench.resting());
    bench.bring_up();
    ASSERT_NO_FATAL_FAILURE(expect_round_trip(bench, frame(200, 7)));
    ASSERT_NO_FATAL_FAILURE(expect_round_trip(bench, frame(64, 8)));
    EXPECT_EQ(bench.status(), kReady);
  }
  EXPECT_GT(busy, 20) << "resets that met nothing on its way show nothing";
}

TEST(Nic, AsksForNothingWhileItIsNotBusMaster) {
  NicBench bench(kSeed);
  bench.pins().bus_master_i = 0;
  bench.bring_up();
  bench.post_receive();
  bench.post_transmit(frame(100, 1));
  bench.notify(kReceiveQueue);
  bench.notify(kTransmitQueue);
  bench.run(kQuiet);
  EXPECT_TRUE(bench.host().reads.empty());
  EXPECT_TRUE(bench.host().writes.empty());
  EXPECT_TRUE(bench.resting());
  bench.pins().bus_master_i = 1;
  EXPECT_TRUE(bench.wait_used(kTransmitQueue));
  EXPECT_TRUE(bench.wait_used(kReceiveQueue));
}

TEST(Nic, NeedsAResetAfterARingThatCanNotBeReadAndIsWellAfterIt) {
  NicBench bench(kSeed);
  bench.host().error_from = NicBench::kRing * (kTransmitQueue + 1);
  bench.host().error_to = bench.host().error_from + 16 * NicBench::kQueueSize;
  bench.bring_up();
  bench.run(kQuiet);
  EXPECT_EQ(bench.status(), kReady | kStatusNeedsReset);
  EXPECT_EQ(bench.message(0), 0x50U);
  auto const reads = bench.host().reads.size();
  bench.notify(kReceiveQueue);
  bench.notify(kTransmitQueue);
  bench.run(kQuiet);
  EXPECT_EQ(bench.host().reads.size(), reads) << "live no more";
  bench.host().error_to = 0;
  bench.write(kStatusOffset, 1, 0);
  bench.run(kQuiet);
  ASSERT_EQ(bench.status(), 0);
  bench.bring_up();
  expect_round_trip(bench, frame(100, 3));
}

// P23. Posted writes are never refused over PCIe, but AXI can say so.
TEST(Nic, NeedsAResetWhenAUsedDescriptorCanNotBeWritten) {
  NicBench bench(kSeed);
  bench.bring_up();
  bench.post_receive();
  bench.notify(kReceiveQueue);
  bench.run(kQuiet);  // fetched
  bench.host().error_from = NicBench::kRing * (kReceiveQueue + 1);
  bench.host().error_to = bench.host().error_from + 16 * NicBench::kQueueSize;
  auto const reads_of_ring = [&] {
    return std::count_if(bench.host().reads.begin(), bench.host().reads.end(), [&](auto const& r) {
      return r.addr >= bench.host().error_from && r.addr < bench.host().error_to;
    });
  };
  auto const before = reads_of_ring();
  bench.post_transmit(frame(100, 1));
  bench.notify(kTransmitQueue);
  bench.run(kQuiet);
  EXPECT_EQ(bench.status(), kReady | kStatusNeedsReset);
  EXPECT_EQ(reads_of_ring(), before) << "it was the write that failed";
  EXPECT_EQ(bench.message(0), 0x50U);
  bench.host().error_to = 0;
  bench.write(kStatusOffset, 1, 0);
  bench.run(kQuiet);
  ASSERT_EQ(bench.status(), 0);
  bench.bring_up();
  expect_round_trip(bench, frame(100, 3));
}

TEST(Nic, GivesBackEmptyABufferThatCouldNotBeWritten) {
  NicBench bench(kSeed);
  bench.bring_up();
  bench.host().error_from = 0x10'0000;  // the receive buffers
  bench.host().error_to = 0x20'0000;
  bench.post_receive();
  bench.notify(kReceiveQueue);
  bench.post_transmit(frame(100, 1));
  bench.notify(kTransmitQueue);
  ASSERT_TRUE(bench.wait_used(kReceiveQueue));
  EXPECT_TRUE(bench.received().empty());
  EXPECT_EQ(bench.counter("rx_dropped_error"), 1U);
  EXPECT_EQ(bench.counter("rx_packets"), 0U);
  EXPECT_TRUE(bench.wait_used(kTransmitQueue));
  bench.host().error_to = 0;
  expect_round_trip(bench, frame(100, 3));
  EXPECT_EQ(bench.status(), kReady);
}

TEST(Nic, CarriesOnWhenAMessageIsRefused) {
  NicBench bench(kSeed);
  bench.bring_up();
  bench.host().error_from = NicBench::kMessage;
  bench.host().error_to = NicBench::kMessage + 4 * kNumVectors;
  for (std::uint8_t i = 0; i < 3; ++i) expect_round_trip(bench, frame(100, i));
  bench.run(kQuiet);
  EXPECT_EQ(bench.status(), kReady);
  EXPECT_TRUE(bench.resting());
  EXPECT_EQ(bench.counter("interrupts"), 6U) << "tried, and not again";
}

TEST(Nic, GivesUpWhenTheHostRefusesDataTimeAndAgain) {
  NicBench bench(kSeed);
  bench.bring_up();
  // The first transmit buffers lie here; rings and messages are elsewhere.
  bench.host().error_from = 0x20'0000;
  bench.host().error_to = 0x30'0000;
  for (unsigned i = 0; i < kDataErrorsUntilReset; ++i) {
    EXPECT_EQ(bench.status(), kReady) << i;
    bench.post_transmit(frame(64, 0));
    bench.notify(kTransmitQueue);
    bench.run(kQuiet);
  }
  EXPECT_EQ(bench.status(), kReady | kStatusNeedsReset);
  EXPECT_EQ(bench.counter("tx_dropped_error"), kDataErrorsUntilReset);
  EXPECT_EQ(bench.counter("tx_frames"), 0U);
}

}  // namespace
}  // namespace ringside::testbench
