#include "testbench/nic/axi_rules.hpp"

#include <gtest/gtest.h>

namespace ringside::testbench {
namespace {

constexpr AxiAddress kNone{};
constexpr AxiWriteData kNoData{};
constexpr AxiAddress kBurst{true, true, 0x1000, 1, 4, 1, 0};  // two beats of 16 bytes

AxiAddress with(AxiAddress burst, bool ready) {
  burst.ready = ready;
  return burst;
}

AxiWriteData beat(bool last, std::uint16_t strobes = 0xFFFF, bool ready = true) {
  return {true, ready, last, strobes, 0x1111, 0x2222};
}

class AxiRulesTest : public testing::Test {
 protected:
  void edge(AxiAddress const& ar, AxiAddress const& aw, AxiWriteData const& w) {
    rules.edge(cycle++, ar, aw, w);
  }
  void expect_objection(char const* what) {
    ASSERT_TRUE(rules.violation()) << what;
    EXPECT_EQ(rules.violation()->what, what);
  }
  AxiRules rules;
  Cycle cycle = 7;
};

TEST_F(AxiRulesTest, HaveNothingAgainstBurstsThatWaitAndAreTaken) {
  edge(with(kBurst, false), with(kBurst, false), kNoData);
  edge(kBurst, kBurst, beat(false, 0xFFFF, false));
  edge(kNone, kNone, beat(false));
  edge(kNone, kNone, beat(true));
  EXPECT_FALSE(rules.violation());
}

TEST_F(AxiRulesTest, AnOfferedAddressStays) {
  edge(with(kBurst, false), kNone, kNoData);
  edge(kNone, kNone, kNoData);
  expect_objection("ARVALID falls before ARREADY");
  EXPECT_EQ(rules.violation()->cycle, 8);
}

TEST_F(AxiRulesTest, AnOfferedAddressDoesNotChange) {
  edge(kNone, with(kBurst, false), kNoData);
  AxiAddress other = kBurst;
  other.address += 16;
  edge(kNone, other, kNoData);
  expect_objection("what AW offers changes before it is taken");
}

TEST_F(AxiRulesTest, OfferedDataStaysAsItIs) {
  edge(kNone, kBurst, beat(false, 0xFFFF, false));
  AxiWriteData changed = beat(false);
  changed.high = 3;
  edge(kNone, kNone, changed);
  expect_objection("what W offers changes before it is taken");
}

TEST_F(AxiRulesTest, OfferedDataIsNotTakenBack) {
  edge(kNone, kBurst, beat(false, 0xFFFF, false));
  edge(kNone, kNone, kNoData);
  expect_objection("WVALID falls before WREADY");
}

TEST_F(AxiRulesTest, NoBurstCrossesAPage) {
  AxiAddress burst = kBurst;
  burst.address = 0x1FF8;
  edge(burst, kNone, kNoData);
  expect_objection("a burst on AR crosses 4 KiB");
}

TEST_F(AxiRulesTest, BurstsAreIncrementingAndAsWideAsTheBus) {
  AxiAddress fixed = kBurst;
  fixed.burst = 0;
  edge(fixed, kNone, kNoData);
  expect_objection("ARBURST is not INCR");
  AxiAddress narrow = kBurst;
  narrow.size = 3;
  AxiRules others;
  others.edge(0, kNone, narrow, kNoData);
  ASSERT_TRUE(others.violation());
  EXPECT_EQ(others.violation()->what, "AWSIZE is not that of the bus");
}

TEST_F(AxiRulesTest, TheLastBeatIsMarked) {
  edge(kNone, kBurst, beat(false));
  edge(kNone, kNone, beat(false));
  expect_objection("WLAST is missing");
}

TEST_F(AxiRulesTest, NoOtherBeatIsMarkedAsLast) {
  edge(kNone, kBurst, beat(true));
  expect_objection("WLAST comes too early");
}

TEST_F(AxiRulesTest, DataHasAnAddress) {
  edge(kNone, kNone, beat(true));
  expect_objection("write data is taken before its address");
}

TEST_F(AxiRulesTest, NoByteInFrontOfTheAddressIsWritten) {
  AxiAddress burst = kBurst;
  burst.address = 0x1004;
  edge(kNone, burst, beat(false, 0xFFF8));
  expect_objection("WSTRB names a byte below the burst's address");
}

}  // namespace
}  // namespace ringside::testbench
