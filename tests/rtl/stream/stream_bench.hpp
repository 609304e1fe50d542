// Random payload, gaps and back pressure through a block with one valid/ready stream on each side,
// `data_i` and `data_o` of 32 bits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "interface/base/random.hpp"

namespace ringside::test {

struct StreamRun {
  std::vector<std::uint32_t> sent;
  std::vector<std::uint32_t> received;
  std::size_t cycles = 0;
};

template <class Block>
class StreamBench {
 public:
  explicit StreamBench(std::uint64_t seed) : random_(seed) {
    block->rst_i = 1;
    clock();
    block->rst_i = 0;
  }

  void clock() {
    block->clk_i = 0;
    block->eval();
    block->clk_i = 1;
    block->eval();
  }

  // Sends `beats`, offering and accepting with the given probabilities, until all have arrived.
  StreamRun run(std::size_t beats, double offer, double accept) {
    StreamRun result;
    bool offering = false;
    while (result.received.size() < beats && result.cycles < 100 * beats + 100) {
      if (!offering && result.sent.size() < beats && random_.chance(offer)) {
        offering = true;
        block->data_i = static_cast<std::uint32_t>(random_.next());
      }
      block->valid_i = offering;
      block->ready_i = random_.chance(accept);
      block->clk_i = 0;
      block->eval();
      if (block->valid_o && block->ready_i) result.received.push_back(block->data_o);
      bool const taken = offering && block->ready_o;
      if (taken) {
        result.sent.push_back(block->data_i);
        offering = false;
      }
      block->clk_i = 1;
      block->eval();
      ++result.cycles;
    }
    block->valid_i = 0;
    block->ready_i = 0;
    return result;
  }

  std::unique_ptr<Block> block = std::make_unique<Block>();

 private:
  Random random_;
};

}  // namespace ringside::test
