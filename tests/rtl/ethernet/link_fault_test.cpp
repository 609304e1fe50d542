// The link fault block against the rule, column by column (IEEE 802.3, 46.3.4).
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "Vlink_fault.h"
#include "interface/base/random.hpp"
#include "tests/rtl/ethernet/xgmii.hpp"

namespace ringside::test {
namespace {

constexpr std::uint64_t kSeed = 0x4641'554C;
constexpr int kIdleColumn = 0;  // else the kind of an ordered set

class FaultBench {
 public:
  FaultBench() {
    block_->rst_i = 1;
    word(kIdleColumn, kIdleColumn);
    block_->rst_i = 0;
  }
  void word(int lower, int upper) {
    XgmiiWord word;
    int const kinds[] = {lower, upper};
    for (unsigned i = 0; i < 2; ++i) {
      if (kinds[i] == kIdleColumn) continue;
      word.data &= ~(std::uint64_t{0xFFFF'FFFF} << 32 * i);
      word.data |= (std::uint64_t{0x9C} | static_cast<std::uint64_t>(kinds[i]) << 24) << 32 * i;
      word.control &= static_cast<std::uint8_t>(~(0xEU << 4 * i));
    }
    block_->xgmii_rxd_i = word.data;
    block_->xgmii_rxc_i = word.control;
    block_->clk_i = 0;
    block_->eval();
    block_->clk_i = 1;
    block_->eval();
    locals += block_->local_o;
    remotes += block_->remote_o;
  }
  int fault() const { return block_->fault_o; }
  bool quiescent() const { return block_->quiescent_o != 0; }

  int locals = 0;
  int remotes = 0;

 private:
  std::unique_ptr<Vlink_fault> block_ = std::make_unique<Vlink_fault>();
};

// The rule with the whole past at hand.
int fault_of(std::vector<int> const& columns) {
  int fault = 0;
  int kind = 0;
  int sets = 0;
  int silence = 0;
  for (int const column : columns) {
    if (column == 1 || column == 2) {
      sets = column == kind ? sets + 1 : 1;
      kind = column;
      silence = 0;
      if (sets >= 4) fault = kind;
    } else if (++silence >= 128) {
      kind = sets = fault = 0;
    }
  }
  return fault;
}

TEST(LinkFaultBlock, FollowsTheRuleInRandomLines) {
  SCOPED_TRACE(kSeed);
  Random random(kSeed);
  FaultBench bench;
  std::vector<int> columns;
  int changes = 0;
  int before = 0;
  while (columns.size() < 6000) {
    bool const silent = random.chance(0.03);
    std::uint64_t const run = silent ? 100 + random.below(60) : 1 + random.below(9);
    int const kind = silent ? kIdleColumn : static_cast<int>(random.below(4));
    for (std::uint64_t i = 0; i < run; ++i) columns.push_back(kind);
    if (columns.size() % 2 != 0) columns.push_back(kind);
    columns.resize(columns.size() / 2 * 2);
  }
  std::vector<int> seen;
  for (std::size_t i = 0; i < columns.size(); i += 2) {
    bench.word(columns[i], columns[i + 1]);
    seen.push_back(columns[i]);
    seen.push_back(columns[i + 1]);
    ASSERT_EQ(bench.fault(), fault_of(seen)) << "column " << i;
    changes += bench.fault() != before ? 1 : 0;
    before = bench.fault();
  }
  EXPECT_GT(changes, 20);
  EXPECT_GT(bench.locals, 0);
  EXPECT_GT(bench.remotes, 0);
}

TEST(LinkFaultBlock, RestsWhenNothingIsRememberedAndNotBefore) {
  FaultBench bench;
  EXPECT_TRUE(bench.quiescent());
  bench.word(1, 0);
  EXPECT_FALSE(bench.quiescent());
  for (int i = 0; i < 63; ++i) bench.word(0, 0);
  EXPECT_FALSE(bench.quiescent());
  bench.word(0, 0);
  EXPECT_TRUE(bench.quiescent());
}

}  // namespace
}  // namespace ringside::test
