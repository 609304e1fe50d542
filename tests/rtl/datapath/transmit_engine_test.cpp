#include <gtest/gtest.h>

#include <vector>

#include "tests/rtl/datapath/transmit_engine_fixture.hpp"

namespace ringside::testbench {
namespace {

TEST_F(TransmitEngine, SendsEveryLengthFromEveryAlignment) {
  std::vector<Bytes> frames;
  for (unsigned len = 14; len <= 600; ++len) {
    frames.push_back(chance_bytes(len));
    send(packet(frames.back()), {}, len * 7 % 256);
  }
  for (unsigned offset = 0; offset < 16; ++offset) {
    for (unsigned len = 14; len < 80; ++len) {
      frames.push_back(chance_bytes(len));
      send(packet(frames.back()), {}, offset);
    }
  }
  bench_.run(200000);
  expect_sent(frames);
  EXPECT_EQ(bench_.counts.tx_malformed, 0u);
}

TEST_F(TransmitEngine, JoinsElementsSplitAnywhere) {
  std::vector<Bytes> frames;
  for (unsigned split = 1; split < 90; ++split) {
    frames.push_back(chance_bytes(80));
    send(packet(frames.back()), {split}, split % 19);
  }
  for (int i = 0; i < 200; ++i) {
    frames.push_back(chance_bytes(14 + bench_.random.below(1505)));
    std::vector<std::uint32_t> lengths;
    std::size_t left = frames.back().size() + header_;
    while (left > 1 && lengths.size() < 40 && bench_.random.chance(0.8)) {
      auto const most = std::min<std::uint64_t>(left - 1, bench_.random.chance(0.5) ? 20 : 400);
      lengths.push_back(static_cast<std::uint32_t>(1 + bench_.random.below(most)));
      left -= lengths.back();
    }
    send(packet(frames.back()), lengths, static_cast<unsigned>(bench_.random.below(4096)));
  }
  bench_.pause = 0.2;
  bench_.host.behaviour = {
      .read_latency = 60, .read_spread = 40, .address_pause = 0.2, .data_pause = 0.2};
  bench_.run(200000);
  expect_sent(frames);
}

TEST_F(TransmitEngine, TakesAHeaderOfOneByteElements) {  // T13
  Bytes const frame = chance_bytes(60);
  send(packet(frame), std::vector<std::uint32_t>(30, 1), 4090);
  bench_.run();
  expect_sent({frame});
}

TEST_F(TransmitEngine, SkipsElementsThatAreEmptyOrWritable) {  // P7, P8
  Bytes const frame = chance_bytes(100);
  Bytes const bytes = packet(frame);
  element(0xDEAD000, 0, false, false);
  for (unsigned i = 0; i < bytes.size(); ++i) bench_.host.memory.set(kBase + i, bytes[i]);
  element(kBase, 50, false, false);
  element(0xDEAD000, 0, false, false);
  element(kBase + 50, 62, false, false);
  element(0xDEAD000, 4096, true, false);
  element(0xDEAD000, 0, false, true);
  send(packet(frame), {});
  bench_.run();
  expect_sent({frame, frame});
  for (Burst const& burst : bench_.host.reads) EXPECT_NE(burst.addr & ~0xFFFu, 0xDEAD000u);
}

TEST_F(TransmitEngine, DropsWhatIsNoFrameAndGivesItsBufferBack) {  // T1, T2, P7, P9
  Bytes const good = chance_bytes(64);
  for (unsigned len = 1; len < 26; ++len) {
    send(Bytes(len, 0), {});
    if (len % 4 == 0) send(packet(good), {});
  }
  element(0x1000, 0, false, true);
  element(0x1000, 1500, true, true);
  send(packet(good), {});
  bench_.run();
  expect_sent(std::vector<Bytes>(7, good));
  EXPECT_EQ(bench_.counts.tx_malformed, 27u);
  EXPECT_EQ(bench_.counts.tx_errors, 0u);
}

TEST_F(TransmitEngine, SendsTheLongestFrameAndDropsALongerOne) {  // T4
  Bytes const longest = chance_bytes(1518);
  send(packet(longest), {700});
  send(packet(chance_bytes(1519)), {700});
  send(packet(chance_bytes(1519)), {});
  send(packet(longest), {});
  bench_.run();
  expect_sent({longest, longest});
  EXPECT_EQ(bench_.counts.tx_malformed, 2u);
}

TEST_F(TransmitEngine, ReadsNoFurtherThanTheLongestFrame) {  // P10
  element(0x100000, 64, false, false);
  for (int i = 0; i < 20; ++i) element(0x200000, 0xFFFFFFFF, false, i == 19);
  element(0x300000, 0xFFFFFFFF, false, true);
  element(0x400000, 1531, false, true);
  for (int i = 0; i < 200; ++i)
    element(0x500000 + 4096u * static_cast<unsigned>(i), 100, false, i == 199);
  Bytes const good = chance_bytes(64);
  send(packet(good), {});
  bench_.run();
  expect_sent({good});
  EXPECT_EQ(bench_.counts.tx_malformed, 4u);
  unsigned beats = 0;
  for (Burst const& burst : bench_.host.reads) beats += burst.beats;
  EXPECT_LT(beats, 5u + 15u * 8u + 10u) << "bytes beyond the longest frame were read";
}

TEST_F(TransmitEngine, DropsAFrameThatAsksForAnOffloadNobodyOffered) {  // T5, T7
  Bytes const good = chance_bytes(64);
  auto const with = [&](std::uint8_t flags, std::uint8_t gso_type) {
    Bytes bytes = packet(chance_bytes(300));
    bytes[0] = flags;
    bytes[1] = gso_type;
    return bytes;
  };
  for (unsigned split : {1u, 2u, 5u, 12u, 40u}) {
    send(with(1, 0), {split}, split);  // NEEDS_CSUM
    send(with(0, 1), {split}, split);  // TCPv4 without its checksum
    send(with(0, 0x80), {split}, split);
    send(with(0xFE, 0), {split}, split);  // unknown flags are ignored: T11
    send(packet(good), {split}, split);
  }
  bench_.run();
  EXPECT_EQ(bench_.sent.size(), 10u);
  EXPECT_EQ(bench_.counts.tx_malformed, 15u);
  EXPECT_EQ(bench_.tx_used, expected_used_);
}

TEST_F(TransmitEngine, DropsMacControlFramesOfTheHost) {  // T15
  auto const of_type = [&](std::uint16_t type, std::size_t size) {
    Bytes frame = chance_bytes(size);
    frame[12] = static_cast<std::uint8_t>(type >> 8);
    frame[13] = static_cast<std::uint8_t>(type);
    return frame;
  };
  std::vector<Bytes> frames;
  for (std::size_t size : {14u, 15u, 16u, 17u, 60u, 900u}) {
    for (unsigned split : {1u, 12u, 24u, 25u}) {
      send(packet(of_type(0x8808, size)), {split}, split);
      for (std::uint16_t neighbour : {0x8809, 0x0888, 0x8908}) {
        frames.push_back(of_type(neighbour, size));
        send(packet(frames.back()), {split}, split);
      }
    }
  }
  // Only the type counts, not the same bytes elsewhere.
  frames.push_back(Bytes(200, 0));
  for (std::size_t at : {10u, 14u, 28u, 44u}) {
    frames.back()[at] = 0x88;
    frames.back()[at + 1] = 0x08;
  }
  send(packet(frames.back()), {13}, 3);
  bench_.run();
  expect_sent(frames);
  EXPECT_EQ(bench_.counts.tx_malformed, 24u);
  EXPECT_EQ(bench_.counts.tx_errors, 0u);
}

TEST_F(TransmitEngine, DropsTheFrameWhoseReadFailed) {
  Bytes const good = chance_bytes(900);
  for (unsigned row : {0u, 16u, 400u, 896u}) {
    send(packet(good), {});
    bench_.host.error_from = next_;
    bench_.host.error_to = next_;
    send(packet(chance_bytes(900)), {});
    bench_.host.error_from += row;
    bench_.host.error_to += row + 16;
    send(packet(good), {450});
    bench_.run();
  }
  expect_sent(std::vector<Bytes>(8, good));
  EXPECT_EQ(bench_.counts.tx_errors, 4u);
  EXPECT_EQ(bench_.counts.tx_malformed, 0u);
}

TEST_F(TransmitEngine, KeepsTheLineFullAtTheLatencyOfAServer) {
  // 64-byte frames (60 without FCS) each 10.5 cycles, 700 ns from read to answer, with the used
  // writes on the bus as well.
  constexpr unsigned kFrames = 600;
  bench_.host.behaviour = {.read_latency = 110, .write_latency = 30};
  bench_.used_writes = true;
  for (unsigned i = 0; i < kFrames; ++i) send(packet(chance_bytes(60)), {}, i % 16 + i % 3 * 80);
  for (int i = 0; i < 300; ++i) bench_.cycle();
  std::size_t const before = bench_.sent.size();
  for (int i = 0; i < 2100; ++i) bench_.cycle();
  double const each = 2100.0 / static_cast<double>(bench_.sent.size() - before);
  RecordProperty("cycles_per_frame", std::to_string(each));
  EXPECT_LE(each, 10.5);
  bench_.run();
  EXPECT_EQ(bench_.sent.size(), kFrames);
}

TEST_F(TransmitEngine, KeepsTheLineFullWhenTheHeaderHasAnElementOfItsOwn) {
  constexpr unsigned kFrames = 400;
  bench_.host.behaviour = {.read_latency = 110, .write_latency = 30};
  for (unsigned i = 0; i < kFrames; ++i) send(packet(chance_bytes(60)), {12}, i % 16);
  for (int i = 0; i < 300; ++i) bench_.cycle();
  std::size_t const before = bench_.sent.size();
  for (int i = 0; i < 2100; ++i) bench_.cycle();
  EXPECT_LE(2100.0 / static_cast<double>(bench_.sent.size() - before), 10.5);
  bench_.run();
}

TEST_F(TransmitEngine, AsksForNoMoreThanItHasRoomFor) {
  // The frame buffer takes nothing for a while; every answer still finds its place.
  std::vector<Bytes> frames;
  for (int i = 0; i < 30; ++i) {
    frames.push_back(chance_bytes(1500));
    send(packet(frames.back()), {}, 15);
  }
  bench_.pause = 1;
  for (int i = 0; i < 3000; ++i) bench_.cycle();
  unsigned beats = 0;
  for (Burst const& burst : bench_.host.reads) beats += burst.beats;
  EXPECT_GT(beats, 400u);
  EXPECT_LE(beats, 520u);
  EXPECT_TRUE(bench_.sent.empty());
  bench_.pause = 0;
  bench_.run();
  expect_sent(frames);
}

TEST_F(TransmitEngine, StartsNothingWhileTheDeviceIsNotLive) {
  bench_.model.live_i = 0;
  send(packet(chance_bytes(60)), {});
  for (int i = 0; i < 100; ++i) bench_.cycle();
  EXPECT_TRUE(bench_.host.reads.empty());
  EXPECT_EQ(bench_.tx_queue.left(), 1u);
}

TEST_F(TransmitEngine, StartsCleanAfterAFlushInTheMiddleOfTraffic) {
  for (int round = 0; round < 60; ++round) {
    bench_.pause = 0.3;
    bench_.host.behaviour = {
        .read_latency = 40, .read_spread = 20, .address_pause = 0.3, .data_pause = 0.3};
    for (int i = 0; i < 20; ++i)
      send(packet(chance_bytes(40 + bench_.random.below(1200))), {9, 33});
    for (auto n = bench_.random.below(600); n > 0; --n) bench_.cycle();
    bench_.flush();
    expected_used_.clear();
    Bytes const frame = chance_bytes(200);
    send(packet(frame), {20}, 3);
    bench_.run();
    expect_sent({frame});
    bench_.flush();
    expected_used_.clear();
    if (HasFailure()) FAIL() << "round " << round;
  }
}

}  // namespace
}  // namespace ringside::testbench
