#include "testbench/bus/host_memory.hpp"

#include <sys/mman.h>

#include <bit>
#include <cassert>
#include <new>

namespace ringside::testbench {

void HostMemory::Unmap::operator()(std::uint8_t* memory) const { ::munmap(memory, size); }

// From the kernel, zeroed, page by page as it is touched: hosts that use little cost little.
HostMemory::HostMemory(std::size_t size) : memory_(nullptr, Unmap{size}), size_(size) {
  void* const memory =
      ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  memory_.reset(static_cast<std::uint8_t*>(memory));
}

MutableBytes HostMemory::allocate(std::size_t size, std::size_t alignment) {
  assert(std::has_single_bit(alignment) && alignment <= kPageBytes);
  std::size_t const begin = (allocated_ + alignment - 1) & ~(alignment - 1);
  if (size > size_ || begin > size_ - size) return {};
  allocated_ = begin + size;
  return {memory_.get() + begin, size};
}

std::size_t HostMemory::take_slots(std::size_t count) {
  if (count == 1 && slots_.size() == kMaxSlots && !free_slots_.empty()) {
    std::size_t const slot = free_slots_.front();
    free_slots_.pop_front();
    return slot;
  }
  // Fresh addresses as long as there are any: a stale one is then refused, not taken for another.
  if (slots_.size() + count > kMaxSlots) return kMaxSlots;
  slots_.resize(slots_.size() + count);
  return slots_.size() - count;
}

Result<std::uint64_t, DmaError> HostMemory::map(MutableBytes memory, DmaDirection direction) {
  std::uint8_t* const base = memory_.get();
  if (memory.empty() || memory.data() < base || memory.data() + memory.size() > base + allocated_) {
    return DmaError::NotHostMemory;
  }
  std::uint64_t const offset = static_cast<std::uint64_t>(memory.data() - base) % kPageBytes;
  std::size_t const count = (offset + memory.size() + kSlotBytes - 1) / kSlotBytes;
  std::size_t const first = take_slots(count);
  if (first == kMaxSlots) return DmaError::OutOfSpace;
  std::uint64_t const address = kFirstAddress + first * kSlotBytes + offset;
  for (std::size_t i = 0; i < count; ++i) {
    slots_[first + i] = {address, memory.data(), memory.size(), first, direction};
  }
  ++mappings_;
  return address;
}

void HostMemory::unmap(std::uint64_t device_address, std::size_t size) {
  Mapping const* const found = find(device_address);
  assert(found != nullptr && found->address == device_address && found->size == size);
  std::size_t const first = found->first_slot;
  std::size_t const count = (device_address % kSlotBytes + size + kSlotBytes - 1) / kSlotBytes;
  for (std::size_t i = first; i < first + count; ++i) {
    slots_[i] = {};
    free_slots_.push_back(i);
  }
  --mappings_;
}

HostMemory::Mapping const* HostMemory::find(std::uint64_t address) const {
  if (address < kFirstAddress) return nullptr;
  std::uint64_t const slot = (address - kFirstAddress) / kSlotBytes;
  if (slot >= slots_.size()) return nullptr;
  Mapping const& mapping = slots_[slot];
  if (address < mapping.address || address - mapping.address >= mapping.size) return nullptr;
  return &mapping;
}

namespace {

// A read is a run of whole bus beats, so its end may lie a few bytes past what was asked for; page
// granular hardware allows far more than that.
constexpr std::uint64_t round_up(std::uint64_t address) {
  constexpr std::uint64_t kBeat = 16;
  return (address + kBeat - 1) & ~(kBeat - 1);
}

}  // namespace

std::uint8_t const* HostMemory::device_reads(std::uint64_t address, std::size_t size) {
  Mapping const* const mapping = find(address);
  if (mapping == nullptr || mapping->direction == DmaDirection::FromDevice ||
      address + size > round_up(mapping->address + mapping->size)) {
    ++faults_;
    return nullptr;
  }
  return mapping->memory + (address - mapping->address);
}

std::uint8_t* HostMemory::device_writes(std::uint64_t address, std::size_t size) {
  Mapping const* const mapping = find(address);
  if (mapping == nullptr || mapping->direction == DmaDirection::ToDevice ||
      address + size > mapping->address + mapping->size) {
    ++faults_;
    return nullptr;
  }
  return mapping->memory + (address - mapping->address);
}

}  // namespace ringside::testbench
