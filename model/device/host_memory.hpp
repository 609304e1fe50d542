// Host memory as the NIC reaches it: by reads and writes that the other side may refuse.
#pragma once

#include <cstdint>
#include <span>

#include "interface/base/bytes.hpp"
#include "interface/base/result.hpp"

namespace ringside::model {

enum class MemoryError : std::uint8_t {
  Refused,  // an IOMMU fault, a bad address, a completion with an error: AXI SLVERR or DECERR
};

// Whoever calls may be kept waiting, as long as an access takes in the world around; meanwhile
// other calls into the NIC are allowed. Addresses and sizes are the driver's: any byte, not
// wrapping 2^64.
class HostMemory {
 public:
  virtual ~HostMemory() = default;

  virtual Result<Done, MemoryError> read(std::uint64_t address, MutableBytes into) = 0;
  // Returns when the bytes are visible to whoever reads that memory.
  virtual Result<Done, MemoryError> write(std::uint64_t address, Bytes from) = 0;

  struct Read {
    std::uint64_t address;
    MutableBytes into;
    bool refused = false;
  };
  struct Write {
    std::uint64_t address;
    Bytes from;
    bool refused = false;
  };

  // Accesses with no order among them, so that they may be under way together. Returns when all are
  // done and each says whether it was refused.
  virtual void read_all(std::span<Read> reads) {
    for (Read& each : reads) each.refused = !read(each.address, each.into);
  }
  virtual void write_all(std::span<Write> writes) {
    for (Write& each : writes) each.refused = !write(each.address, each.from);
  }
};

}  // namespace ringside::model
