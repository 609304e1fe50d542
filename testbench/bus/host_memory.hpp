// A host's memory as devices see it: allocations, and the IOMMU that lets a device into parts of
// it.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "interface/seam/dma_memory.hpp"

namespace ringside::testbench {

// Device addresses are handed out in slots of 64 KiB that keep the offset within the page, so that
// each mapping has addresses of its own and one that was taken back is recognised for long.
class HostMemory final : public DmaMemory {
 public:
  explicit HostMemory(std::size_t size);

  MutableBytes allocate(std::size_t size, std::size_t alignment) override;
  Result<std::uint64_t, DmaError> map(MutableBytes memory, DmaDirection direction) override;
  void unmap(std::uint64_t device_address, std::size_t size) override;
  void write_barrier() override {}
  void read_barrier() override {}

  // A device's access. Null if any byte of it is not mapped for that direction (a read may run on
  // to the end of the last 16-byte beat).
  std::uint8_t const* device_reads(std::uint64_t address, std::size_t size);
  std::uint8_t* device_writes(std::uint64_t address, std::size_t size);

  // Accesses that were refused: each is a bug of driver or device, or a test's intent.
  std::uint64_t faults() const { return faults_; }
  std::uint64_t mappings() const { return mappings_; }  // in force

  static constexpr std::uint64_t kFirstAddress = 0x1'0000'0000;  // above 4 GiB: 4-DW TLP headers

 private:
  static constexpr std::uint64_t kSlotBytes = 0x10000;
  static constexpr std::uint64_t kPageBytes = 0x1000;
  static constexpr std::size_t kMaxSlots = 8192;

  struct Mapping {
    std::uint64_t address = 0;
    std::uint8_t* memory = nullptr;
    std::size_t size = 0;  // 0: nothing is mapped here
    std::size_t first_slot = 0;
    DmaDirection direction = DmaDirection::Both;
  };

  std::size_t take_slots(std::size_t count);
  Mapping const* find(std::uint64_t address) const;

  struct Unmap {
    std::size_t size;
    void operator()(std::uint8_t* memory) const;
  };
  std::unique_ptr<std::uint8_t[], Unmap> memory_;
  std::size_t size_;
  std::size_t allocated_ = 0;
  std::vector<Mapping> slots_;  // by slot; a long mapping is repeated in each of its slots
  std::deque<std::size_t> free_slots_;
  std::uint64_t faults_ = 0;
  std::uint64_t mappings_ = 0;
};

}  // namespace ringside::testbench
