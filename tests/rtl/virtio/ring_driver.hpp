// The driver's end of one packed virtqueue (virtio 1.3, 2.8.21): posts buffers, head last, and
// takes used ones back in order. What it posts is remembered as the elements that a device must
// find.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "tests/rtl/virtio/dma_double.hpp"

namespace ringside::testbench {

struct Element {
  bool last = false;
  bool write = false;
  std::uint16_t slots = 0;  // with last
  std::uint16_t id = 0;     // with last
  std::uint32_t len = 0;
  std::uint64_t addr = 0;
};

class RingDriver {
 public:
  struct Part {
    std::uint64_t addr;
    std::uint32_t len;
    bool write;
  };

  RingDriver(Memory& memory, std::uint64_t base, std::uint16_t size)
      : memory_(memory), base_(base), size_(size), free_(size) {}

  std::uint64_t base() const { return base_; }
  std::uint16_t size() const { return size_; }
  std::uint16_t free() const { return free_; }
  std::uint16_t next() const { return next_; }
  bool wrap() const { return wrap_; }
  std::deque<Element>& expected() { return expected_; }

  // A chain with a slot for each part.
  void post(std::vector<Part> const& parts, std::uint16_t id);
  // One slot that points to a table at `table`. `flags` are what the entries carry besides WRITE.
  void post_indirect(std::vector<Part> const& parts, std::uint16_t id, std::uint64_t table,
                     std::uint16_t flags = 0);
  // A slot as it is, available; nothing is expected of it.
  void post_raw(std::uint64_t addr, std::uint32_t len, std::uint16_t id, std::uint16_t flags);
  // A slot at `index` as it is, without any bookkeeping.
  void poke(std::uint16_t index, std::uint64_t addr, std::uint32_t len, std::uint16_t id,
            std::uint16_t flags);
  // The device used the oldest buffer: marks it, and its slots are free again.
  void use();

  std::uint16_t available_flags() const { return wrap_ ? 0x0080 : 0x8000; }

 private:
  void advance();

  Memory& memory_;
  std::uint64_t base_;
  std::uint16_t size_;
  std::uint16_t free_;
  std::uint16_t next_ = 0;
  std::uint16_t used_ = 0;
  bool wrap_ = true;
  bool used_wrap_ = true;
  std::deque<std::uint16_t> posted_;  // slots of the buffers out
  std::deque<Element> expected_;
};

}  // namespace ringside::testbench
