// Receive buffers as no driver should post them (hostile inputs P7 to P12, P27, X2, X3, X5).
#include "tests/system/receiving_nic.hpp"

namespace ringside::testbench {
namespace {

using namespace layout;

class EveryNicWithOddBuffers : public ReceivingNic {};

TEST_P(EveryNicWithOddBuffers, ReturnsThoseInWhichNoFrameCanBegin) {  // X2, P7
  start();
  post(11, 1);
  post(2048, 2);
  Block const block = nic.packet(counting_frame(60));
  nic.rx().offer({{block.address, 72}}, 3);  // readable
  post(2048, 4);
  nic.arrive(counting_frame(100));
  nic.arrive(counting_frame(101));
  ASSERT_NO_FATAL_FAILURE(expect_used(1, 0));
  ASSERT_NO_FATAL_FAILURE(expect_used(2, 112));
  ASSERT_NO_FATAL_FAILURE(expect_used(3, 0));
  ASSERT_NO_FATAL_FAILURE(expect_used(4, 113));
  EXPECT_EQ(nic.counter("rx_buffers_unused"), 2U);
  EXPECT_EQ(nic.counter("rx_packets"), 2U);
  EXPECT_EQ(Bytes(block.bytes)[12], 0) << "written where it is only to be read";
}

TEST_P(EveryNicWithOddBuffers, ReturnsThoseOfNoBytes) {  // P8, P9
  std::uint64_t unused = 0;
  for (std::uint64_t const features : {kUnfiltered, kUnfiltered & ~kFeatureMrgRxbuf}) {
    start(features);
    Block const block = nic.allocate(2048);
    nic.rx().offer({{block.address, 0, kDescriptorWrite}}, 1);
    nic.rx().offer({{block.address, 0, kDescriptorWrite}, {0, 0, kDescriptorWrite}}, 2);
    nic.rx().offer({{0, 0, kDescriptorWrite}, {block.address, 2048, kDescriptorWrite}}, 3);
    nic.notify(kReceiveQueue);
    nic.run(us(5));
    nic.arrive(counting_frame(100));
    ASSERT_NO_FATAL_FAILURE(expect_used(1, 0));
    ASSERT_NO_FATAL_FAILURE(expect_used(2, 0));
    ASSERT_NO_FATAL_FAILURE(expect_used(3, 112));
    EXPECT_EQ(nic.status(), kReady);
    EXPECT_EQ(nic.counter("rx_buffers_unused"), unused += 2);
    ASSERT_NO_FATAL_FAILURE(nic.reset());
  }
}

TEST_P(EveryNicWithOddBuffers, UsesOnlyWhatItNeedsOfAGiant) {  // P10
  start();
  Block const block = nic.allocate(4096);
  std::fill(block.bytes.begin(), block.bytes.end(), std::uint8_t{0xEE});
  nic.rx().offer({{block.address, 0xFFFF'FFFF, kDescriptorWrite}}, 1);
  nic.rx().offer({{block.address + 2048, 0x8000'0000, kDescriptorWrite},
                  {block.address, 0x8000'0000, kDescriptorWrite}},
                 2);
  nic.notify(kReceiveQueue);
  nic.run(us(5));
  nic.arrive(counting_frame(1514));
  nic.arrive(counting_frame(60));
  ASSERT_NO_FATAL_FAILURE(expect_used(1, 1526));
  ASSERT_NO_FATAL_FAILURE(expect_used(2, 72));
  EXPECT_EQ(std::count(block.bytes.begin() + 1526, block.bytes.begin() + 2048, 0xEE), 522);
  EXPECT_EQ(std::count(block.bytes.begin() + 2048 + 72, block.bytes.end(), 0xEE), 2048 - 72);
}

TEST_P(EveryNicWithOddBuffers, FillsNoMoreThanItsLimitOfBuffers) {  // X3
  nic.start({.size = 256});
  for (std::uint16_t id = 0; id < 200; ++id) blocks_[id] = nic.post(13, id);
  nic.run(us(20));
  nic.arrive(counting_frame(13 * kMaxReceiveBuffers - 11));
  expect_none_delivered();
  EXPECT_EQ(nic.counter("rx_dropped_no_buffer"), 1U);
  nic.arrive(counting_frame(13 * kMaxReceiveBuffers - 12));
  for (std::uint16_t id = 0; id < kMaxReceiveBuffers; ++id) {
    ASSERT_NO_FATAL_FAILURE(expect_used(id, 13));
  }
  EXPECT_EQ(contents(0, 10, 2), (Frame{static_cast<std::uint8_t>(kMaxReceiveBuffers), 0}));
}

TEST_P(EveryNicWithOddBuffers, LeavesWhatADriverDoesToItselfToTheDriver) {  // P12, X5
  Block const unnamed = nic.allocate(4096);
  std::fill(unnamed.bytes.begin(), unnamed.bytes.end(), std::uint8_t{0xEE});
  enum class Mistake { OverlappingBuffers, NoMemory, ItsOwnRing, TheOtherRing };
  for (Mistake const mistake : {Mistake::OverlappingBuffers, Mistake::NoMemory, Mistake::ItsOwnRing,
                                Mistake::TheOtherRing}) {
    SCOPED_TRACE(static_cast<int>(mistake));
    start();
    Block const block = nic.allocate(4096);
    std::uint64_t address = block.address;
    if (mistake == Mistake::NoMemory) address = 0xBAD'0000;
    if (mistake == Mistake::ItsOwnRing) address = nic.rx().descriptors();
    if (mistake == Mistake::TheOtherRing) address = nic.tx().descriptors();
    for (std::uint16_t id = 0; id < 3; ++id) {
      nic.rx().offer({{address + id, 2048, kDescriptorWrite}}, id);
    }
    nic.notify(kReceiveQueue);
    nic.run(us(5));
    for (int i = 0; i < 3; ++i) nic.arrive(counting_frame(300));
    nic.run(us(10));
    nic.notify(kTransmitQueue);
    nic.run(us(20));
    EXPECT_EQ(nic.status() & ~kStatusNeedsReset, kReady);
    ASSERT_NO_FATAL_FAILURE(nic.reset());
    start();
    ASSERT_NO_FATAL_FAILURE(expect_round_trip());
    ASSERT_NO_FATAL_FAILURE(nic.reset());
  }
  EXPECT_EQ(std::count(unnamed.bytes.begin(), unnamed.bytes.end(), 0xEE), 4096);
}

TEST_P(EveryNicWithOddBuffers, IsWellAfterTwoQueuesSharedARing) {  // P27
  nic.enable_pci();
  nic.negotiate(kUnfiltered);
  nic.enable_queue(kTransmitQueue, 8);
  nic.rings[kReceiveQueue] = nic.rings[kTransmitQueue];
  nic.select(kReceiveQueue);
  nic.write(common("queue_size"), 2, 8);
  nic.write64(common("queue_desc"), nic.tx().descriptors());
  nic.write64(common("queue_driver"), nic.tx().driver_events());
  nic.write64(common("queue_device"), nic.tx().device_events());
  nic.write(common("queue_enable"), 2, 1);
  nic.set_status(kReady);
  Block const block = nic.packet(counting_frame(100));
  for (std::uint16_t id = 0; id < 8; ++id) nic.tx().offer({{block.address, 112}}, id);
  nic.notify(kTransmitQueue);
  nic.notify(kReceiveQueue);
  nic.arrive(counting_frame(300));
  nic.run(us(30));
  EXPECT_EQ(nic.status() & ~kStatusNeedsReset, kReady);
  ASSERT_NO_FATAL_FAILURE(nic.reset());
  start();
  expect_round_trip();
}

INSTANTIATE_TEST_SUITE_P(Device, EveryNicWithOddBuffers, testing::ValuesIn(nic_kinds()),
                         [](auto const& tested) { return tested.param; });

}  // namespace
}  // namespace ringside::testbench
