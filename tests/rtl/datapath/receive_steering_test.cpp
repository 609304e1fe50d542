#include "Vreceive_steering.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>

#include "interface/base/random.hpp"
#include "interface/layout/receive_scaling.hpp"

namespace ringside::test {
namespace {

constexpr std::uint64_t kSeed = 0x57EE;
using Table = std::array<std::uint8_t, layout::kIndirectionEntries>;

class ReceiveSteering : public testing::Test {
 protected:
  ReceiveSteering() {
    block_->rst_i = 1;
    clock();
    block_->rst_i = 0;
  }

  void clock() {
    block_->clk_i = 0;
    block_->eval();
    block_->clk_i = 1;
    block_->eval();
  }

  Table random_table() {
    Table table{};
    for (auto& entry : table) entry = static_cast<std::uint8_t>(random_.below(4));
    return table;
  }

  void write(Table const& table) {
    for (std::size_t i = 0; i < table.size(); ++i) {
      block_->write_i = 1;
      block_->write_index_i = static_cast<CData>(i);
      block_->write_pair_i = table[i];
      clock();
    }
    block_->write_i = 0;
  }

  void change(unsigned mask, unsigned unclassified) {
    block_->mask_i = static_cast<CData>(mask);
    block_->unclassified_i = static_cast<CData>(unclassified);
    block_->change_i = 1;
    clock();
    block_->change_i = 0;
  }

  unsigned pair_of(bool hashed, unsigned hash) {
    block_->frame_i = 1;
    block_->hashed_i = hashed;
    block_->hash_i = static_cast<CData>(hash & 0x7F);
    clock();
    EXPECT_TRUE(block_->valid_o) << "a cycle after it is there";
    unsigned const pair = block_->pair_o;
    block_->gone_i = 1;
    clock();
    block_->gone_i = 0;
    block_->frame_i = 0;
    EXPECT_FALSE(block_->valid_o);
    return pair;
  }

  Random random_{kSeed};
  std::unique_ptr<Vreceive_steering> block_ = std::make_unique<Vreceive_steering>();
};

TEST_F(ReceiveSteering, PutsEverythingIntoTheFirstQueueUntilItIsTold) {
  write(random_table());
  for (unsigned hash = 0; hash < 128; ++hash) EXPECT_EQ(pair_of(hash % 7 != 0, hash), 0U);
}

TEST_F(ReceiveSteering, FollowsTheTableThatIsInUseWhileANewOneIsWritten) {
  Table in_use = random_table();
  write(in_use);
  change(0x7F, 2);
  for (int round = 0; round < 5; ++round) {
    Table const next = random_table();
    write(next);
    unsigned const mask = (1U << (1 + random_.below(7))) - 1;
    for (unsigned hash = 0; hash < 128; ++hash) EXPECT_EQ(pair_of(true, hash), in_use[hash]);
    change(mask, 1);
    for (unsigned hash = 0; hash < 128; ++hash) EXPECT_EQ(pair_of(true, hash), next[hash & mask]);
    change(0x7F, 2);  // the one before
    for (unsigned hash = 0; hash < 128; ++hash) EXPECT_EQ(pair_of(true, hash), in_use[hash]);
    in_use = next;
    change(0x7F, 2);
  }
}

TEST_F(ReceiveSteering, HasAQueueForFramesWithoutAHash) {
  write(Table{});
  change(0x7F, 3);
  EXPECT_EQ(pair_of(false, 5), 3U);
  EXPECT_EQ(pair_of(true, 5), 0U);
}

TEST_F(ReceiveSteering, ForgetsTheTableInAReset) {
  Table table;
  table.fill(3);
  write(table);
  change(0x7F, 3);
  EXPECT_EQ(pair_of(true, 9), 3U);
  block_->reset_i = 1;
  clock();
  block_->reset_i = 0;
  EXPECT_EQ(pair_of(true, 9), 0U);
  EXPECT_EQ(pair_of(false, 9), 0U);
}

}  // namespace
}  // namespace ringside::test
