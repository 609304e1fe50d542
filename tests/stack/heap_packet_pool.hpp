// A PacketPool on the heap, for tests: bounded, and it notices blocks that never come back.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <memory>
#include <vector>

#include "interface/seam/packet_buffer.hpp"

namespace ringside::stack {

// Must outlive every packet taken from it.
class HeapPacketPool final : public PacketPool {
 public:
  explicit HeapPacketPool(std::uint32_t blocks = 1024, std::uint32_t block_size = 2048)
      : block_size_(block_size), blocks_(blocks), memory_(std::size_t{blocks} * block_size) {
    free_.reserve(blocks);
    for (std::uint32_t i = blocks; i-- > 0;) {
      blocks_[i] = {this, memory_.data() + std::size_t{i} * block_size, block_size, 0, i};
      free_.push_back(i);
    }
  }
  ~HeapPacketPool() override { assert(available() == blocks_.size() && "a packet leaked"); }

  PacketBuffer allocate(std::uint32_t headroom) override {
    if (free_.empty() || headroom > block_size_) {
      ++refused_;
      return {};
    }
    std::uint32_t const index = free_.back();
    free_.pop_back();
    return PacketBuffer(blocks_[index], headroom);
  }
  std::uint32_t block_size() const override { return block_size_; }
  std::uint32_t available() const override { return static_cast<std::uint32_t>(free_.size()); }
  Supply supply() const override {
    if (available() >= reserve) return Supply::Ample;
    return available() >= reserve / 2 ? Supply::Scarce : Supply::Short;
  }

  std::uint32_t reserve = 0;

  std::uint32_t size() const { return static_cast<std::uint32_t>(blocks_.size()); }
  std::uint64_t refused() const { return refused_; }

 private:
  // What was in the block is spoilt, so that using a packet after its end shows.
  void release(PacketBlock& block) override {
    std::fill_n(block.memory, block.size, std::uint8_t{0xDD});
    free_.push_back(block.index);
  }

  std::uint32_t block_size_;
  std::vector<PacketBlock> blocks_;
  std::vector<std::uint8_t> memory_;
  std::vector<std::uint32_t> free_;
  std::uint64_t refused_ = 0;
};

}  // namespace ringside::stack
