// The transmit queue of every NIC: what leaves on the wire, and what a driver gets for buffers that
// are no frames (hostile inputs T1 to T15).
#include "tests/system/ring_driver.hpp"

namespace ringside::testbench {
namespace {

using namespace layout;

class EveryNicTransmits : public EveryNic {
 protected:
  void SetUp() override { nic.start({.size = 64}); }

  void expect_used(std::uint16_t id) {
    auto const used = nic.wait_used(nic.tx());
    ASSERT_TRUE(used) << "buffer " << id << " does not come back";
    EXPECT_EQ(used->id, id);
    EXPECT_EQ(used->len, 0U);
    EXPECT_FALSE(used->written);
  }
  // The buffer comes back, its frame leaves as it is.
  void expect_sent(Frame const& frame, std::uint16_t id) {
    ASSERT_NO_FATAL_FAILURE(expect_used(id));
    ASSERT_TRUE(nic.run_until([this] { return nic.wire.frames.size() == 1; }));
    EXPECT_EQ(nic.sent(0), frame);
    EXPECT_TRUE(is_intact(nic.wire.frames[0]));
    nic.wire.frames.clear();
  }
  void expect_dropped(Block const& block, std::uint32_t len) {
    nic.tx().offer({{block.address, len}}, next_id_);
    nic.notify(kTransmitQueue);
    ASSERT_NO_FATAL_FAILURE(expect_used(next_id_++));
    EXPECT_EQ(nic.counter("tx_dropped_malformed"), ++dropped_) << "of " << len << " bytes";
    EXPECT_TRUE(nic.wire.frames.empty());
    EXPECT_EQ(nic.status(), kReady);
  }
  static Frame padded(Frame frame) {
    if (frame.size() < kMinFrameBytes) frame.resize(kMinFrameBytes, 0);
    return frame;
  }

