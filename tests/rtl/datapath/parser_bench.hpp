// Drives receive_parser with frames and keeps the records that it makes of them.
#pragma once

#include "Vreceive_parser.h"

#include <memory>
#include <vector>

#include "interface/base/random.hpp"
#include "tests/rtl/datapath/beats.hpp"

namespace ringside::test {

struct ParserBench {
  struct Record {
    std::size_t last = 0;
    bool verified = false;
    std::uint8_t report = 0;
    std::uint32_t hash = 0;
    bool spread = false;
    std::uint8_t spread_hash = 0;
  };

  explicit ParserBench(std::uint64_t seed) : random_(seed) {
    block_->rst_i = 1;
    clock();
    block_->rst_i = 0;
  }

  void clock() {
    block_->clk_i = 0;
    block_->eval();
    if (block_->valid_o) {
      records.push_back({block_->last_o, block_->verified_o != 0, block_->report_o, block_->hash_o,
                         block_->spread_o != 0, block_->spread_hash_o});
    }
    block_->clk_i = 1;
    block_->eval();
  }

  // A frame beat by beat, with chance gaps; `keep` as the frame buffer decides.
  void put(Frame const& frame, bool keep, double gap) {
    for (std::size_t at = 0; at < frame.size(); at += 8) {
      while (random_.chance(gap)) idle();
      bool const last = set_mac_beat(block_->beat_i, frame, at);
      block_->valid_i = 1;
      block_->commit_i = last && keep;
      block_->last_i = static_cast<SData>((last ? frame.size() - 1 : at) & 0x7FF);
      clock();
    }
  }

  void idle() {
    block_->valid_i = 0;
    block_->commit_i = 0;
    clock();
  }

  Random random_;
  std::unique_ptr<Vreceive_parser> block_ = std::make_unique<Vreceive_parser>();
  std::vector<Record> records;
};

}  // namespace ringside::test
