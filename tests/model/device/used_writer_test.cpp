#include "model/device/used_writer.hpp"

#include <gtest/gtest.h>

#include "tests/model/device/test_host.hpp"

namespace ringside::model {
namespace {

constexpr std::uint64_t kRing = 0x1000;
using ByteVector = std::vector<std::uint8_t>;

class TheUsedWriter : public testing::Test {
 protected:
  void start(std::uint16_t size) {
    writer.start({.enabled = true, .size = size, .descriptors = kRing});
  }
  void write(std::vector<Used> const& used) { ASSERT_TRUE(writer.write(used)); }
  std::vector<std::uint64_t> written_slots() const {
    std::vector<std::uint64_t> slots;
    for (auto const& access : memory.accesses) slots.push_back((access.address - kRing) / 16);
    return slots;
  }

  TestMemory memory;
  UsedWriter writer{memory};
  TestRing ring{memory, kRing, 0, 0};
};

TEST_F(TheUsedWriter, WritesLengthIdAndFlagsAtOnce) {  // V62
  start(4);
  write({{.id = 2, .slots = 1, .length = 76}});
  EXPECT_EQ(memory.copy(kRing + 8, 8), (ByteVector{0x4C, 0, 0, 0, 2, 0, 0x82, 0x80}));
  ASSERT_EQ(memory.accesses.size(), 1U);
  EXPECT_EQ(memory.accesses[0].address, kRing + 8);
  EXPECT_EQ(memory.accesses[0].size, 8U);
}

TEST_F(TheUsedWriter, LeavesWriteClearWhenNothingWasWritten) {  // V63
  start(4);
  write({{.id = 1, .slots = 1}});
  EXPECT_EQ(ring.len(0), 0U);
  EXPECT_EQ(ring.id(0), 1);
  EXPECT_EQ(ring.flags(0), 0x8080);
}

TEST_F(TheUsedWriter, PassesTheSlotsOfAChainAndFlipsTheWrapCounter) {  // V65, V66
  start(4);
  write({{.id = 0, .slots = 3}});
  write({{.id = 1, .slots = 3}});
  EXPECT_EQ(ring.id(3), 1);
  EXPECT_EQ(ring.flags(3), 0x8080);
  EXPECT_EQ(writer.position(), (RingPosition{2, false}));
  write({{.id = 0, .slots = 1, .length = 100}});
  EXPECT_EQ(memory.copy(kRing + 2 * 16 + 8, 8), (ByteVector{0x64, 0, 0, 0, 0, 0, 2, 0}));
}

TEST_F(TheUsedWriter, PublishesTheFirstBufferOfAPacketLast) {
  start(8);
  write({{.id = 5, .slots = 1, .length = 600, .more = true},
         {.id = 6, .slots = 1, .length = 600, .more = true},
         {.id = 7, .slots = 1, .length = 326},
         {.id = 8, .slots = 1, .length = 60}});
  EXPECT_EQ(written_slots(), (std::vector<std::uint64_t>{1, 2, 0, 3}));
}

TEST_F(TheUsedWriter, ManagesARingOfOne) {
  start(1);
  write({{.id = 3, .slots = 1}});
  EXPECT_EQ(ring.flags(0), 0x8080);
  write({{.id = 4, .slots = 1}});
  EXPECT_EQ(ring.flags(0), 0x0000);
}

TEST_F(TheUsedWriter, EchoesTheIdWhateverItIs) {
  start(4);
  write({{.id = 0xFFFF, .slots = 1}});
  EXPECT_EQ(ring.id(0), 0xFFFF);
}

TEST_F(TheUsedWriter, ReportsARefusedWrite) {
  start(4);
  memory.refuse = [](TestMemory::Access const&) { return true; };
  Used const used{.id = 1, .slots = 1};
  auto const written = writer.write({&used, 1});
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error(), DeviceError::RingRefused);
}

}  // namespace
}  // namespace ringside::model