  std::uint16_t next_id_ = 100;
  std::uint64_t dropped_ = 0;
};

TEST_P(EveryNicTransmits, AddsTheFcsOfTheVectors) {  // V9, V17
  Frame arp{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 2, 0, 0, 0, 0,  1, 0x08, 0x06,
            0,    1,    8,    0,    6,    4,    0, 1, 2, 0, 0,  0, 0,    1,
            10,   0,    0,    1,    0,    0,    0, 0, 0, 0, 10, 0, 0,    2};
  struct Vector {
    Frame frame;
    std::array<std::uint8_t, 4> fcs;
  };
  for (auto const& [frame, fcs] :
       {Vector{Frame(60, 0), {0x08, 0x89, 0x12, 0x04}}, Vector{arp, {0xE8, 0x6F, 0x4D, 0xF8}}}) {
    nic.wire.frames.clear();
    nic.send(frame, 3);
    ASSERT_NO_FATAL_FAILURE(expect_used(3));
    ASSERT_TRUE(nic.run_until([this] { return nic.wire.frames.size() == 1; }));
    auto const& bytes = nic.wire.frames[0].bytes;
    ASSERT_EQ(bytes.size(), WireFrame::kMinBytes);
    EXPECT_EQ(nic.sent(0), padded(frame));
    EXPECT_TRUE(std::equal(fcs.begin(), fcs.end(), bytes.end() - 4));
  }
  EXPECT_EQ(nic.counter("tx_frames"), 2U);
  EXPECT_EQ(nic.counter("tx_octets"), 128U);
}

TEST_P(EveryNicTransmits, PadsWithZerosWhateverWasThereBefore) {  // T3
  nic.send(Frame(1500, 0xEE), 1);
  expect_sent(Frame(1500, 0xEE), 1);
  for (std::size_t size : {14U, 15U, 31U, 59U, 60U, 61U}) {
    nic.send(counting_frame(size, 3), 2);
    ASSERT_NO_FATAL_FAILURE(expect_sent(padded(counting_frame(size, 3)), 2)) << size;
  }
}

TEST_P(EveryNicTransmits, DropsWhatIsShorterThanItsHeaders) {  // T1, T2
  Block const block = nic.packet(counting_frame(60));
  for (std::uint32_t len : {0U, 1U, 11U, 12U, 25U}) {
    ASSERT_NO_FATAL_FAILURE(expect_dropped(block, len));
  }
  expect_round_trip();
}

TEST_P(EveryNicTransmits, SendsTheLongestFrameAndDropsALongerOne) {  // T4, P10
  nic.send(counting_frame(kMaxFrameBytes), 1);
  ASSERT_NO_FATAL_FAILURE(expect_sent(counting_frame(kMaxFrameBytes), 1));
  Block const block = nic.packet(counting_frame(kMaxFrameBytes + 1));
  std::uint32_t const unread = kNetHeaderBytes + kMaxSegmentedBytes + 1;
  for (std::uint32_t len : {12 + kMaxFrameBytes + 1, unread, 0x8000'0000U, 0xFFFF'FFFFU}) {
    ASSERT_NO_FATAL_FAILURE(expect_dropped(block, len));
  }
  expect_round_trip();
}

TEST_P(EveryNicTransmits, DropsWhatAsksForAnOffloadNobodyOffered) {  // T5, T7
  Block const block = nic.packet(counting_frame(100));
  for (std::uint8_t gso_type : {1, 3, 4, 5, 0x80, 0xFF}) {
    block.bytes[1] = gso_type;
    ASSERT_NO_FATAL_FAILURE(expect_dropped(block, 112));
  }
}

TEST_P(EveryNicTransmits, IgnoresHeaderFieldsWithoutMeaning) {  // T10 to T12
  Block const block = nic.packet(counting_frame(100));
  block.bytes[0] = 0xFE;
  std::fill_n(block.bytes.begin() + 2, 10, std::uint8_t{0xFF});
  nic.send(block, 1);
  expect_sent(counting_frame(100), 1);
}

TEST_P(EveryNicTransmits, DropsMacControlFramesOfTheHost) {  // T15
  for (std::size_t size : {14U, 16U, 17U, 60U, 1000U}) {
    Frame frame = counting_frame(size);
    frame[12] = 0x88;
    frame[13] = 0x08;
    ASSERT_NO_FATAL_FAILURE(
        expect_dropped(nic.packet(frame), static_cast<std::uint32_t>(12 + size)));
  }
  expect_round_trip();
}

TEST_P(EveryNicTransmits, GathersChainsWhereverTheyAreCut) {  // T13, P8
  Frame const frame = counting_frame(48, 1);
  Block const block = nic.packet(frame);
  for (std::uint32_t step : {1U, 5U, 12U, 13U, 59U}) {
    std::vector<Descriptor> chain{{0, 0}};  // nothing in it, so nothing of it is read
    for (std::uint32_t at = 0; at < 60; at += step) {
      chain.push_back({block.address + at, std::min(step, 60 - at)});
    }
    nic.tx().offer(chain, 9);
    nic.notify(kTransmitQueue);
    ASSERT_NO_FATAL_FAILURE(expect_sent(padded(frame), 9)) << "in pieces of " << step;
  }
}

TEST_P(EveryNicTransmits, GathersAChainAsLongAsTheRing) {  // P5
  ASSERT_NO_FATAL_FAILURE(nic.reset());
  ASSERT_NO_FATAL_FAILURE(nic.start({.size = kMaxQueueSize}));
  Frame const frame = counting_frame(1514, 2);
  Block const block = nic.packet(frame);
  for (int round = 0; round < 2; ++round) {
    std::vector<Descriptor> chain;
    for (std::uint32_t at = 0; at < kMaxQueueSize; ++at) chain.push_back({block.address + at, 1});
    chain.back().len = 1526 - kMaxQueueSize + 1;
    nic.tx().offer(chain, 4);
    nic.notify(kTransmitQueue);
    ASSERT_NO_FATAL_FAILURE(expect_sent(frame, 4));
  }
}

TEST_P(EveryNicTransmits, GathersPacketsThatCrossAPageAnywhere) {  // T13
  Block const two_pages = nic.allocate(8192);
  for (std::uint32_t before = 1; before < 300; before += before < 40 ? 1 : 37) {
    Frame const frame = counting_frame(300, static_cast<std::uint8_t>(before));
    auto const at = two_pages.bytes.begin() + 4096 - before;
    std::fill_n(at, kNetHeaderBytes, std::uint8_t{0});
    std::copy(frame.begin(), frame.end(), at + kNetHeaderBytes);
    nic.tx().offer({{two_pages.address + 4096 - before, 312}}, 5);
    nic.notify(kTransmitQueue);
    ASSERT_NO_FATAL_FAILURE(expect_sent(frame, 5)) << before << " bytes before the page ends";
  }
}

TEST_P(EveryNicTransmits, DropsAPacketWhoseLengthsAddUpToLittle) {  // P10
  Block const block = nic.packet(counting_frame(100));
  // As sums of 32 bits these are 112, 100 and 112 bytes.
  for (std::vector<std::uint32_t> const& lengths : {std::vector<std::uint32_t>{0xFFFF'FFFF, 113},
                                                    {112, 0x8000'0000, 0x7FFF'FFF4},
                                                    {0x8000'0000, 0x8000'0000, 112}}) {
    std::vector<Descriptor> chain;
    for (std::uint32_t const length : lengths) chain.push_back({block.address, length});
    nic.tx().offer(chain, next_id_);
    nic.notify(kTransmitQueue);
    ASSERT_NO_FATAL_FAILURE(expect_used(next_id_++));
    EXPECT_EQ(nic.counter("tx_dropped_malformed") + nic.counter("tx_dropped_error"), ++dropped_);
  }
  EXPECT_TRUE(nic.wire.frames.empty());
  expect_round_trip();
}

// P25: elements of a byte cost this queue its speed, and the other one nothing.
TEST_P(EveryNicTransmits, LeavesTheReceiveQueueItsShareWhateverItReads) {
  Block const block = nic.packet(counting_frame(60));
  for (std::uint16_t id = 0; id < 50; ++id) nic.post(2048, id);
  nic.run(us(20));
  auto const offer_tiny = [&] {
    std::vector<Descriptor> chain;
    for (std::uint32_t at = 0; at < 64; ++at) chain.push_back({block.address + at, 1});
    chain.back().len = 72 - 63;
    nic.tx().offer(chain, 1);
    nic.notify(kTransmitQueue);
  };
  offer_tiny();
  for (int i = 0; i < 50; ++i) nic.arrive(counting_frame(1000));
  int sent = 0;
  int received = 0;
  bool const all = nic.run_until([&] {
    if (nic.rx().take()) ++received;
    if (nic.tx().take()) {
      ++sent;
      offer_tiny();
    }
    return received == 50;
  });
  EXPECT_TRUE(all) << received << " of 50 frames in the time of many";
  EXPECT_EQ(nic.counter("rx_packets"), 50U);
  EXPECT_GT(sent, 8) << "and neither does the receive queue stop this one";
}

TEST_P(EveryNicTransmits, GathersThePiecesOfAnIndirectTable) {  // P15, P17 to P19
  Frame const frame = counting_frame(1514, 5);
  Block const block = nic.packet(frame);
  Block const table = nic.allocate(8192);
  constexpr std::uint32_t kPieces = 6;
  for (std::uint32_t const offset : {0U, 8U, 4096U - 40, 4096U - 3}) {
    for (std::uint32_t i = 0; i < kPieces; ++i) {
      std::uint8_t* const entry = &table.bytes[offset + 16 * i];
      std::uint32_t const begin = i * 300;
      store_le<std::uint64_t>(entry, block.address + begin);
      store_le<std::uint32_t>(entry + 8, std::min(300U, 1526 - begin));
      store_le<std::uint16_t>(entry + 12, 0xDEAD);
      // NEXT and INDIRECT have no meaning in a table.
      store_le<std::uint16_t>(entry + 14, i % 2 == 0 ? kDescriptorNext : kDescriptorIndirect);
    }
    auto const flags = static_cast<std::uint16_t>(kDescriptorIndirect | kDescriptorWrite);
    nic.tx().offer({{table.address + offset, 16 * kPieces, flags}}, 77);
    nic.notify(kTransmitQueue);
    ASSERT_NO_FATAL_FAILURE(expect_sent(frame, 77)) << "a table at " << offset;
  }
}

TEST_P(EveryNicTransmits, FollowsChainsAroundTheEndOfTheRing) {  // P26
  ASSERT_NO_FATAL_FAILURE(nic.reset());
  ASSERT_NO_FATAL_FAILURE(nic.start({.size = 5}));
  Block const block = nic.packet(counting_frame(100));
  for (std::uint16_t id = 0; id < 11; ++id) {
    nic.tx().offer({{block.address, 40}, {block.address + 40, 40}, {block.address + 80, 32}}, id);
    nic.notify(kTransmitQueue);
    ASSERT_NO_FATAL_FAILURE(expect_sent(counting_frame(100), id));
  }
}

TEST_P(EveryNicTransmits, PassesOverWritableParts) {  // P7
  Block const block = nic.packet(counting_frame(100));
  nic.tx().offer({{block.address, 112}, {0xBAD000, 4096, kDescriptorWrite}}, 1);
  nic.notify(kTransmitQueue);
  ASSERT_NO_FATAL_FAILURE(expect_sent(counting_frame(100), 1));
  nic.tx().offer({{0xBAD000, 4096, kDescriptorWrite}}, 2);
  nic.notify(kTransmitQueue);
  ASSERT_NO_FATAL_FAILURE(expect_used(2));
  EXPECT_EQ(nic.counter("tx_dropped_malformed"), 1U);
  EXPECT_EQ(nic.memory.faults(), 0U);
}

TEST_P(EveryNicTransmits, KeepsTheOrderOfABurst) {
  for (std::uint16_t i = 0; i < 60; ++i) {
    nic.send(counting_frame(60U + i * 20U, static_cast<std::uint8_t>(i)), i);
  }
  for (std::uint16_t i = 0; i < 60; ++i) ASSERT_NO_FATAL_FAILURE(expect_used(i));
  ASSERT_TRUE(nic.run_until([this] { return nic.wire.frames.size() == 60; }));
  for (std::size_t i = 0; i < 60; ++i) {
    EXPECT_EQ(nic.sent(i), counting_frame(60U + i * 20U, static_cast<std::uint8_t>(i)));
    EXPECT_TRUE(is_intact(nic.wire.frames[i]));
  }
  EXPECT_EQ(nic.counter("tx_frames"), 60U);
  EXPECT_EQ(nic.counter("tx_packets"), 60U);
}

TEST_P(EveryNicTransmits, DropsAFrameThatTheHostRefusesToGive) {  // P12
  nic.tx().offer({{0xBAD000, 100}}, 1);
  nic.notify(kTransmitQueue);
  ASSERT_NO_FATAL_FAILURE(expect_used(1));
  // The first part is there, the second is not.
  Block const block = nic.packet(counting_frame(1000));
  nic.tx().offer({{block.address, 500}, {0xBAD000, 512}}, 2);
  nic.notify(kTransmitQueue);
  ASSERT_NO_FATAL_FAILURE(expect_used(2));
  EXPECT_EQ(nic.counter("tx_dropped_error"), 2U);
  EXPECT_EQ(nic.counter("tx_dropped_malformed"), 0U);
  EXPECT_TRUE(nic.wire.frames.empty());
  expect_round_trip();
}

INSTANTIATE_TEST_SUITE_P(Device, EveryNicTransmits, testing::ValuesIn(nic_kinds()),
                         [](auto const& tested) { return tested.param; });

}  // namespace
}  // namespace ringside::testbench
