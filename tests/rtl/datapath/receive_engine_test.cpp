#include <gtest/gtest.h>

#include <vector>

#include "tests/rtl/datapath/receive_engine_fixture.hpp"

namespace ringside::testbench {
namespace {

TEST_F(ReceiveEngine, WritesEveryLengthToEveryAlignment) {
  std::vector<Bytes> frames;
  for (unsigned len = 60; len <= 600; ++len) {
    buffer({2048}, len * 7 % 256);
    frames.push_back(chance_bytes(len));
  }
  for (unsigned offset = 0; offset < 16; ++offset) {
    for (unsigned len = 60; len < 78; ++len) {
      buffer({1600}, offset);
      frames.push_back(chance_bytes(len));
    }
  }
  bench_.rx_frames.assign(frames.begin(), frames.end());
  bench_.run();
  for (auto const& frame : frames) expect_packet(frame, 1);
  expect_nothing_else();
  EXPECT_EQ(bench_.counts.rx_packets, frames.size());
}

TEST_F(ReceiveEngine, WritesTheLongHeaderWhereverBuffersEnd) {
  use_long_header();
  bench_.pause = 0.1;
  std::vector<Bytes> frames;
  std::vector<unsigned> counts;
  for (unsigned first = 20; first < 60; ++first) {
    for (unsigned offset = 0; offset < 16; offset += 3) {
      Bytes const frame = chance_bytes(60 + first);
      buffer({first}, offset);
      if (first % 4 == 0) buffer({2, 5, 9, 40}, offset);
      buffer({200}, offset);
      frames.push_back(frame);
      counts.push_back(first % 4 == 0 ? 3 : 2);
    }
    for (unsigned cut = 1; cut < 20; ++cut) {
      buffer({cut, 20 - cut, 100}, first);
      frames.push_back(chance_bytes(60));
      counts.push_back(1);
    }
  }
  bench_.rx_frames.assign(frames.begin(), frames.end());
  bench_.run(400000);
  for (std::size_t i = 0; i < frames.size(); ++i) expect_packet(frames[i], counts[i]);
  expect_nothing_else();
}

TEST_F(ReceiveEngine, BeginsNoPacketInABufferThatTheLongHeaderDoesNotFit) {
  use_long_header();
  std::uint16_t const unfit = buffer({12, 7});
  buffer({20});
  buffer({60});
  Bytes const frame = chance_bytes(60);
  bench_.rx_frames = {frame};
  bench_.run();
  expect_unused(unfit);
  expect_packet(frame, 2);
  expect_nothing_else();
}

TEST_F(ReceiveEngine, FillsMergedBuffersToTheirEnd) {  // V57
  for (int i = 0; i < 3; ++i) buffer({600}, 2);
  Bytes const frame = chance_bytes(1514);
  bench_.rx_frames = {frame};
  bench_.run();
  expect_packet(frame, 3);
  EXPECT_EQ(bench_.rx_used[2].len, 326u);
  expect_nothing_else();
}

TEST_F(ReceiveEngine, EndsABufferExactlyWhereTheFrameEnds) {  // V58 scaled to our MTU
  for (int i = 0; i < 6; ++i) buffer({256});
  Bytes const frame = chance_bytes(5 * 256 + 224 - header_);
  Bytes const exact = chance_bytes(256 - header_);
  bench_.rx_frames = {frame, exact};
  buffer({256});
  bench_.run();
  expect_packet(frame, 6);
  expect_packet(exact, 1);
  expect_nothing_else();
}

TEST_F(ReceiveEngine, SpreadsFramesOverElementsCutAnywhere) {
  std::vector<std::pair<Bytes, unsigned>> packets;
  for (int i = 0; i < 300; ++i) {
    Bytes const frame = chance_bytes(60 + bench_.random.below(1459));
    std::size_t left = frame.size() + header_;
    unsigned buffers = 0, elements = 0;
    while (left > 0) {
      std::vector<std::uint32_t> lengths;
      std::size_t room = 0;
      do {
        std::uint32_t const small = static_cast<std::uint32_t>(bench_.random.below(40));
        std::uint32_t const large = 40 + static_cast<std::uint32_t>(bench_.random.below(700));
        lengths.push_back(elements > 20 || bench_.random.chance(0.3) ? large : small);
        room += lengths.back();
        ++elements;
      } while (room < header_ || bench_.random.chance(0.4));
      buffer(lengths, static_cast<unsigned>(bench_.random.below(600)));
      left -= std::min(left, room);
      ++buffers;
    }
    packets.emplace_back(frame, buffers);
    bench_.rx_frames.push_back(frame);
  }
  bench_.pause = 0.2;
  bench_.host.behaviour = {.write_latency = 40, .address_pause = 0.3, .data_pause = 0.2};
  bench_.run(200000);
  for (auto const& [frame, buffers] : packets) expect_packet(frame, buffers);
  expect_nothing_else();
}

TEST_F(ReceiveEngine, SkipsElementsThatAreEmptyOrReadable) {  // P7, P8
  bench_.rx_queue.push({0xDEAD000, 0, 0, 1, true, false});
  bench_.rx_queue.push({0xDEAD000, 4096, 0, 1, false, false});
  std::uint16_t const id = buffer({0, 100, 0, 2000, 0});
  Bytes const frame = chance_bytes(700);
  bench_.rx_frames = {frame};
  bench_.run();
  expect_packet(frame, 1);
  EXPECT_EQ(bench_.rx_used[0].id, id);
  expect_nothing_else();
}

TEST_F(ReceiveEngine, GivesBackUnusedWhatAFrameCanNotBeginIn) {  // P7, P9, X2
  Bytes const frame = chance_bytes(200);
  auto const readable = [&] {
    bench_.rx_queue.push({0xDEAD000, 4096, id_, 3, false, true});
    layouts_.emplace_back();
    return id_++;
  };
  for (bool const mergeable : {true, false}) {
    bench_.model.mergeable_i = mergeable;
    std::uint16_t const first = readable();
    std::uint16_t const second = buffer({0, 0});
    std::uint16_t const third = mergeable ? buffer({11}) : readable();
    buffer({2048});
    bench_.rx_frames = {frame};
    bench_.run();
    expect_unused(first);
    expect_unused(second);
    expect_unused(third);
    expect_packet(frame, 1);
  }
  expect_nothing_else();
  EXPECT_EQ(bench_.counts.rx_skipped, 6u);
  EXPECT_EQ(bench_.counts.rx_packets, 2u);
}

TEST_F(ReceiveEngine, KeepsABufferThatIsTooSmallAndDropsTheFrame) {  // X1
  bench_.model.mergeable_i = 0;
  buffer({12, 188});
  Bytes const fits = chance_bytes(188);
  bench_.rx_frames = {chance_bytes(189), chance_bytes(1500), fits};
  bench_.run();
  expect_packet(fits, 1);
  expect_nothing_else();
  EXPECT_EQ(bench_.counts.rx_no_buffer, 2u);
}

TEST_F(ReceiveEngine, FillsAsManyBuffersAsItMayAndNoMore) {  // X3
  Bytes const fits = chance_bytes(64 * 13 - header_);
  Bytes const too_long = chance_bytes(64 * 13 - header_ + 1);
  for (int i = 0; i < 80; ++i) buffer({13});
  bench_.rx_frames = {too_long, fits};
  bench_.run();
  expect_packet(fits, 64);
  expect_nothing_else();
  EXPECT_EQ(bench_.counts.rx_no_buffer, 1u);
  EXPECT_EQ(bench_.rx_queue.left(), 16u);
}

TEST_F(ReceiveEngine, DropsAFrameWithoutABufferAndGoesOn) {
  Bytes const later = chance_bytes(60);
  bench_.rx_frames = {chance_bytes(60), chance_bytes(1518)};
  bench_.run();
  EXPECT_EQ(bench_.counts.rx_no_buffer, 2u);
  buffer({100});
  bench_.rx_frames = {chance_bytes(1000)};  // begins in the only buffer and does not end there
  bench_.run();
  EXPECT_EQ(bench_.counts.rx_no_buffer, 3u);
  bench_.rx_frames = {later};
  bench_.run();
  expect_packet(later, 1);
  expect_nothing_else();
}

TEST_F(ReceiveEngine, DropsEveryFrameWhileTheDeviceIsNotLive) {
  buffer({2048});
  bench_.model.live_i = 0;
  bench_.rx_frames.assign(5, chance_bytes(100));
  bench_.run();
  expect_nothing_else();
  EXPECT_EQ(bench_.counts.rx_no_buffer, 5u);
  EXPECT_EQ(bench_.rx_queue.left(), 1u);
}

TEST_F(ReceiveEngine, ReportsAFrameThatCouldNotBeWrittenAsEmptyBuffers) {
  for (int i = 0; i < 5; ++i) buffer({600});
  bench_.host.error_from = kBase + 0x10000;  // the second buffer
  bench_.host.error_to = kBase + 0x10010;
  bench_.host.behaviour.write_latency = 20;
  Bytes const good = chance_bytes(800);
  bench_.rx_frames = {chance_bytes(1500), good};
  bench_.run();
  ASSERT_EQ(bench_.rx_used.size(), 5u);
  for (unsigned i = 0; i < 3; ++i) {
    Completion const& completion = bench_.rx_used[used_++];
    EXPECT_EQ(completion.len, 0u);
    EXPECT_FALSE(completion.written);
    EXPECT_EQ(completion.more, i < 2);
  }
  expect_packet(good, 2);
  EXPECT_EQ(bench_.counts.rx_errors, 1u);
  EXPECT_EQ(bench_.counts.rx_packets, 1u);
}

TEST_F(ReceiveEngine, TellsOfABufferOnlyWhenItIsInMemory) {
  bench_.host.behaviour.write_latency = 500;
  buffer({2048}, 9);
  bench_.rx_frames = {chance_bytes(300)};
  for (int i = 0; i < 400; ++i) bench_.cycle();
  EXPECT_TRUE(bench_.rx_used.empty());
  EXPECT_TRUE(bench_.model.quiescent_o) << "waiting for the host is no work";
  bench_.run();
  EXPECT_EQ(bench_.rx_used.size(), 1u);
}

TEST_F(ReceiveEngine, KeepsUpWithTheLineInBothDirections) {
  // 64-byte frames both ways, with the used writes of both.
  constexpr unsigned kFrames = 600;
  bench_.host.behaviour = {.read_latency = 110, .write_latency = 40, .interleave = true};
  bench_.used_writes = true;
  for (unsigned i = 0; i < kFrames; ++i) {
    buffer({2048}, i % 16 + i % 5 * 60);
    bench_.rx_frames.push_back(chance_bytes(60));
    bench_.tx_queue.push({0x900000u + 0x100u * i + i % 16, 72, 1, 1, false, true});
    for (unsigned b = 0; b < 12; ++b)
      bench_.host.memory.set(0x900000u + 0x100u * i + i % 16 + b, 0);
  }
  for (int i = 0; i < 400; ++i) bench_.cycle();
  std::size_t const received = bench_.rx_used.size(), sent = bench_.sent.size();
  for (int i = 0; i < 2100; ++i) bench_.cycle();
  double const each_rx = 2100.0 / static_cast<double>(bench_.rx_used.size() - received);
  double const each_tx = 2100.0 / static_cast<double>(bench_.sent.size() - sent);
  RecordProperty("rx_cycles_per_frame", std::to_string(each_rx));
  RecordProperty("tx_cycles_per_frame", std::to_string(each_tx));
  EXPECT_LE(each_rx, 10.5);
  EXPECT_LE(each_tx, 10.5);
  bench_.run();
}

TEST_F(ReceiveEngine, StartsCleanAfterAFlushInTheMiddleOfTraffic) {
  for (int round = 0; round < 60; ++round) {
    bench_.pause = 0.3;
    bench_.host.behaviour = {.write_latency = 30, .address_pause = 0.3, .data_pause = 0.3};
    for (int i = 0; i < 20; ++i) {
      buffer({700, 60}, 5);
      bench_.rx_frames.push_back(chance_bytes(60 + bench_.random.below(1400)));
    }
    for (auto n = bench_.random.below(700); n > 0; --n) bench_.cycle();
    bench_.flush();
    bench_.host.memory.clear();
    layouts_.clear();
    used_ = written_ = 0;
    buffer({300}, 3);
    Bytes const frame = chance_bytes(200);
    bench_.rx_frames = {frame};
    bench_.run();
    expect_packet(frame, 1);
    expect_nothing_else();
    if (HasFailure()) FAIL() << "round " << round;
  }
}

}  // namespace
}  // namespace ringside::testbench
