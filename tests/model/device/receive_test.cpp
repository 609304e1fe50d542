#include "model/device/receive.hpp"

#include <gtest/gtest.h>

#include "tests/model/device/test_host.hpp"

namespace ringside::model {
namespace {

constexpr std::uint64_t kBuffers = 0x10000;
constexpr std::uint64_t kWithoutMerging = TestHost::kDefaultFeatures & ~layout::kFeatureMrgRxbuf;
using ByteVector = std::vector<std::uint8_t>;

class TheReceiveEngine : public testing::Test {
 protected:
  void start(std::uint64_t features = TestHost::kDefaultFeatures) { host.start(256, features); }
  static std::uint64_t buffer(unsigned index) { return kBuffers + 0x1000 * index; }
  // `count` buffers of one descriptor each, from slot 0 of the first lap on.
  void give(unsigned count, std::uint32_t length) {
    for (unsigned i = 0; i < count; ++i) {
      host.rx.put(i, buffer(i), length, static_cast<std::uint16_t>(100 + i), kAvail | kWrite);
    }
    host.notify_and_run(0);
  }
  void expect_delivered(std::uint64_t packets, std::uint64_t no_buffer) {
    EXPECT_EQ(host.counter("rx_packets"), packets);
    EXPECT_EQ(host.counter("rx_dropped_no_buffer"), no_buffer);
  }

