#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <vector>

#include "Vdma_read.h"
#include "interface/base/random.hpp"
#include "tests/rtl/host/dma_memory.hpp"
#include "tests/rtl/host/dma_pins.hpp"

namespace ringside::testbench {
namespace {

constexpr std::uint64_t kSeed = 20250101;
constexpr unsigned kClients = 4;

class DmaRead : public testing::Test {
 protected:
  DmaRead() {
    SCOPED_TRACE(kSeed);
    model_.rst_i = 1;
    cycle();
    cycle();
    model_.rst_i = 0;
  }

  // Offers each client's next request and checks every answer byte by byte.
  void cycle() {
    ++host_.cycle;
    host_.drive_read();
    offer();
    model_.clk_i = 0;
    model_.eval();
    host_.sample_read();
    take();
    model_.clk_i = 1;
    model_.eval();
  }

  void offer() {
    WDataOutP const pins[] = {model_.descriptors_request_i, model_.transmit_request_i,
                              model_.events_request_i, model_.control_request_i};
    model_.request_valid_i = 0;
    for (unsigned client = 0; client < kClients; ++client) {
      if (waiting_[client].empty()) continue;
      put(waiting_[client].front(), pins[client]);
      model_.request_valid_i |= static_cast<CData>(1u << client);
    }
  }

  void take() {
    for (unsigned client = 0; client < kClients; ++client) {
      unsigned const bit = 1u << client;
      if (model_.request_valid_i & model_.request_ready_o & bit) {
        asked_[client].push_back(waiting_[client].front());
        waiting_[client].pop_front();
        ++accepted_;
      }
      if (model_.beat_valid_o & bit) answer(client, read_beat_of(model_.beat_o));
    }
    EXPECT_EQ(model_.beat_valid_o & (model_.beat_valid_o - 1), 0) << "two clients, one beat";
  }

  void answer(unsigned client, ReadBeat const& beat) {
    ASSERT_FALSE(asked_[client].empty()) << "nobody asked";
    DmaRequest& request = asked_[client].front();
    ASSERT_GE(beat.count, 1u);
    ASSERT_LE(beat.count, request.len);
    ASSERT_LE(beat.offset + beat.count, 16u);
    EXPECT_EQ(beat.offset, request.addr % 16);
    for (unsigned i = 0; i < beat.count; ++i) {
      EXPECT_EQ(beat.data[beat.offset + i], host_.memory.at(request.addr + i));
    }
    errors_ += beat.error;
    request.addr += beat.count;
    request.len = static_cast<std::uint16_t>(request.len - beat.count);
    EXPECT_EQ(beat.last, request.len == 0);
    if (beat.last) {
      asked_[client].pop_front();
      ++answered_[client];
    }
  }

  bool busy() const {
    for (unsigned client = 0; client < kClients; ++client) {
      if (!waiting_[client].empty() || !asked_[client].empty()) return true;
    }
    return false;
  }

  void run(unsigned most = 200000) {
    while (busy() && most-- > 0) cycle();
    EXPECT_FALSE(busy()) << "requests without an answer";
    for (int i = 0; i < 4; ++i) cycle();
    EXPECT_TRUE(model_.drained_o);
    EXPECT_TRUE(model_.quiescent_o);
  }

