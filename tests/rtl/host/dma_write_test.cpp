#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <unordered_map>
#include <vector>

#include "Vdma_write.h"
#include "interface/base/random.hpp"
#include "tests/rtl/host/dma_memory.hpp"
#include "tests/rtl/host/dma_pins.hpp"

namespace ringside::testbench {
namespace {

constexpr std::uint64_t kSeed = 20250102;
constexpr unsigned kClients = 4;
constexpr unsigned kReceive = 0;

struct LaneBeat {
  DmaBeat beat;
  unsigned lane = 0;
};

class DmaWrite : public testing::Test {
 protected:
  DmaWrite() {
    model_.rst_i = 1;
    cycle();
    cycle();
    model_.rst_i = 0;
  }

  // A request with bytes of chance, which are expected in memory from now on.
  void request(unsigned client, std::uint64_t addr, unsigned len) {
    waiting_[client].push_back({addr, static_cast<std::uint16_t>(len)});
    for (unsigned sent = 0; sent < len;) {
      LaneBeat piece;
      bool const cut = client == kReceive && cut_pieces_;
      if (cut) piece.lane = static_cast<unsigned>(random_.below(16));
      unsigned const room = 16 - piece.lane;
      piece.beat.count =
          std::min(len - sent, cut ? 1 + static_cast<unsigned>(random_.below(room)) : room);
      for (auto& byte : piece.beat.data) byte = static_cast<std::uint8_t>(random_.next());
      for (unsigned i = 0; i < piece.beat.count; ++i) {
        expected_[addr + sent + i] = piece.beat.data[piece.lane + i];
      }
      sent += piece.beat.count;
      piece.beat.last = sent == len;
      data_[client].push_back(piece);
    }
    ++asked_[client];
  }

  void cycle() {
    ++host_.cycle;
    host_.drive_write();
    offer();
    model_.clk_i = 0;
    model_.eval();
    host_.sample_write();
    take();
    model_.clk_i = 1;
    model_.eval();
  }

  // Data that is offered stays until it is taken, requests too.
  void offer() {
    WDataOutP const requests[] = {model_.receive_request_i, model_.used_request_i,
                                  model_.msix_request_i, model_.control_request_i};
    WDataOutP const beats[] = {model_.receive_beat_i, model_.used_beat_i, model_.msix_beat_i,
                               model_.control_beat_i};
    model_.request_valid_i = 0;
    for (unsigned client = 0; client < kClients; ++client) {
      CData const bit = static_cast<CData>(1u << client);
      if (!waiting_[client].empty()) {
        put(waiting_[client].front(), requests[client]);
        model_.request_valid_i |= bit;
      }
      if (data_[client].empty()) {
        offered_ &= static_cast<CData>(~bit);
      } else if (!(offered_ & bit) && !random_.chance(source_pause_)) {
        LaneBeat const& next = data_[client].front();
        put(next.beat, beats[client]);
        if (client == kReceive) model_.receive_lane_i = static_cast<CData>(next.lane);
        offered_ |= bit;
      }
    }
    model_.beat_valid_i = offered_;
  }

  void take() {
    for (unsigned client = 0; client < kClients; ++client) {
      CData const bit = static_cast<CData>(1u << client);
      if (model_.request_valid_i & model_.request_ready_o & bit) {
        waiting_[client].pop_front();
      }
      if (model_.beat_valid_i & model_.beat_ready_o & bit) {
        data_[client].pop_front();
        offered_ &= static_cast<CData>(~bit);
      }
      if (model_.done_o & bit) ++done_[client];
      if (model_.error_o & bit) {
        EXPECT_TRUE(model_.done_o & bit);
        ++errors_[client];
      }
    }
  }

  bool busy() const { return done_ != asked_; }

