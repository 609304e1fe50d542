// Blocks are slices of one allocation; the free ones are a stack of indices.
#include "driver/buffer/dma_packet_pool.hpp"

#include <algorithm>

namespace ringside::driver {

namespace {

constexpr std::uint32_t kCacheLine = 64;

constexpr std::uint32_t whole_cache_lines(std::uint32_t bytes) {
  return (bytes + kCacheLine - 1) / kCacheLine * kCacheLine;
}

}  // namespace

DmaPacketPool::DmaPacketPool(DmaMemory& memory, std::uint32_t blocks, std::uint32_t block_size)
    : block_size_(whole_cache_lines(block_size)) {
  MutableBytes const all = memory.allocate(std::size_t{blocks} * block_size_, kCacheLine);
  if (all.empty()) return;
  blocks_.resize(blocks);
  free_.reserve(blocks);
  for (std::uint32_t i = 0; i < blocks; ++i) {
    blocks_[i] = {this, all.data() + std::size_t{i} * block_size_, block_size_, 0, i};
  }
  for (std::uint32_t i = blocks; i > 0; --i) free_.push_back(i - 1);
}

DmaPacketPool::~DmaPacketPool() {
  // A packet that outlives its pool would be released into freed memory.
  assert(available() == capacity());
}

PacketBuffer DmaPacketPool::allocate(std::uint32_t headroom) {
  if (headroom > block_size_) return {};
  if (free_.empty()) {
    ++exhausted_;
    return {};
  }
  std::uint32_t const index = free_.back();
  free_.pop_back();
  return PacketBuffer(blocks_[index], headroom);
}

void DmaPacketPool::when_available(std::uint32_t blocks, UniqueFunction<void()> handler) {
  wanted_ = std::min(blocks, capacity());
  waiter_ = std::move(handler);
}

void DmaPacketPool::release(PacketBlock& block) {
  assert(block.pool == this && block.references == 0);
  free_.push_back(block.index);
  if (waiter_ && available() >= wanted_) {
    auto waiter = std::exchange(waiter_, nullptr);
    waiter();
  }
}

}  // namespace ringside::driver
