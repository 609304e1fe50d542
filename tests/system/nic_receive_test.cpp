// The receive queue of every NIC: headers, merged buffers, and frames that are not delivered, each
// in the counter that says why (hostile inputs X1, X4, W).
#include "tests/system/receiving_nic.hpp"

namespace ringside::testbench {
namespace {

using namespace layout;

class EveryNicReceives : public ReceivingNic {};

TEST_P(EveryNicReceives, PutsAHeaderThatClaimsNothingInFrontOfAFrame) {  // V55, without its flag
  start();
  post(2048, 5);
  std::fill(blocks_[5].bytes.begin(), blocks_[5].bytes.end(), std::uint8_t{0xEE});
  nic.arrive(counting_frame(60, 4));
  ASSERT_NO_FATAL_FAILURE(expect_used(5, 72));
  EXPECT_EQ(contents(5, 0, 12), (Frame{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0}));
  EXPECT_EQ(contents(5, 12, 60), counting_frame(60, 4));
  EXPECT_EQ(contents(5, 72, 8), Frame(8, 0xEE)) << "more than the frame was written";
  EXPECT_EQ(nic.counter("rx_frames"), 1U);
  EXPECT_EQ(nic.counter("rx_octets"), 64U);
  EXPECT_EQ(nic.counter("rx_packets"), 1U);
}

TEST_P(EveryNicReceives, MergesBuffersForALongFrame) {  // V57
  start();
  for (std::uint16_t id = 1; id <= 4; ++id) post(600, id);
  nic.arrive(counting_frame(1514, 4));
  ASSERT_NO_FATAL_FAILURE(expect_used(1, 600));
  ASSERT_NO_FATAL_FAILURE(expect_used(2, 600));
  ASSERT_NO_FATAL_FAILURE(expect_used(3, 326));
  EXPECT_EQ(contents(1, 10, 2), (Frame{3, 0}));
  Frame joined = contents(1, 12, 588);
  for (auto const& [id, size] : {std::pair{2, 600}, std::pair{3, 326}}) {
    Frame const part = contents(static_cast<std::uint16_t>(id), 0, static_cast<std::size_t>(size));
    joined.insert(joined.end(), part.begin(), part.end());
  }
  EXPECT_EQ(joined, counting_frame(1514, 4));
  nic.arrive(counting_frame(60));
  expect_used(4, 72);
}

TEST_P(EveryNicReceives, ScattersAFrameOverTheElementsOfAChain) {
  start(kUnfiltered & ~kFeatureMrgRxbuf);
  Block const block = nic.allocate(2048);
  nic.rx().offer({{block.address, 12, kDescriptorWrite},
                  {block.address + 100, 7, kDescriptorWrite},
                  {block.address + 200, 0, kDescriptorWrite},
                  {block.address + 300, 1600, kDescriptorWrite}},
                 6);
  nic.notify(kReceiveQueue);
  nic.run(us(5));
  nic.arrive(counting_frame(333));
  ASSERT_NO_FATAL_FAILURE(expect_used(6, 345));
  Frame const frame = counting_frame(333);
  EXPECT_TRUE(std::equal(frame.begin(), frame.begin() + 7, block.bytes.begin() + 100));
  EXPECT_TRUE(std::equal(frame.begin() + 7, frame.end(), block.bytes.begin() + 300));
  EXPECT_EQ(block.bytes[107], 0);
}

TEST_P(EveryNicReceives, KeepsABufferThatIsTooSmallForAFrame) {  // X1
  start(kUnfiltered & ~kFeatureMrgRxbuf);
  post(12 + 100, 1);
  nic.arrive(counting_frame(101));
  expect_none_delivered();
  EXPECT_EQ(nic.counter("rx_dropped_no_buffer"), 1U);
  nic.arrive(counting_frame(100));
  ASSERT_NO_FATAL_FAILURE(expect_used(1, 112));
  EXPECT_EQ(contents(1, 10, 2), (Frame{1, 0}));
}

TEST_P(EveryNicReceives, TakesNothingForAFrameThatDoesNotFit) {  // X4
  start();
  post(600, 1);
  post(600, 2);
  nic.arrive(counting_frame(1514));
  expect_none_delivered();
  EXPECT_EQ(nic.counter("rx_dropped_no_buffer"), 1U);
  nic.arrive(counting_frame(100));
  nic.arrive(counting_frame(100));
  ASSERT_NO_FATAL_FAILURE(expect_used(1, 112));
  ASSERT_NO_FATAL_FAILURE(expect_used(2, 112));
}

// Which counter each kind of bad frame moves; none of them is delivered.
TEST_P(EveryNicReceives, CountsEachBadFrameByItsKindAndDeliversNone) {
  start();
  post(2048, 1);
  auto const broken = [](Frame const& frame) {
    WireFrame bad = RingDriver::on_the_wire(frame);
    bad.bytes[WireFrame::kPreambleBytes + 20] ^= 4;
    return bad;
  };
  nic.arrive(broken(counting_frame(60)));
  nic.arrive(broken(counting_frame(1514)));
  nic.arrive(counting_frame(59));
  nic.arrive(counting_frame(20));
  nic.arrive(counting_frame(14));
  nic.arrive(broken(counting_frame(59)));
  nic.arrive(counting_frame(1515));
  nic.arrive(counting_frame(1519));
  nic.arrive(broken(counting_frame(1515)));
  WireFrame with_error = RingDriver::on_the_wire(counting_frame(200));
  with_error.error = true;
  nic.arrive(with_error);
  WireFrame no_start = RingDriver::on_the_wire(counting_frame(100));
  no_start.bytes[7] = 0x55;
  nic.arrive(no_start);
  WireFrame in_a_wrong_lane = RingDriver::on_the_wire(counting_frame(100));
  in_a_wrong_lane.framing = FramePiece::Framing::WrongLane;
  nic.arrive(in_a_wrong_lane);
  WireFrame without_end = RingDriver::on_the_wire(counting_frame(100));
  without_end.framing = FramePiece::Framing::NoEnd;
  nic.arrive(without_end);
  expect_none_delivered();
  EXPECT_EQ(nic.counter("rx_fcs_errors"), 2U);
  EXPECT_EQ(nic.counter("rx_undersize"), 3U);
  EXPECT_EQ(nic.counter("rx_fragments"), 1U);
  EXPECT_EQ(nic.counter("rx_oversize"), 2U);
  EXPECT_EQ(nic.counter("rx_jabbers"), 1U);
  EXPECT_EQ(nic.counter("rx_symbol_errors"), 1U);
  EXPECT_EQ(nic.counter("rx_framing_errors"), 3U);
  EXPECT_EQ(nic.counter("rx_frames"), 0U);
  nic.arrive(counting_frame(60));
  expect_used(1, 72);
}

// Nobody can stop a station whose host has not said that it obeys.
TEST_P(EveryNicReceives, GoesOnSendingWhateverPauseFramesSay) {
  start();
  Frame pause(60, 0);
  Frame const head{1, 0x80, 0xC2, 0, 0, 1, 2, 0, 0, 0, 0, 1, 0x88, 0x08, 0, 1, 0xFF, 0xFF};
  std::copy(head.begin(), head.end(), pause.begin());
  Frame long_pause = pause;
  long_pause.resize(1000, 0xFF);
  for (int i = 0; i < 100; ++i) nic.arrive(i % 10 == 9 ? long_pause : pause);
  nic.run(us(2));
  for (std::uint16_t id = 0; id < 5; ++id) {
    TimePoint const before = present();
    nic.send(counting_frame(100), id);
    ASSERT_TRUE(nic.wait_used(nic.tx())) << id;
    EXPECT_LT(present() - before, us(20)) << "a pause lasts 3355 us";
  }
  nic.run(us(40));
  EXPECT_EQ(nic.counter("rx_frames"), 100U);
  EXPECT_EQ(nic.counter("tx_frames"), 5U);
}

TEST_P(EveryNicReceives, AllowsATagFourBytesMore) {
  start();
  Frame frame = counting_frame(1518);
  frame[12] = 0x81;
  frame[13] = 0x00;
  post(2048, 1);
  nic.arrive(frame);
  ASSERT_NO_FATAL_FAILURE(expect_used(1, 1530));
  EXPECT_EQ(contents(1, 12, 1518), frame);
}

TEST_P(EveryNicReceives, CountsEveryFrameOfAQueueWithoutBuffersWhileTheOtherWorks) {  // P24
  start();
  for (int i = 0; i < 100; ++i) nic.arrive(counting_frame(1000));
  nic.run(us(10));
  nic.send(counting_frame(80), 3);
  ASSERT_TRUE(nic.wait_used(nic.tx()));
  nic.run(us(100));
  EXPECT_EQ(nic.counter("rx_frames"), 100U);
  EXPECT_EQ(nic.counter("rx_dropped_no_buffer") + nic.counter("rx_dropped_overrun"), 100U);
  EXPECT_EQ(nic.wire.frames.size(), 1U);
  expect_round_trip();
}

TEST_P(EveryNicReceives, DropsAFrameThatTheHostDoesNotTake) {
  start();
  // A write's address is good for the IOMMU, but the host refuses it: writes are posted, so the
  // device learns nothing of it and the frame counts as delivered.
  Block const block = nic.post(2048, 1);
  nic.run(us(3));
  nic.link.inject_fault([&](PcieLink::AccessKind kind, std::uint64_t address, std::uint32_t) {
    return kind == PcieLink::AccessKind::Write && address >= block.address &&
           address < block.address + 2048;
  });
  nic.arrive(counting_frame(60));
  ASSERT_NO_FATAL_FAILURE(expect_used(1, 72));
  EXPECT_GT(nic.link.statistics().refused, 0U);
  EXPECT_EQ(Frame(block.bytes.begin(), block.bytes.begin() + 72), Frame(72, 0));
  nic.link.inject_fault({});
  expect_round_trip();
}

TEST_P(EveryNicReceives, KeepsTheOrderOfABurstAtLineRate) {
  start();
  for (std::uint16_t id = 0; id < 60; ++id) blocks_[id] = nic.post(2048, id);
  nic.run(us(10));
  for (std::uint16_t i = 0; i < 60; ++i) {
    nic.arrive(counting_frame(60U + i, static_cast<std::uint8_t>(i)));
  }
  for (std::uint16_t i = 0; i < 60; ++i) {
    ASSERT_NO_FATAL_FAILURE(expect_used(i, 72U + i));
    EXPECT_EQ(contents(i, 12, 60U + i), counting_frame(60U + i, static_cast<std::uint8_t>(i)));
  }
}

INSTANTIATE_TEST_SUITE_P(Device, EveryNicReceives, testing::ValuesIn(nic_kinds()),
                         [](auto const& tested) { return tested.param; });

}  // namespace
}  // namespace ringside::testbench
