// Host memory with an IOMMU that refuses what is not mapped, for unit tests of the driver.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "interface/seam/dma_memory.hpp"

namespace ringside::test {

class FakeDmaMemory final : public DmaMemory {
 public:
  explicit FakeDmaMemory(std::size_t limit = std::size_t{16} << 20) : left_(limit) {}

  MutableBytes allocate(std::size_t size, std::size_t alignment) override {
    if (size > left_) return {};
    left_ -= size;
    blocks_.emplace_back(new std::uint8_t[size + alignment]());
    void* at = blocks_.back().get();
    std::size_t space = size + alignment;
    std::align(alignment, size, at, space);
    allocations_.push_back({static_cast<std::uint8_t*>(at), size});
    return allocations_.back();
  }

  Result<std::uint64_t, DmaError> map(MutableBytes memory, DmaDirection direction) override {
    if (!allocated(memory)) return DmaError::NotHostMemory;
    if (mappings_.size() >= max_mappings) return DmaError::OutOfSpace;
    // Addresses never come back, so that one used after unmap() is noticed.
    std::uint64_t const address = next_address_;
    next_address_ += (memory.size() + 0x1FFF) & ~std::uint64_t{0xFFF};
    mappings_.emplace(address, Mapping{memory, direction});
    return address;
  }
  void unmap(std::uint64_t device_address, std::size_t size) override {
    auto const found = mappings_.find(device_address);
    ASSERT_NE(found, mappings_.end()) << "unmapped twice, or never mapped";
    EXPECT_EQ(found->second.memory.size(), size);
    mappings_.erase(found);
  }
  void write_barrier() override {
    ++write_barriers;
    if (on_write_barrier) on_write_barrier();
  }
  void read_barrier() override {
    ++read_barriers;
    if (on_read_barrier) on_read_barrier();
  }

  // What the device gets at that address; empty if the IOMMU refuses.
  MutableBytes reach(std::uint64_t address, std::size_t size, bool write) {
    auto found = mappings_.upper_bound(address);
    if (found == mappings_.begin()) return refuse();
    --found;
    Mapping const& mapping = found->second;
    std::uint64_t const offset = address - found->first;
    if (offset + size > mapping.memory.size()) return refuse();
    auto const forbidden = write ? DmaDirection::ToDevice : DmaDirection::FromDevice;
    if (mapping.direction == forbidden) return refuse();
    return mapping.memory.subspan(offset, size);
  }

  std::size_t mappings() const { return mappings_.size(); }

  std::size_t max_mappings = ~std::size_t{0};
  unsigned refused = 0;
  unsigned write_barriers = 0;
  unsigned read_barriers = 0;
  std::function<void()> on_write_barrier;  // what a device might do at just that moment
  std::function<void()> on_read_barrier;

 private:
  struct Mapping {
    MutableBytes memory;
    DmaDirection direction;
  };

  bool allocated(MutableBytes memory) const {
    for (MutableBytes const& all : allocations_) {
      if (memory.data() >= all.data() && memory.data() + memory.size() <= all.data() + all.size()) {
        return true;
      }
    }
    return false;
  }
  MutableBytes refuse() {
    ++refused;
    return {};
  }

  std::size_t left_;
  std::uint64_t next_address_ = 0x1'0000'0000;
  std::vector<std::unique_ptr<std::uint8_t[]>> blocks_;
  std::vector<MutableBytes> allocations_;
  std::map<std::uint64_t, Mapping> mappings_;
};

}  // namespace ringside::test
