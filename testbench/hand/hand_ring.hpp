// A packed ring as a test writes it: right where it offers, wrong where the test wants.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "interface/base/bytes.hpp"
#include "interface/layout/virtio.hpp"

namespace ringside::testbench {

// What lies in host memory, and where the NIC finds it.
struct Block {
  MutableBytes bytes;
  std::uint64_t address;
};

struct Descriptor {
  std::uint64_t addr;
  std::uint32_t len;
  std::uint16_t flags = 0;
};

struct Used {
  std::uint16_t id;
  std::uint32_t len;
  bool written;
};

// A packed ring with its event areas (virtio 1.3, 2.8), written by hand.
class HandRing {
 public:
  static constexpr std::size_t kEvents = 4096;  // offset of the driver's event area
  static constexpr std::size_t kBytes = kEvents + 8;

  HandRing(Block block, std::uint16_t size) : block_(block), size_(size) {
    std::fill(block_.bytes.begin(), block_.bytes.end(), std::uint8_t{0});
  }

  std::uint64_t descriptors() const { return block_.address; }
  std::uint64_t driver_events() const { return block_.address + kEvents; }
  std::uint64_t device_events() const { return block_.address + kEvents + 4; }

  // A slot as the test wants it; nothing is added.
  void put(unsigned slot, Descriptor const& descriptor, std::uint16_t id) {
    std::uint8_t* const at = &block_.bytes[16 * slot];
    store_le<std::uint64_t>(at, descriptor.addr);
    store_le<std::uint32_t>(at + 8, descriptor.len);
    store_le<std::uint16_t>(at + 12, id);
    store_le<std::uint16_t>(at + 14, descriptor.flags);
  }

  // A buffer made available as it should be. Returns the slot of its first descriptor.
  unsigned offer(std::vector<Descriptor> chain, std::uint16_t id) {
    unsigned const head = next_;
    slots_[id] = static_cast<unsigned>(chain.size());
    for (std::size_t i = 0; i < chain.size(); ++i) {
      if (i + 1 < chain.size()) chain[i].flags |= layout::kDescriptorNext;
      chain[i].flags |= wrap_ ? layout::kDescriptorAvail : layout::kDescriptorUsed;
      put(next_, chain[i], id);
      if (++next_ == size_) {
        next_ = 0;
        wrap_ = !wrap_;
      }
    }
    return head;
  }

  std::optional<Used> take() {
    std::uint8_t const* const at = &block_.bytes[16 * used_];
    auto const flags = load_le<std::uint16_t>(at + 14);
    bool const avail = (flags & layout::kDescriptorAvail) != 0;
    bool const used = (flags & layout::kDescriptorUsed) != 0;
    if (avail != used_wrap_ || used != used_wrap_) return std::nullopt;
    Used const taken{load_le<std::uint16_t>(at + 12), load_le<std::uint32_t>(at + 8),
                     (flags & layout::kDescriptorWrite) != 0};
    used_ += slots_.at(taken.id);
    if (used_ >= size_) {
      used_ -= size_;
      used_wrap_ = !used_wrap_;
    }
    return taken;
  }

  // The bytes of a slot, to be looked at or spoiled.
  MutableBytes slot(unsigned index) const { return block_.bytes.subspan(16 * index, 16); }
  std::uint16_t size() const { return size_; }

  void want_events(std::uint16_t flags, std::uint16_t off_wrap = 0) {
    store_le<std::uint16_t>(&block_.bytes[kEvents], off_wrap);
    store_le<std::uint16_t>(&block_.bytes[kEvents + 2], flags);
  }

 private:
  Block block_;
  std::uint16_t size_;
  unsigned next_ = 0;
  unsigned used_ = 0;
  bool wrap_ = true;
  bool used_wrap_ = true;
  std::map<std::uint16_t, unsigned> slots_;  // by id, of what is available
};

}  // namespace ringside::testbench
