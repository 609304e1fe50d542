#include "model/device/transmit.hpp"

#include <gtest/gtest.h>

#include "tests/model/device/test_host.hpp"

namespace ringside::model {
namespace {

constexpr std::uint64_t kPacket = 0x10000;

class TheTransmitEngine : public testing::Test {
 protected:
  void SetUp() override { host.start(64); }

  // One buffer of one descriptor at the next slot of the first lap.
  void transmit(std::uint64_t address, std::uint32_t length) {
    host.tx.put(slot++, address, length, 7, kAvail);
    host.notify_and_run(1);
  }
  void transmit_frame(std::vector<std::uint8_t> const& frame) {
    transmit(kPacket, host.put_packet(kPacket, frame));
  }
  void expect_dropped(std::uint64_t malformed) {
    EXPECT_EQ(host.counter("tx_dropped_malformed"), malformed);
    EXPECT_EQ(host.wire.frames.size(), 0U);
    EXPECT_EQ(host.tx.flags(slot - 1), kUsed);
    EXPECT_EQ(host.tx.id(slot - 1), 7);
    EXPECT_EQ(host.tx.len(slot - 1), 0U);
    EXPECT_FALSE(host.needs_reset());
  }

  TestHost host;
  unsigned slot = 0;
};

TEST_F(TheTransmitEngine, SendsTheFrameBehindTheHeaderWithItsFcs) {
  auto const frame = counting_frame(100);
  transmit_frame(frame);
  ASSERT_EQ(host.wire.frames.size(), 1U);
  EXPECT_EQ(host.wire.frames[0], with_fcs(frame));
  EXPECT_EQ(host.counter("tx_frames"), 1U);
  EXPECT_EQ(host.counter("tx_octets"), 104U);
  EXPECT_EQ(host.counter("tx_packets"), 1U);
  EXPECT_EQ(host.tx.flags(0), kUsed);
  EXPECT_EQ(host.tx.len(0), 0U);
}

TEST_F(TheTransmitEngine, PadsShortFramesWithZeros) {
  std::fill_n(host.memory.bytes.begin() + kPacket, 200, std::uint8_t{0xEE});
  for (std::size_t size : {14U, 59U, 60U}) {
    host.wire.frames.clear();
    auto frame = counting_frame(size);
    transmit_frame(frame);
    frame.resize(60, 0);
    ASSERT_EQ(host.wire.frames.size(), 1U);
    EXPECT_EQ(host.wire.frames[0], with_fcs(frame)) << size;
  }
}

TEST_F(TheTransmitEngine, SendsTheLongestFrameAndDropsALongerOne) {
  transmit_frame(counting_frame(layout::kMaxFrameBytes));
  EXPECT_EQ(host.wire.frames.size(), 1U);
  host.wire.frames.clear();
  transmit_frame(counting_frame(layout::kMaxFrameBytes + 1));
  expect_dropped(1);
}

TEST_F(TheTransmitEngine, DropsWhatIsShorterThanItsHeaders) {
  std::uint64_t dropped = 0;
  for (std::uint32_t length : {0U, 1U, 11U, 12U, 25U}) {
    transmit(kPacket, length);
    expect_dropped(++dropped);
  }
  transmit(kPacket, 26);
  EXPECT_EQ(host.wire.frames.size(), 1U);
}

TEST_F(TheTransmitEngine, DropsGiantsWithoutReadingThem) {
  host.memory.accesses.clear();
  transmit(kPacket, 0xFFFFFFFF);
  expect_dropped(1);
  for (auto const& access : host.memory.accesses) {
    EXPECT_FALSE(access.address >= kPacket && access.address < kPacket + 0x10000);
  }
}

TEST_F(TheTransmitEngine, DropsPacketsThatAskForOffloadsNotNegotiated) {
  auto const length = host.put_packet(kPacket, counting_frame(60));
  std::uint64_t dropped = 0;
  for (std::uint8_t gso_type : {1, 3, 4, 5, 0x80, 0xFF}) {
    host.memory.bytes[kPacket + 1] = gso_type;
    transmit(kPacket, length);
    expect_dropped(++dropped);
  }
}

TEST_F(TheTransmitEngine, IgnoresHeaderFieldsWithoutMeaning) {
  auto const frame = counting_frame(60);
  auto const length = host.put_packet(kPacket, frame);
  // All flags but NEEDS_CSUM; hdr_len, gso_size, csum_start, csum_offset, num_buffers.
  host.memory.bytes[kPacket] = 0xFE;
  std::fill_n(host.memory.bytes.begin() + kPacket + 2, 10, std::uint8_t{0xFF});
  transmit(kPacket, length);
  ASSERT_EQ(host.wire.frames.size(), 1U);
  EXPECT_EQ(host.wire.frames[0], with_fcs(frame));
}

TEST_F(TheTransmitEngine, DropsPauseFramesOfTheHost) {
  auto frame = counting_frame(60);
  frame[12] = 0x88;
  frame[13] = 0x08;
  transmit_frame(frame);
  expect_dropped(1);
}

TEST_F(TheTransmitEngine, GathersAnyNumberOfPiecesAtAnyAddress) {
  auto const frame = counting_frame(38);
  auto const length = host.put_packet(kPacket + 3, frame);
  host.tx.put(0, 0, 0, 0, kAvail | kNext);  // an element of no length
  for (unsigned i = 0; i < length; ++i) {
    host.tx.put(i + 1, kPacket + 3 + i, 1, 5,
                static_cast<std::uint16_t>(kAvail | (i + 1 < length ? kNext : 0)));
  }
  host.notify_and_run(1);
  ASSERT_EQ(host.wire.frames.size(), 1U);
  auto padded = frame;
  padded.resize(60, 0);
  EXPECT_EQ(host.wire.frames[0], with_fcs(padded));
  EXPECT_EQ(host.tx.id(0), 5);
  EXPECT_EQ(host.tx.flags(0), kUsed);
}

TEST_F(TheTransmitEngine, SendsFromAnIndirectTable) {
  auto const frame = counting_frame(1514);
  host.put_packet(kPacket, frame);
  TestRing const table{host.memory, 0x8001, 0, 0};
  TestRing writable{host.memory, 0x8001, 0, 0};
  writable.put(0, kPacket, 12, 0, 0);
  writable.put(1, kPacket + 12, 1000, 0, kWrite);  // garbage, as DPDK leaves it
  writable.put(2, kPacket + 1012, 514, 0, 0);
  host.tx.put(0, table.descriptors, 48, 3, kAvail | kIndirect);
  host.notify_and_run(1);
  ASSERT_EQ(host.wire.frames.size(), 1U);
  EXPECT_EQ(host.wire.frames[0], with_fcs(frame));
  EXPECT_EQ(host.tx.id(0), 3);
}

TEST_F(TheTransmitEngine, IgnoresWritableElementsAndDropsWithoutReadableOnes) {
  auto const frame = counting_frame(60);
  auto const length = host.put_packet(kPacket, frame);
  host.tx.put(0, kPacket, length, 7, kAvail | kNext);
  host.tx.put(1, 0x20000, 100, 7, kAvail | kWrite);
  host.notify_and_run(1);
  ASSERT_EQ(host.wire.frames.size(), 1U);
  EXPECT_EQ(host.wire.frames[0], with_fcs(frame));
  host.wire.frames.clear();

  host.tx.put(2, kPacket, length, 7, kAvail | kWrite);
  slot = 3;
  host.notify_and_run(1);
  expect_dropped(1);
}

TEST_F(TheTransmitEngine, DropsAndGivesBackWhatMemoryRefuses) {
  transmit(0xDEAD00000000, 100);
  EXPECT_EQ(host.counter("tx_dropped_error"), 1U);
  EXPECT_EQ(host.wire.frames.size(), 0U);
  EXPECT_EQ(host.tx.flags(0), kUsed);
  EXPECT_FALSE(host.needs_reset());
  transmit_frame(counting_frame(60));
  EXPECT_EQ(host.wire.frames.size(), 1U);
}

TEST_F(TheTransmitEngine, GivesUpAfterTooManyRefusals) {
  for (unsigned i = 1; i <= layout::kDataErrorsUntilReset; ++i) {
    EXPECT_FALSE(host.needs_reset());
    transmit(0xDEAD00000000, 100);
    EXPECT_EQ(host.tx.flags(i - 1), kUsed);
  }
  EXPECT_TRUE(host.needs_reset());
  EXPECT_EQ(host.nic.error(), DeviceError::TooManyDataErrors);
  EXPECT_EQ(host.counter("tx_dropped_error"), layout::kDataErrorsUntilReset);
}

TEST_F(TheTransmitEngine, KeepsTheOrderOfTheRingOverManyLaps) {
  for (unsigned n = 0; n < 300; ++n) {
    bool const wrap = n / 64 % 2 == 0;
    auto frame = counting_frame(60);
    frame[20] = static_cast<std::uint8_t>(n);
    auto const length = host.put_packet(kPacket, frame);
    host.tx.put(n % 64, kPacket, length, static_cast<std::uint16_t>(n % 64),
                wrap ? layout::kDescriptorAvail : layout::kDescriptorUsed);
    host.notify_and_run(1);
    ASSERT_EQ(host.wire.frames.size(), n + 1U);
    ASSERT_EQ(host.wire.frames.back()[20], static_cast<std::uint8_t>(n));
    ASSERT_EQ(host.tx.flags(n % 64), wrap ? kUsed : 0);
    ASSERT_EQ(host.tx.id(n % 64), n % 64);
  }
}

}  // namespace
}  // namespace ringside::model
