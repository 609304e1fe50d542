#include "model/device/msix.hpp"

#include <gtest/gtest.h>

#include "tests/model/device/test_memory.hpp"

namespace ringside::model {
namespace {

constexpr std::uint32_t kAll = 0xFFFFFFFF;

class TheMsixTable : public testing::Test {
 protected:
  TheMsixTable() {
    msix.set_control(true, false);
    msix.set_bus_master(true);
    for (std::uint32_t vector = 0; vector < layout::kNumVectors; ++vector) {
      msix.write_word(16 * vector, {0x1000 + 4 * vector, kAll});
      msix.write_word(16 * vector + 8, {0x50 + vector, kAll});
    }
  }
  void mask(std::uint32_t vector, bool masked) {
    msix.write_word(16 * vector + 12, {masked ? 1U : 0U, kAll});
  }
  unsigned send_all() {
    unsigned messages = 0;
    for (; msix.ready(); ++messages) msix.send(memory);
    return messages;
  }
  std::uint32_t pending() { return msix.pending_block().read_word(0); }

  TestMemory memory;
  Msix msix;
};

TEST_F(TheMsixTable, MasksEveryVectorAtFirst) {
  EXPECT_EQ(msix.read_word(0x0C), 1U);
  msix.raise(0);
  EXPECT_EQ(send_all(), 0U);
  EXPECT_EQ(pending(), 1U);
}

TEST_F(TheMsixTable, WritesTheDataOfTheVectorToItsAddress) {
  mask(2, false);
  msix.raise(2);
  EXPECT_EQ(send_all(), 1U);
  EXPECT_EQ(memory.load<std::uint32_t>(0x1008), 0x52U);
  ASSERT_EQ(memory.accesses.size(), 1U);
  EXPECT_EQ(memory.accesses[0].size, 4U);
  EXPECT_EQ(pending(), 0U);
}

TEST_F(TheMsixTable, SendsOneMessageOnUnmaskForAnyNumberOfEvents) {
  for (int i = 0; i < 3; ++i) msix.raise(1);
  EXPECT_EQ(send_all(), 0U);
  EXPECT_EQ(pending(), 2U);
  mask(1, false);
  EXPECT_EQ(send_all(), 1U);
  EXPECT_EQ(pending(), 0U);
}

TEST_F(TheMsixTable, HoldsAllVectorsUnderTheFunctionMask) {
  mask(0, false);
  mask(1, false);
  msix.set_control(true, true);
  msix.raise(0);
  msix.raise(1);
  EXPECT_EQ(send_all(), 0U);
  EXPECT_EQ(pending(), 3U);
  msix.set_control(true, false);
  EXPECT_EQ(send_all(), 2U);
}

TEST_F(TheMsixTable, ForgetsEventsWhileItIsDisabled) {
  mask(0, false);
  msix.set_control(false, false);
  msix.raise(0);
  msix.set_control(true, false);
  EXPECT_EQ(send_all(), 0U);
  EXPECT_EQ(pending(), 0U);
}

TEST_F(TheMsixTable, WaitsForBusMaster) {
  mask(0, false);
  msix.set_bus_master(false);
  msix.raise(0);
  EXPECT_EQ(send_all(), 0U);
  msix.set_bus_master(true);
  EXPECT_EQ(send_all(), 1U);
}

TEST_F(TheMsixTable, UsesAnEntryAsRewrittenWhileMasked) {
  msix.raise(0);
  msix.write_word(0x00, {0x2000, kAll});
  msix.write_word(0x08, {0x99, kAll});
  mask(0, false);
  EXPECT_EQ(send_all(), 1U);
  EXPECT_EQ(memory.load<std::uint32_t>(0x2000), 0x99U);
}

TEST_F(TheMsixTable, TakesPartialWritesAndAlignsTheAddress) {
  msix.write_word(0x00, {0x0000AB03, 0x0000FFFF});
  EXPECT_EQ(msix.read_word(0x00), 0x0000AB00U);
  msix.write_word(0x04, {0x11000000, 0xFF000000});
  EXPECT_EQ(msix.read_word(0x04), 0x11000000U);
  EXPECT_EQ(msix.read_word(0x00), 0x0000AB00U);
  msix.write_word(0x08, {0x77000000, 0xFF000000});
  EXPECT_EQ(msix.read_word(0x08), 0x77000050U);
  // Only the mask bit of vector control can be written.
  msix.write_word(0x0C, {0xFFFFFFFE, kAll});
  EXPECT_EQ(msix.read_word(0x0C), 0U);
  msix.write_word(0x0C, {0xFF00, 0xFF00});
  EXPECT_EQ(msix.read_word(0x0C), 0U);
}

TEST_F(TheMsixTable, IgnoresVectorsThatDoNotExist) {
  msix.raise(layout::kNoVector);
  msix.raise(layout::kNumVectors);
  EXPECT_EQ(pending(), 0U);
}

TEST_F(TheMsixTable, CarriesOnWhenAMessageIsRefused) {
  mask(0, false);
  memory.refuse = [](TestMemory::Access const&) { return true; };
  msix.raise(0);
  EXPECT_EQ(send_all(), 1U);
  EXPECT_EQ(pending(), 0U);
}

TEST_F(TheMsixTable, ForgetsPendingMessagesAtADeviceReset) {
  msix.raise(0);
  msix.forget();
  mask(0, false);
  EXPECT_EQ(send_all(), 0U);
}

}  // namespace
}  // namespace ringside::model
