#include "driver/buffer/dma_packet_pool.hpp"

#include <gtest/gtest.h>

#include "driver/buffer/dma_mapping.hpp"
#include "tests/driver/fake_dma_memory.hpp"

namespace ringside::driver {
namespace {

using test::FakeDmaMemory;

TEST(DmaPacketPool, HandsOutEachBlockOnceAndTakesItBack) {
  FakeDmaMemory memory;
  DmaPacketPool pool(memory, 4, 256);
  std::vector<PacketBuffer> packets;
  std::vector<std::uint8_t const*> seen;
  for (int i = 0; i < 4; ++i) {
    packets.push_back(pool.allocate(64));
    ASSERT_TRUE(packets.back());
    EXPECT_EQ(packets.back().headroom(), 64U);
    EXPECT_EQ(packets.back().tailroom(), 192U);
    for (auto const* other : seen) EXPECT_GE(std::abs(packets.back().bytes().data() - other), 256);
    seen.push_back(packets.back().bytes().data());
  }
  EXPECT_EQ(pool.available(), 0U);
  packets.clear();
  EXPECT_EQ(pool.available(), 4U);
}

TEST(DmaPacketPool, CountsEachAllocationThatFoundNothing) {
  FakeDmaMemory memory;
  DmaPacketPool pool(memory, 1, 256);
  PacketBuffer const only = pool.allocate(0);
  EXPECT_FALSE(pool.allocate(0));
  EXPECT_FALSE(pool.allocate(0));
  EXPECT_EQ(pool.exhausted(), 2U);
}

TEST(DmaPacketPool, RefusesMoreHeadroomThanABlockHasWithoutCountingIt) {
  FakeDmaMemory memory;
  DmaPacketPool pool(memory, 1, 256);
  EXPECT_FALSE(pool.allocate(257));
  EXPECT_TRUE(pool.allocate(256));
  EXPECT_EQ(pool.exhausted(), 0U);
}

TEST(DmaPacketPool, KeepsABlockUntilItsLastCloneIsGone) {
  FakeDmaMemory memory;
  DmaPacketPool pool(memory, 1, 256);
  PacketBuffer packet = pool.allocate(16);
  PacketBuffer clone = packet.clone();
  packet = {};
  EXPECT_EQ(pool.available(), 0U);
  clone = {};
  EXPECT_EQ(pool.available(), 1U);
}

TEST(DmaPacketPool, RoundsBlocksUpToWholeCacheLines) {
  FakeDmaMemory memory;
  DmaPacketPool pool(memory, 2, 100);
  EXPECT_EQ(pool.block_size(), 128U);
  PacketBuffer const packet = pool.allocate(0);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(packet.bytes().data()) % 64, 0U);
}

TEST(DmaPacketPool, IsEmptyWhenHostMemoryIsUsedUp) {
  FakeDmaMemory memory(1000);
  DmaPacketPool pool(memory, 4, 256);
  EXPECT_EQ(pool.capacity(), 0U);
  EXPECT_FALSE(pool.allocate(0));
}

TEST(DmaPacketPool, PacketsMayOutliveTheirPool) {
  FakeDmaMemory memory;
  PacketBuffer first;
  PacketBuffer second;
  {
    DmaPacketPool pool(memory, 3, 256);
    first = pool.allocate(8);
    second = pool.allocate(8);
    first.append(1)[0] = 42;
  }
  EXPECT_EQ(first.bytes()[0], 42);
  PacketBuffer clone = second.clone();
  first = {};
  second = {};
  EXPECT_FALSE(clone.shared());  // the sanitizers see whether all is freed when this one goes
}

TEST(DmaPacketPool, SaysWhenItRunsLowAndGivesAllTheSame) {
  FakeDmaMemory memory;
  DmaPacketPool pool(memory, 10, 256, 4);
  std::vector<PacketBuffer> taken;
  for (std::uint32_t left = 10; left-- > 0;) {
    taken.push_back(pool.allocate(0));
    ASSERT_TRUE(taken.back());
    Supply const expected = left >= 4 ? Supply::Ample : left >= 2 ? Supply::Scarce : Supply::Short;
    EXPECT_EQ(pool.supply(), expected) << left << " are left";
    EXPECT_EQ(taken.back().supply(), expected);
  }
  taken.clear();
  EXPECT_EQ(pool.supply(), Supply::Ample);
}

TEST(DmaPacketPool, CallsTheWaiterOnceWhenEnoughBlocksAreFree) {
  FakeDmaMemory memory;
  DmaPacketPool pool(memory, 3, 256);
  PacketBuffer a = pool.allocate(0);
  PacketBuffer b = pool.allocate(0);
  PacketBuffer c = pool.allocate(0);
  int calls = 0;
  pool.when_available(2, [&calls] { ++calls; });
  a = {};
  EXPECT_EQ(calls, 0);
  b = {};
  EXPECT_EQ(calls, 1);
  c = {};
  EXPECT_EQ(calls, 1);
}

TEST(DmaPacketPool, WaitsForNoMoreBlocksThanItHas) {
  FakeDmaMemory memory;
  DmaPacketPool pool(memory, 1, 256);
  PacketBuffer only = pool.allocate(0);
  int calls = 0;
  pool.when_available(100, [&calls] { ++calls; });
  only = {};
  EXPECT_EQ(calls, 1);
}

TEST(DmaMapping, LetsTheDeviceInOnlyWhileItLives) {
  FakeDmaMemory memory;
  MutableBytes const bytes = memory.allocate(128, 64);
  std::uint64_t address = 0;
  {
    auto mapping = DmaMapping::create(memory, bytes, DmaDirection::ToDevice);
    ASSERT_TRUE(mapping);
    address = mapping->address();
    DmaMapping const moved = std::move(*mapping);
    EXPECT_FALSE(mapping->valid());
    EXPECT_EQ(memory.reach(address, 128, false).data(), bytes.data());
    EXPECT_TRUE(memory.reach(address, 128, true).empty()) << "the device may only read";
  }
  EXPECT_TRUE(memory.reach(address, 128, false).empty());
}

TEST(DmaMapping, ReplacesWhatItHeldWhenAssigned) {
  FakeDmaMemory memory;
  auto first = DmaMapping::create(memory, memory.allocate(64, 64), DmaDirection::Both);
  auto second = DmaMapping::create(memory, memory.allocate(64, 64), DmaDirection::Both);
  EXPECT_EQ(memory.mappings(), 2U);
  *first = std::move(*second);
  EXPECT_EQ(memory.mappings(), 1U);
}

TEST(DmaMapping, RefusesMemoryThatIsNotTheHosts) {
  FakeDmaMemory memory;
  std::array<std::uint8_t, 16> stack{};
  auto const mapping = DmaMapping::create(memory, stack, DmaDirection::Both);
  ASSERT_FALSE(mapping);
  EXPECT_EQ(mapping.error(), DmaError::NotHostMemory);
}

}  // namespace
}  // namespace ringside::driver
