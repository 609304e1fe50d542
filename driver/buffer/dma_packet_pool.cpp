// Blocks are slices of one allocation; the free ones are a stack of indices.
#include "driver/buffer/dma_packet_pool.hpp"

#include <algorithm>

namespace ringside::driver {

namespace {

constexpr std::uint32_t kCacheLine = 64;

constexpr std::uint32_t whole_cache_lines(std::uint32_t bytes) {
  return (bytes + kCacheLine - 1) / kCacheLine * kCacheLine;
}

// Takes over the blocks of a pool that is gone, until the last of their packets is gone too.
class Orphans final : public PacketPool {
 public:
  Orphans(std::vector<PacketBlock> blocks, std::uint32_t in_use)
      : blocks_(std::move(blocks)), in_use_(in_use) {
    for (PacketBlock& block : blocks_) block.pool = this;
  }
  PacketBuffer allocate(std::uint32_t) override { return {}; }
  std::uint32_t block_size() const override { return 0; }
  std::uint32_t available() const override { return 0; }

 private:
  void release(PacketBlock&) override {
    if (--in_use_ == 0) delete this;
  }

  std::vector<PacketBlock> blocks_;
  std::uint32_t in_use_;
};

}  // namespace

DmaPacketPool::DmaPacketPool(DmaMemory& memory, std::uint32_t blocks, std::uint32_t block_size,
                             std::uint32_t reserve)
    : block_size_(whole_cache_lines(block_size)), reserve_(reserve) {
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
  std::uint32_t const in_use = capacity() - available();
  if (in_use > 0) new Orphans(std::move(blocks_), in_use);  // ends itself with its last packet
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

Supply DmaPacketPool::supply() const {
  if (available() >= reserve_) return Supply::Ample;
  return available() >= reserve_ / 2 ? Supply::Scarce : Supply::Short;
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
