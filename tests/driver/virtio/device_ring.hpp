// The device's side of a packed virtqueue, read from virtio 1.3, 2.8 independently of driver/ and
// model/, for unit tests. It can also do what no honest device does.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "interface/seam/virtio_transport.hpp"
#include "tests/driver/fake_dma_memory.hpp"

namespace ringside::test {

struct DeviceElement {
  std::uint64_t address;
  std::uint32_t length;
  bool write;
};

struct DeviceBuffer {
  std::uint16_t id = 0;
  std::uint16_t slots = 0;
  std::vector<DeviceElement> elements;
};

class DeviceRing {
 public:
  static constexpr unsigned kDescriptorBytes = 16;
  enum Flag : std::uint16_t {
    kNext = 1,
    kWrite = 2,
    kIndirect = 4,
    kAvail = 1 << 7,
    kUsed = 1 << 15
  };

  DeviceRing(FakeDmaMemory& memory, QueueLayout const& layout) : memory_(memory), layout_(layout) {}

  std::uint16_t size() const { return layout_.size; }
  std::uint16_t available_index() const { return available_; }
  std::uint16_t used_index() const { return used_; }
  bool used_wrap() const { return used_wrap_; }

  // The 16 bytes of a slot.
  std::vector<std::uint8_t> slot(std::uint16_t index) {
    auto const at = at_slot(index);
    return {at.begin(), at.end()};
  }
  std::uint16_t flags(std::uint16_t index) { return load_le<std::uint16_t>(&at_slot(index)[14]); }

  // The next available buffer, if its head is available.
  std::optional<DeviceBuffer> next() {
    std::uint16_t index = available_;
    bool wrap = available_wrap_;
    if (!available(index, wrap)) return std::nullopt;
    DeviceBuffer buffer;
    for (;;) {
      EXPECT_TRUE(available(index, wrap)) << "a chain whose head was published too early";
      auto const at = at_slot(index);
      auto const descriptor_flags = flags(index);
      buffer.id = load_le<std::uint16_t>(&at[12]);
      ++buffer.slots;
      auto const address = load_le<std::uint64_t>(&at[0]);
      auto const length = load_le<std::uint32_t>(&at[8]);
      if ((descriptor_flags & kIndirect) != 0) {
        read_table(address, length, buffer);
      } else {
        buffer.elements.push_back({address, length, (descriptor_flags & kWrite) != 0});
      }
      if (++index == layout_.size) {
        index = 0;
        wrap = !wrap;
      }
      if ((descriptor_flags & kNext) == 0) break;
    }
    available_ = index;
    available_wrap_ = wrap;
    return buffer;
  }

  // Gives a buffer back in the ring's order of use, id, length and slots as they should be.
  void use(DeviceBuffer const& buffer, std::uint32_t length) {
    bool const wrote = !buffer.elements.empty() && buffer.elements.back().write;
    write_used(buffer.id, length, wrote);
    skip(buffer.slots);
  }
  // Buffers of one merged packet: the first becomes visible last.
  void use_together(std::vector<std::pair<DeviceBuffer, std::uint32_t>> const& buffers) {
    auto const [start, start_wrap] = std::pair(used_, used_wrap_);
    for (std::size_t last = buffers.size(); last-- > 0;) {
      used_ = start;
      used_wrap_ = start_wrap;
      for (std::size_t i = 0; i < last; ++i) skip(buffers[i].first.slots);
      write_used(buffers[last].first.id, buffers[last].second, true);
    }
    for (auto const& buffer : buffers) skip(buffer.first.slots);
  }
  // The same without moving on, with whatever id and length.
  void write_used(std::uint16_t id, std::uint32_t length, bool wrote) {
    auto const at = at_slot(used_);
    store_le<std::uint32_t>(&at[8], length);
    store_le<std::uint16_t>(&at[12], id);
    std::uint16_t const phase = used_wrap_ ? kAvail | kUsed : 0;
    store_le<std::uint16_t>(&at[14], static_cast<std::uint16_t>(phase | (wrote ? kWrite : 0)));
  }
  void skip(unsigned slots) {
    for (unsigned i = 0; i < slots; ++i) {
      if (++used_ == layout_.size) {
        used_ = 0;
        used_wrap_ = !used_wrap_;
      }
    }
  }

  void overwrite(std::uint16_t index, std::vector<std::uint8_t> const& bytes) {
    std::copy(bytes.begin(), bytes.end(), at_slot(index).begin());
  }

  // Device event suppression, for the driver to read.
  void want_notifications(std::uint16_t off_wrap, std::uint16_t event_flags) {
    auto const at = memory_.reach(layout_.device_events, 4, true);
    store_le(&at[0], off_wrap);
    store_le(&at[2], event_flags);
  }
  struct DriverEvents {
    std::uint16_t off;
    bool wrap;
    std::uint16_t flags;
  };
  DriverEvents driver_events() {
    auto const at = memory_.reach(layout_.driver_events, 4, false);
    auto const off_wrap = load_le<std::uint16_t>(&at[0]);
    return {static_cast<std::uint16_t>(off_wrap & 0x7FFF), (off_wrap & 0x8000) != 0,
            load_le<std::uint16_t>(&at[2])};
  }

  // Whether what was used since the last time this was asked calls for an interrupt.
  bool interrupt_due() {
    DriverEvents const events = driver_events();
    int const fresh = distance(decided_, decided_wrap_, used_, used_wrap_);
    int const ahead = distance(decided_, decided_wrap_, events.off, events.wrap);
    decided_ = used_;
    decided_wrap_ = used_wrap_;
    if (fresh == 0 || events.flags == 1) return false;
    return events.flags != 2 || ahead < fresh;
  }

 private:
  // Slots from one position on to another; positions repeat after two laps.
  int distance(int from, bool from_wrap, int to, bool to_wrap) const {
    int const laps = 2 * layout_.size;
    int const a = from + (from_wrap ? 0 : layout_.size);
    int const b = to + (to_wrap ? 0 : layout_.size);
    return (b - a + laps) % laps;
  }
  MutableBytes at_slot(std::uint16_t index) {
    auto const at = memory_.reach(layout_.descriptors + std::uint64_t{index} * kDescriptorBytes,
                                  kDescriptorBytes, true);
    EXPECT_FALSE(at.empty()) << "the ring is not mapped";
    return at;
  }
  bool available(std::uint16_t index, bool wrap) {
    bool const avail = (flags(index) & kAvail) != 0;
    bool const used = (flags(index) & kUsed) != 0;
    return avail == wrap && used != wrap;
  }
  void read_table(std::uint64_t address, std::uint32_t length, DeviceBuffer& buffer) {
    EXPECT_EQ(length % kDescriptorBytes, 0U);
    auto const table = memory_.reach(address, length, false);
    ASSERT_FALSE(table.empty()) << "the indirect table is not mapped";
    for (std::size_t at = 0; at < length; at += kDescriptorBytes) {
      buffer.elements.push_back({load_le<std::uint64_t>(&table[at]),
                                 load_le<std::uint32_t>(&table[at + 8]),
                                 (load_le<std::uint16_t>(&table[at + 14]) & kWrite) != 0});
    }
  }

  FakeDmaMemory& memory_;
  QueueLayout layout_;
  std::uint16_t available_ = 0;
  bool available_wrap_ = true;
  std::uint16_t used_ = 0;
  bool used_wrap_ = true;
  std::uint16_t decided_ = 0;
  bool decided_wrap_ = true;
};

}  // namespace ringside::test