  void run(unsigned most = 400000) {
    while (busy() && most-- > 0) cycle();
    EXPECT_EQ(done_, asked_);
    for (int i = 0; i < 4; ++i) cycle();
    EXPECT_EQ(done_, asked_) << "done twice";
    EXPECT_TRUE(model_.drained_o);
    EXPECT_TRUE(model_.quiescent_o);
    EXPECT_TRUE(host_.idle());
  }

  // All of what was asked for is in memory, and not a byte beside it.
  void expect_image() {
    for (auto const& [addr, byte] : expected_) {
      ASSERT_EQ(host_.memory.at(addr), byte) << "at " << std::hex << addr;
    }
    EXPECT_EQ(host_.memory.written(), expected_.size());
  }

  std::vector<std::pair<std::uint64_t, unsigned>> bursts() const {
    std::vector<std::pair<std::uint64_t, unsigned>> all;
    for (Burst const& burst : host_.writes) all.emplace_back(burst.addr, burst.beats);
    return all;
  }

  Vdma_write model_;
  AxiHost<Vdma_write> host_{model_, Random(kSeed).stream("host")};
  Random random_ = Random(kSeed).stream("requests");
  bool cut_pieces_ = false;
  double source_pause_ = 0;
  std::deque<DmaRequest> waiting_[kClients];
  std::deque<LaneBeat> data_[kClients];
  CData offered_ = 0;  // data on the pins
  std::unordered_map<std::uint64_t, std::uint8_t> expected_;
  std::array<unsigned, kClients> asked_{}, done_{}, errors_{};
};

TEST_F(DmaWrite, WritesEveryAlignmentAndLengthAndNothingElse) {
  for (unsigned len = 1; len <= 600; ++len) {
    for (unsigned offset = 0; offset < 16; ++offset) {
      std::uint64_t const row = 16 * ((len * 7 + offset) % 32);
      request(len % kClients, 0x7000000000 + 0x1000 * len + row + offset, len);
    }
    run();
    if (len % 50 == 0) expect_image();
    if (HasFailure()) FAIL() << "length " << len;
  }
}

TEST_F(DmaWrite, ClosesTheGapsOfPiecesCutAnywhere) {
  cut_pieces_ = true;
  for (int i = 0; i < 600; ++i) {
    request(kReceive, 0x10000u + 0x400u * static_cast<unsigned>(i) + random_.below(256),
            1 + static_cast<unsigned>(random_.below(600)));
  }
  run();
  expect_image();
}

class DmaWriteOrder : public DmaWrite, public testing::WithParamInterface<AxiBehaviour> {};

TEST_P(DmaWriteOrder, SurvivesEveryOrderOfReady) {
  host_.behaviour = GetParam();
  cut_pieces_ = true;
  source_pause_ = 0.3;
  for (unsigned i = 0; i < 900; ++i) {
    request(i % kClients, 0x100000u + 0x400u * i + random_.below(256),
            1 + static_cast<unsigned>(random_.below(i % kClients ? 40 : 700)));
  }
  run();
  expect_image();
}

INSTANTIATE_TEST_SUITE_P(
    Host, DmaWriteOrder,
    testing::Values(AxiBehaviour{.write_latency = 30, .address_pause = 0.5, .data_pause = 0.1},
                    AxiBehaviour{.write_latency = 3, .address_pause = 0.1, .data_pause = 0.6},
                    AxiBehaviour{.data_pause = 0.1, .address_after_data = true},
                    AxiBehaviour{.address_pause = 0.2, .data_after_address = true}));

TEST_F(DmaWrite, CutsAtEveryBoundaryOf256Bytes) {
  request(kReceive, 0x0FF4, 1526);  // V110 with bursts of at most 256 bytes
  run();
  EXPECT_EQ(bursts(), (std::vector<std::pair<std::uint64_t, unsigned>>{{0x0FF4, 1},
                                                                       {0x1000, 16},
                                                                       {0x1100, 16},
                                                                       {0x1200, 16},
                                                                       {0x1300, 16},
                                                                       {0x1400, 16},
                                                                       {0x1500, 15}}));
  expect_image();
}

TEST_F(DmaWrite, SetsTheStrobesOfAnUnalignedRequest) {
  request(kReceive, 0x1001, 60);  // V111
  run();
  EXPECT_EQ(bursts(), (std::vector<std::pair<std::uint64_t, unsigned>>{{0x1001, 4}}));
  EXPECT_EQ(host_.write_beats,
            (std::vector<std::pair<std::uint16_t, bool>>{
                {0xFFFE, false}, {0xFFFF, false}, {0xFFFF, false}, {0x1FFF, true}}));
}

TEST_F(DmaWrite, SplitsTwoBytesAcrossAPage) {
  request(1, 0x2FFF, 2);  // V112
  run();
  EXPECT_EQ(bursts(), (std::vector<std::pair<std::uint64_t, unsigned>>{{0x2FFF, 1}, {0x3000, 1}}));
  EXPECT_EQ(host_.write_beats,
            (std::vector<std::pair<std::uint16_t, bool>>{{0x8000, true}, {0x0001, true}}));
  expect_image();
}

TEST_F(DmaWrite, LeavesNoGapBetweenRequests) {
  // What 64-byte frames need both ways: the packet at any alignment and two used descriptors.
  constexpr unsigned kFrames = 400;
  host_.behaviour.write_latency = 60;
  for (unsigned i = 0; i < kFrames; ++i) {
    request(kReceive, 0x100000u + 0x800u * i + i % 64, 72);
    request(1, 0x10000u + 16u * i + 8, 8);
    request(1, 0x20000u + 16u * i + 8, 8);
  }
  std::uint64_t const begin = host_.cycle;
  run();
  double const each = static_cast<double>(host_.cycle - begin) / kFrames;
  RecordProperty("cycles_per_frame", std::to_string(each));
  EXPECT_LE(each, 8.5);
  expect_image();
}

TEST_F(DmaWrite, TellsTheClientWhoseRequestFailed) {
  host_.error_from = 0x5000;
  host_.error_to = 0x5100;
  request(kReceive, 0x4F80, 512);  // the second of three bursts fails
  request(1, 0x6000, 8);
  request(2, 0x5004, 4);
  request(kReceive, 0x8000, 64);
  run();
  EXPECT_EQ(errors_, (std::array<unsigned, kClients>{1, 0, 1}));
}

TEST_F(DmaWrite, CompletesItsBurstsWithoutDataWhenFlushed) {
  cut_pieces_ = true;
  for (int round = 0; round < 60; ++round) {
    host_.behaviour = {.write_latency = 20,
                       .address_pause = 0.4,
                       .data_pause = 0.3,
                       .address_after_data = round % 2 == 1};
    source_pause_ = 0.5;
    for (unsigned i = 0; i < 30; ++i) {
      request(i % kClients, 0x100000u + 0x1000u * i, i % kClients ? 8 : 900);
    }
    for (auto n = random_.below(200); n > 0; --n) cycle();
    for (unsigned client = 0; client < kClients; ++client) {
      waiting_[client].clear();
      data_[client].clear();
    }
    model_.flush_i = 1;
    auto const before = done_;
    int left = 3000;
    do cycle();
    while (!model_.drained_o && --left > 0);
    ASSERT_GT(left, 0) << "not drained";
    EXPECT_EQ(done_, before) << "nobody is told of the old session";
    EXPECT_TRUE(host_.idle());
    for (auto const& [addr, byte] : expected_) {
      std::uint8_t const found = host_.memory.at(addr);
      ASSERT_TRUE(found == byte || found == SparseMemory::untouched(addr));
    }
    model_.flush_i = 0;
    done_ = asked_ = {};
    expected_.clear();
    host_.memory.clear();
    request(static_cast<unsigned>(round) % kClients, 0x3003, 100);
    run();
    expect_image();
    host_.memory.clear();
    expected_.clear();
  }
}

}  // namespace
}  // namespace ringside::testbench
