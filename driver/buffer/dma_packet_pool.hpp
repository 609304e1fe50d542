// A fixed number of packet blocks in memory that a device can be let into.
#pragma once

#include <cstdint>
#include <vector>

#include "interface/base/unique_function.hpp"
#include "interface/seam/dma_memory.hpp"
#include "interface/seam/packet_buffer.hpp"

namespace ringside::driver {

// All memory is taken by the constructor. A pool that got none has capacity 0 and refuses every
// allocation. Packets may outlive their pool (work that is still queued somewhere may own some),
// but not the DmaMemory that their bytes are in.
class DmaPacketPool final : public PacketPool {
 public:
  // `block_size` is rounded up to whole cache lines, so that no two blocks share one. supply() is
  // Scarce below `reserve` free blocks and Short below half of it; allocate() gives out the last.
  DmaPacketPool(DmaMemory& memory, std::uint32_t blocks, std::uint32_t block_size,
                std::uint32_t reserve = 0);
  ~DmaPacketPool() override;
  DmaPacketPool(DmaPacketPool const&) = delete;
  DmaPacketPool& operator=(DmaPacketPool const&) = delete;

  PacketBuffer allocate(std::uint32_t headroom) override;
  std::uint32_t block_size() const override { return block_size_; }
  std::uint32_t available() const override { return static_cast<std::uint32_t>(free_.size()); }
  Supply supply() const override;

  std::uint32_t capacity() const { return static_cast<std::uint32_t>(blocks_.size()); }
  std::uint64_t exhausted() const { return exhausted_; }  // allocations that found no block

  // Calls `handler` once, as soon as `blocks` are free after the next release. It runs inside the
  // release, wherever that is: it may only schedule work. One waiter at a time; the last one
  // counts.
  void when_available(std::uint32_t blocks, UniqueFunction<void()> handler);

 private:
  void release(PacketBlock& block) override;

  std::uint32_t block_size_;
  std::uint32_t reserve_;
  std::vector<PacketBlock> blocks_;
  std::vector<std::uint32_t> free_;  // a stack: the block used last is the one still in the cache
  std::uint64_t exhausted_ = 0;
  std::uint32_t wanted_ = 0;
  UniqueFunction<void()> waiter_;
};

}  // namespace ringside::driver