  VerilatedContext context_;
  Vdma_read model_{&context_};
  AxiHost<Vdma_read> host_{model_, Random(kSeed).stream("host")};
  Random random_ = Random(kSeed).stream("requests");
  std::deque<DmaRequest> waiting_[kClients];
  std::deque<DmaRequest> asked_[kClients];
  unsigned answered_[kClients] = {};
  unsigned accepted_ = 0;
  unsigned errors_ = 0;
};

TEST_F(DmaRead, AnswersEveryAlignmentAndLength) {
  for (unsigned len = 1; len <= 600; ++len) {
    for (unsigned offset = 0; offset < 16; ++offset) {
      // The part of the address above the row walks through the 256-byte boundary.
      std::uint64_t const row = 16 * ((len * 7 + offset) % 32);
      waiting_[1].push_back({0xFFFFFF8000000000 + row + offset, static_cast<std::uint16_t>(len)});
    }
  }
  run();
  EXPECT_EQ(answered_[1], 9600u);
}

TEST_F(DmaRead, KeepsEveryClientInOrderWhileTheirAnswersInterleave) {
  host_.behaviour = {.read_latency = 20,
                     .read_spread = 60,
                     .address_pause = 0.3,
                     .data_pause = 0.2,
                     .interleave = true};
  for (unsigned client = 0; client < kClients; ++client) {
    for (int i = 0; i < 400; ++i) {
      waiting_[client].push_back(
          {random_.below(1u << 20), static_cast<std::uint16_t>(1 + random_.below(700))});
    }
  }
  run();
  for (unsigned client = 0; client < kClients; ++client) EXPECT_EQ(answered_[client], 400u);
}

TEST_F(DmaRead, CutsAtEveryBoundaryOf256Bytes) {
  waiting_[0] = {{0x0FF4, 1526}, {0x1001, 60}, {0x2FFF, 2}};
  run();
  std::vector<std::pair<std::uint64_t, unsigned>> bursts;
  for (Burst const& burst : host_.reads) bursts.emplace_back(burst.addr, burst.beats);
  EXPECT_EQ(bursts, (std::vector<std::pair<std::uint64_t, unsigned>>{{0x0FF4, 1},
                                                                     {0x1000, 16},
                                                                     {0x1100, 16},
                                                                     {0x1200, 16},
                                                                     {0x1300, 16},
                                                                     {0x1400, 16},
                                                                     {0x1500, 15},
                                                                     {0x1001, 4},
                                                                     {0x2FFF, 1},
                                                                     {0x3000, 1}}));
}

TEST_F(DmaRead, ReachesTheLastByteOfTheAddressSpace) {
  waiting_[2] = {{0xFFFFFFFFFFFFFF01, 255}};
  run();
  EXPECT_EQ(host_.reads.size(), 1u);
}

TEST_F(DmaRead, HasManyBurstsInFlightAndNeverMoreThanItMay) {
  host_.behaviour.read_latency = 1000;
  for (int i = 0; i < 100; ++i)
    waiting_[1].push_back({0x1000u + 64u * static_cast<unsigned>(i), 64});
  run();
  EXPECT_EQ(host_.most_reads_in_flight, 64u);
}

TEST_F(DmaRead, AsksForOneBurstEachCycle) {
  host_.behaviour.read_latency = 500;
  for (unsigned i = 0; i < 60; ++i) waiting_[i % kClients].push_back({0x40u * i, 64});
  for (int i = 0; i < 64; ++i) cycle();
  EXPECT_EQ(host_.reads.size(), 60u);
  run();
}

TEST_F(DmaRead, ServesEveryClientWhileAnotherFloods) {
  for (int i = 0; i < 2000; ++i) waiting_[1].push_back({0x2000, 256});
  for (int i = 0; i < 100; ++i) cycle();
  waiting_[0].push_back({0x9000, 64});
  waiting_[2].push_back({0xA000, 4});
  for (int i = 0; i < 100; ++i) cycle();
  EXPECT_TRUE(waiting_[0].empty());
  EXPECT_TRUE(waiting_[2].empty());
  run();
}

TEST_F(DmaRead, MarksTheBeatsThatFailed) {
  host_.error_from = 0x1010;
  host_.error_to = 0x1030;
  waiting_[1] = {{0x1000, 256}, {0x1030, 16}};
  run();
  EXPECT_EQ(errors_, 2u);
  EXPECT_EQ(answered_[1], 2u);
}

TEST_F(DmaRead, SwallowsWhatIsOnItsWayWhenFlushed) {
  for (int round = 0; round < 50; ++round) {
    host_.behaviour = {.read_latency = 30,
                       .read_spread = 30,
                       .address_pause = 0.5,
                       .data_pause = 0.3,
                       .interleave = true};
    for (auto& queue : waiting_) {
      for (int i = 0; i < 20; ++i) queue.push_back({random_.below(1 << 16), 900});
    }
    for (auto n = random_.below(150); n > 0; --n) cycle();
    for (auto& queue : waiting_) queue.clear();
    for (auto& queue : asked_) queue.clear();  // from here on an answer is a failure
    model_.flush_i = 1;
    int left = 3000;
    do cycle();
    while (!model_.drained_o && --left > 0);
    ASSERT_GT(left, 0) << "not drained";
    EXPECT_EQ(host_.reads_in_flight, 0u);
    model_.flush_i = 0;
    waiting_[round % kClients] = {{random_.below(1 << 16), 300}};
    run();
  }
}

TEST_F(DmaRead, IsQuiescentWhileTheHostThinks) {
  host_.behaviour.read_latency = 200;
  waiting_[0] = {{0x1000, 64}};
  for (int i = 0; i < 10; ++i) cycle();
  EXPECT_EQ(host_.reads.size(), 1u);
  EXPECT_FALSE(model_.drained_o);
  EXPECT_TRUE(model_.quiescent_o);
  run();
}

}  // namespace
}  // namespace ringside::testbench
