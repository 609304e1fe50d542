// A region of host memory that the device may reach, for as long as this object lives.
#pragma once

#include <cstdint>
#include <utility>

#include "interface/seam/dma_memory.hpp"

namespace ringside::driver {

// Movable; the destructor takes the device's access away.
class DmaMapping {
 public:
  static Result<DmaMapping, DmaError> create(DmaMemory& memory, MutableBytes bytes,
                                             DmaDirection direction) {
    auto const address = memory.map(bytes, direction);
    if (!address) return address.error();
    return DmaMapping(memory, *address, bytes.size());
  }

  DmaMapping() = default;
  DmaMapping(DmaMapping&& other) noexcept
      : memory_(std::exchange(other.memory_, nullptr)),
        address_(other.address_),
        size_(other.size_) {}
  DmaMapping& operator=(DmaMapping&& other) noexcept {
    if (this != &other) {
      release();
      memory_ = std::exchange(other.memory_, nullptr);
      address_ = other.address_;
      size_ = other.size_;
    }
    return *this;
  }
  DmaMapping(DmaMapping const&) = delete;
  DmaMapping& operator=(DmaMapping const&) = delete;
  ~DmaMapping() { release(); }

  bool valid() const { return memory_ != nullptr; }
  std::uint64_t address() const { return address_; }  // of the first byte, as the device sees it
  std::size_t size() const { return size_; }

  void release() {
    if (auto* memory = std::exchange(memory_, nullptr)) memory->unmap(address_, size_);
  }

 private:
  DmaMapping(DmaMemory& memory, std::uint64_t address, std::size_t size)
      : memory_(&memory), address_(address), size_(size) {}

  DmaMemory* memory_ = nullptr;
  std::uint64_t address_ = 0;
  std::size_t size_ = 0;
};

}  // namespace ringside::driver
