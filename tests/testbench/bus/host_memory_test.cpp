#include "testbench/bus/host_memory.hpp"

#include <gtest/gtest.h>

namespace ringside::testbench {
namespace {

constexpr std::size_t kSize = 1 << 20;

TEST(HostMemory, AllocatesZeroedAlignedMemoryUntilItIsUsedUp) {
  HostMemory memory(kSize);
  MutableBytes const a = memory.allocate(10, 1);
  MutableBytes const b = memory.allocate(100, 64);
  ASSERT_EQ(b.size(), 100u);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(b.data()) % 64, 0u);
  EXPECT_GE(b.data(), a.data() + a.size());
  for (auto byte : b) EXPECT_EQ(byte, 0);
  EXPECT_TRUE(memory.allocate(kSize, 1).empty());
}

TEST(HostMemory, LetsTheDeviceReachExactlyWhatIsMapped) {
  HostMemory memory(kSize);
  MutableBytes const bytes = memory.allocate(4096, 4096);
  std::uint64_t const address =
      memory.map(bytes.subspan(256, 100), DmaDirection::FromDevice).value();
  EXPECT_EQ(address % 4096, 256u);
  EXPECT_EQ(memory.device_writes(address, 100), bytes.data() + 256);
  EXPECT_EQ(memory.device_writes(address + 99, 1), bytes.data() + 355);
  EXPECT_EQ(memory.device_writes(address - 1, 1), nullptr);
  EXPECT_EQ(memory.device_writes(address, 101), nullptr);
  EXPECT_EQ(memory.device_writes(address + 100, 1), nullptr);
  EXPECT_EQ(memory.faults(), 3u);
}

TEST(HostMemory, LetsAReadRunOnToTheEndOfItsLastBeatOnly) {
  HostMemory memory(kSize);
  MutableBytes const bytes = memory.allocate(4096, 4096);
  std::uint64_t const address = memory.map(bytes.first(100), DmaDirection::ToDevice).value();
  EXPECT_NE(memory.device_reads(address, 112), nullptr);
  EXPECT_EQ(memory.device_reads(address, 113), nullptr);
}

TEST(HostMemory, RefusesTheWrongDirection) {
  HostMemory memory(kSize);
  MutableBytes const bytes = memory.allocate(64, 64);
  std::uint64_t const out = memory.map(bytes, DmaDirection::ToDevice).value();
  std::uint64_t const in = memory.map(bytes, DmaDirection::FromDevice).value();
  EXPECT_EQ(memory.device_writes(out, 1), nullptr);
  EXPECT_EQ(memory.device_reads(in, 1), nullptr);
  EXPECT_NE(memory.device_reads(out, 1), nullptr);
  EXPECT_NE(memory.device_writes(in, 1), nullptr);
}

TEST(HostMemory, RefusesAnAddressThatWasUnmapped) {
  HostMemory memory(kSize);
  MutableBytes const bytes = memory.allocate(64, 64);
  std::uint64_t const first = memory.map(bytes, DmaDirection::Both).value();
  EXPECT_EQ(memory.mappings(), 1u);
  memory.unmap(first, bytes.size());
  std::uint64_t const second = memory.map(bytes, DmaDirection::Both).value();
  EXPECT_NE(first, second);
  EXPECT_EQ(memory.device_reads(first, 1), nullptr);
  EXPECT_EQ(memory.mappings(), 1u);
}

TEST(HostMemory, ReusesAddressesWhenAllHaveBeenGivenOut) {
  HostMemory memory(kSize);
  MutableBytes const bytes = memory.allocate(64, 64);
  for (int i = 0; i < 100'000; ++i) {
    auto const address = memory.map(bytes, DmaDirection::Both);
    ASSERT_TRUE(address) << "after " << i;
    memory.unmap(*address, bytes.size());
  }
}

TEST(HostMemory, MapsMemoryLongerThanASlot) {
  HostMemory memory(kSize);
  MutableBytes const bytes = memory.allocate(300'000, 4096);
  std::uint64_t const address = memory.map(bytes, DmaDirection::Both).value();
  EXPECT_EQ(memory.device_writes(address + 200'000, 100'000), bytes.data() + 200'000);
  EXPECT_EQ(memory.device_writes(address + 200'000, 100'001), nullptr);
}

TEST(HostMemory, MapsOnlyWhatItAllocated) {
  HostMemory memory(kSize);
  std::uint8_t elsewhere[16];
  EXPECT_EQ(memory.map(elsewhere, DmaDirection::Both).error(), DmaError::NotHostMemory);
}

}  // namespace
}  // namespace ringside::testbench
