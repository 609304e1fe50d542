// Host memory that a device may be given, and the IOMMU that decides what it reaches.
#pragma once

#include <cstdint>

#include "interface/base/bytes.hpp"
#include "interface/base/result.hpp"

namespace ringside {

enum class DmaDirection : std::uint8_t { ToDevice, FromDevice, Both };
enum class DmaError : std::uint8_t {
  NotHostMemory,  // the bytes were not obtained by allocate()
  OutOfSpace,     // no device address is free
};

class DmaMemory {
 public:
  virtual ~DmaMemory() = default;

  // Zeroed host memory for rings and packets, `alignment` a power of two up to 4096. It lives as
  // long as this object. Empty when host memory is used up.
  virtual MutableBytes allocate(std::size_t size, std::size_t alignment) = 0;

  // Lets the device reach `memory` (a part of an allocation) until unmap(); anything else that it
  // tries is refused by the IOMMU. Returns the device address of its first byte.
  virtual Result<std::uint64_t, DmaError> map(MutableBytes memory, DmaDirection direction) = 0;
  virtual void unmap(std::uint64_t device_address, std::size_t size) = 0;

  // Orders this CPU's accesses to memory that the device reads or writes too. On a real machine
  // these are dma_wmb() and dma_rmb(); a device that observes memory between two works sees program
  // order anyway, so implementations on the simulator may do nothing.
  virtual void write_barrier() = 0;
  virtual void read_barrier() = 0;
};

}  // namespace ringside