  TestHost host;
};

TEST_F(TheReceiveEngine, WritesHeaderAndFrameWithoutFcs) {
  start();
  give(2, 1536);
  auto const frame = counting_frame(64);
  host.receive(frame);
  EXPECT_EQ(host.memory.copy(buffer(0), 12), (ByteVector{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0}));
  EXPECT_EQ(host.memory.copy(buffer(0) + 12, 64), frame);
  EXPECT_EQ(host.memory.copy(buffer(0) + 76, 4), (ByteVector{0, 0, 0, 0}));
  EXPECT_EQ(host.rx.len(0), 76U);
  EXPECT_EQ(host.rx.id(0), 100);
  EXPECT_EQ(host.rx.flags(0), kUsed | kWrite);
  EXPECT_EQ(host.rx.flags(1), kAvail | kWrite);
  expect_delivered(1, 0);
  EXPECT_EQ(host.counter("rx_frames"), 1U);
  EXPECT_EQ(host.counter("rx_octets"), 68U);
}

TEST_F(TheReceiveEngine, SpreadsAFrameOverBuffersAndPublishesTheFirstLast) {  // V57
  start();
  give(3, 600);
  auto const frame = counting_frame(1514);
  host.memory.accesses.clear();
  host.receive(frame);
  EXPECT_EQ(host.memory.load<std::uint16_t>(buffer(0) + 10), 3);
  EXPECT_EQ(host.rx.len(0), 600U);
  EXPECT_EQ(host.rx.len(1), 600U);
  EXPECT_EQ(host.rx.len(2), 326U);
  auto bytes = host.memory.copy(buffer(0) + 12, 588);
  for (unsigned i : {1U, 2U}) {
    auto const part = host.memory.copy(buffer(i), i == 1 ? 600 : 326);
    bytes.insert(bytes.end(), part.begin(), part.end());
  }
  EXPECT_EQ(bytes, frame);
  expect_delivered(1, 0);

  std::vector<std::uint64_t> used;
  for (auto const& access : host.memory.accesses) {
    if (access.write && access.address >= host.rx.descriptors &&
        access.address < host.rx.slot(256)) {
      used.push_back((access.address - host.rx.descriptors) / 16);
    }
  }
  EXPECT_EQ(used, (std::vector<std::uint64_t>{1, 2, 0}));
}

TEST_F(TheReceiveEngine, CountsTheBuffersOfALongSpread) {  // V58, at the size of our frames
  start();
  give(11, 139);
  host.receive(counting_frame(1514));  // 1526 = 10 * 139 + 136
  EXPECT_EQ(host.memory.load<std::uint16_t>(buffer(0) + 10), 11);
  for (unsigned i = 0; i < 10; ++i) EXPECT_EQ(host.rx.len(i), 139U);
  EXPECT_EQ(host.rx.len(10), 136U);
}

TEST_F(TheReceiveEngine, FillsTheElementsOfAChain) {
  start(kWithoutMerging);
  host.rx.put(0, buffer(0), 12, 0, kAvail | kWrite | kNext);
  host.rx.put(1, buffer(1), 0, 0, kAvail | kWrite | kNext);
  host.rx.put(2, buffer(2) + 1, 40, 0, kAvail | kWrite | kNext);
  host.rx.put(3, buffer(3) + 3, 1500, 9, kAvail | kWrite);
  host.notify_and_run(0);
  auto const frame = counting_frame(100);
  host.receive(frame);
  EXPECT_EQ(host.memory.load<std::uint16_t>(buffer(0) + 10), 1);
  EXPECT_EQ(host.memory.copy(buffer(2) + 1, 40), ByteVector(frame.begin(), frame.begin() + 40));
  EXPECT_EQ(host.memory.copy(buffer(3) + 3, 60), ByteVector(frame.begin() + 40, frame.end()));
  EXPECT_EQ(host.rx.len(0), 112U);
  EXPECT_EQ(host.rx.id(0), 9);
  EXPECT_EQ(host.rx.flags(0), kUsed | kWrite);
}

TEST_F(TheReceiveEngine, DropsWithoutBuffersAndDeliversLaterOnes) {
  start();
  host.receive(counting_frame(60));
  expect_delivered(0, 1);
  give(1, 1536);
  host.receive(counting_frame(60));
  expect_delivered(1, 1);
}

TEST_F(TheReceiveEngine, FindsBuffersMadeAvailableButNotYetFetched) {
  start();
  for (unsigned i = 0; i < 200; ++i) {
    host.rx.put(i, buffer(i % 64), 200, static_cast<std::uint16_t>(i), kAvail | kWrite);
  }
  host.notify(0);
  for (unsigned i = 0; i < 200; ++i) {
    host.nic.receive(ReceivedFrame::of(with_fcs(counting_frame(60))));
  }
  host.nic.run();
  expect_delivered(200, 0);
  EXPECT_EQ(host.rx.flags(199), kUsed | kWrite);
}

TEST_F(TheReceiveEngine, KeepsABufferThatIsTooSmallWithoutMerging) {
  start(kWithoutMerging);
  give(2, 100);
  host.receive(counting_frame(89));
  expect_delivered(0, 1);
  EXPECT_EQ(host.rx.flags(0), kAvail | kWrite);
  host.receive(counting_frame(88));
  expect_delivered(1, 1);
  EXPECT_EQ(host.rx.len(0), 100U);
}

TEST_F(TheReceiveEngine, PublishesNothingOfAFrameThatRunsOutOfBuffers) {
  start();
  give(2, 600);
  host.receive(counting_frame(1514));
  expect_delivered(0, 1);
  EXPECT_EQ(host.rx.flags(0), kAvail | kWrite);
  host.receive(counting_frame(1000));
  expect_delivered(1, 1);
  EXPECT_EQ(host.rx.len(1), 412U);
}

TEST_F(TheReceiveEngine, GivesBackABufferTooSmallForTheHeaderAndUsesTheNext) {
  start();
  host.rx.put(0, buffer(0), 11, 5, kAvail | kWrite);
  host.rx.put(1, buffer(1), 0, 6, kAvail | kWrite);
  host.rx.put(2, buffer(2), 1536, 7, kAvail | kWrite);
  host.notify_and_run(0);
  host.receive(counting_frame(60));
  expect_delivered(1, 0);
  EXPECT_EQ(host.rx.len(0), 0U);
  EXPECT_EQ(host.rx.flags(0), kUsed);
  EXPECT_EQ(host.rx.flags(1), kUsed);
  EXPECT_EQ(host.rx.len(2), 72U);
  EXPECT_EQ(host.memory.copy(buffer(0), 11), ByteVector(11, 0));
}

TEST_F(TheReceiveEngine, NeverWritesToReadableElements) {
  start();
  host.rx.put(0, buffer(0), 1536, 5, kAvail);  // nothing to write at all
  host.rx.put(1, buffer(1), 64, 6, kAvail | kNext);
  host.rx.put(2, buffer(2), 1536, 6, kAvail | kWrite);
  host.notify_and_run(0);
  host.receive(counting_frame(60));
  expect_delivered(1, 0);
  EXPECT_EQ(host.rx.flags(0), kUsed);
  EXPECT_EQ(host.rx.len(1), 72U);
  EXPECT_EQ(host.memory.copy(buffer(0), 100), ByteVector(100, 0));
  EXPECT_EQ(host.memory.copy(buffer(1), 64), ByteVector(64, 0));
  EXPECT_EQ(host.memory.copy(buffer(2) + 12, 60), counting_frame(60));
}

TEST_F(TheReceiveEngine, LimitsTheBuffersOfOneFrame) {
  start();
  give(192, 13);
  host.receive(counting_frame(13 * layout::kMaxReceiveBuffers - 12));
  expect_delivered(1, 0);
  EXPECT_EQ(host.memory.load<std::uint16_t>(buffer(0) + 10), layout::kMaxReceiveBuffers);
  host.receive(counting_frame(13 * layout::kMaxReceiveBuffers - 11));
  expect_delivered(1, 1);
  EXPECT_EQ(host.rx.flags(layout::kMaxReceiveBuffers), kAvail | kWrite);
}

TEST_F(TheReceiveEngine, UsesOnlyWhatItNeedsOfAGiantBuffer) {
  start();
  host.rx.put(0, buffer(0), 0xFFFFFFFF, 5, kAvail | kWrite);
  host.notify_and_run(0);
  host.receive(counting_frame(60));
  expect_delivered(1, 0);
  EXPECT_EQ(host.rx.len(0), 72U);
}

TEST_F(TheReceiveEngine, GivesBackEmptyWhatMemoryRefused) {
  start();
  host.rx.put(0, buffer(0), 600, 5, kAvail | kWrite);
  host.rx.put(1, 0xDEAD00000000, 600, 6, kAvail | kWrite);
  host.rx.put(2, buffer(2), 600, 7, kAvail | kWrite);
  host.notify_and_run(0);
  host.receive(counting_frame(1000));
  expect_delivered(0, 0);
  EXPECT_EQ(host.counter("rx_dropped_error"), 1U);
  for (unsigned i : {0U, 1U}) {
    EXPECT_EQ(host.rx.flags(i), kUsed);
    EXPECT_EQ(host.rx.len(i), 0U);
  }
  EXPECT_FALSE(host.needs_reset());
  host.receive(counting_frame(100));
  expect_delivered(1, 0);
}

TEST_F(TheReceiveEngine, GivesUpAfterTooManyRefusals) {
  start();
  for (unsigned i = 0; i < layout::kDataErrorsUntilReset; ++i) {
    host.rx.put(i, 0xDEAD00000000, 600, 6, kAvail | kWrite);
  }
  host.notify_and_run(0);
  for (unsigned i = 0; i < layout::kDataErrorsUntilReset; ++i) {
    EXPECT_FALSE(host.needs_reset());
    host.receive(counting_frame(60));
  }
  EXPECT_TRUE(host.needs_reset());
  EXPECT_EQ(host.counter("rx_dropped_error"), layout::kDataErrorsUntilReset);
}

TEST_F(TheReceiveEngine, CountsEachBadFrameOnceAndWritesNoneOfThem) {
  start();
  give(8, 2048);
  struct Case {
    Statistics::Counter counter;
    ReceivedFrame frame;
  };
  auto const good = [](std::size_t size) {
    return ReceivedFrame::of(with_fcs(counting_frame(size)));
  };
  auto const bad = [&](std::size_t size) {
    auto frame = good(size);
    frame.fcs_good = false;
    return frame;
  };
  auto symbol = good(100);
  symbol.symbol_error = true;
  auto framing = bad(100);
  framing.framing_error = true;
  auto tagged = counting_frame(1519);
  tagged[12] = 0x81;
  tagged[13] = 0x00;
  for (auto const& [counter, frame] :
       {Case{"rx_fcs_errors", bad(100)}, Case{"rx_undersize", good(59)},
        Case{"rx_fragments", bad(59)}, Case{"rx_fragments", bad(0)},
        Case{"rx_oversize", good(1515)}, Case{"rx_oversize", ReceivedFrame::of(with_fcs(tagged))},
        Case{"rx_jabbers", bad(1515)}, Case{"rx_symbol_errors", symbol},
        Case{"rx_framing_errors", framing}}) {
    auto const before = host.counter(counter);
    host.nic.receive(frame);
    host.nic.run();
    EXPECT_EQ(host.counter(counter), before + 1);
  }
  expect_delivered(0, 0);
  EXPECT_EQ(host.counter("rx_frames"), 0U);
  EXPECT_EQ(host.rx.flags(0), kAvail | kWrite);
}

TEST_F(TheReceiveEngine, TakesTheShortestAndTheLongestFrames) {
  start();
  give(3, 2048);
  host.receive(counting_frame(60));
  host.receive(counting_frame(1514));
  auto tagged = counting_frame(1518);
  tagged[12] = 0x81;
  tagged[13] = 0x00;
  host.receive(tagged);
  expect_delivered(3, 0);
  EXPECT_EQ(host.rx.len(2), 1530U);
}

TEST_F(TheReceiveEngine, DropsWhatFindsNoRoomInTheFrameBuffer) {
  start();
  give(64, 2048);
  // 1514 bytes take 1520 in words of 16.
  constexpr std::size_t kFit = FrameStorage::kBytes / 1520;
  for (std::size_t i = 0; i < kFit + 3; ++i) {
    host.nic.receive(ReceivedFrame::of(with_fcs(counting_frame(1514))));
  }
  host.nic.run();
  EXPECT_EQ(host.counter("rx_dropped_overrun"), 3U);
  expect_delivered(kFit, 0);
  host.receive(counting_frame(1514));
  expect_delivered(kFit + 1, 0);
}

TEST_F(TheReceiveEngine, DropsAndCountsBeforeDriverOk) {
  host.set_up_pci();
  host.receive(counting_frame(60));
  expect_delivered(0, 1);
}

}  // namespace
}  // namespace ringside::model
