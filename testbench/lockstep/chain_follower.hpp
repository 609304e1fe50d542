// Descriptors as they become known, judged and turned into elements (virtio 1.3, 2.8.5 to 2.8.8).
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "interface/base/bytes.hpp"
#include "model/device/descriptor_fetch.hpp"
#include "model/device/packed_ring.hpp"

namespace ringside::testbench::lockstep {

struct Element {
  std::uint64_t address = 0;
  std::uint32_t length = 0;
  bool writable = false;
  // With the last element of a buffer: its id and how many slots of the ring it takes.
  bool last = false;
  std::uint16_t id = 0;
  std::uint16_t slots = 0;
};

// One queue's. Elements come out in the order of the ring: what follows an indirect table waits for
// its entries.
class ChainFollower {
 public:
  void start(std::uint16_t queue_size, model::DescriptorFetch::Rules rules);

  // The next descriptor that was made available. An error is what the device gives up for.
  Result<Done, model::DeviceError> add(layout::PackedDescriptor const& descriptor);
  // The next descriptor belongs to a chain that has begun.
  bool in_chain() const { return chain_length_ != 0; }

  // --- Indirect tables that have not been read to their end, oldest first.

  struct Table {
    unsigned number;  // names it after it is gone, too
    std::uint64_t address;
    std::uint32_t length;
    std::uint16_t id;
    std::uint64_t asked = 0;          // bytes from the start for which reads have begun
    std::vector<std::uint8_t> bytes;  // that have come
  };
  // The one of which a read may begin at this address; null: none.
  Table* asked_at(std::uint64_t address);
  // Bytes of it have come, from `address` on; what was there before and what is beyond is ignored.
  Result<Done, model::DeviceError> add_to_table(unsigned number, std::uint64_t address,
                                                Bytes bytes);

  // --- Elements not yet taken.

  std::deque<Element>& elements() { return elements_; }

 private:
  // In ring order: elements, and tables where their elements will be.
  struct Item {
    Element element;
    std::optional<Table> table;
  };
  Result<Done, model::DeviceError> add_element(Element const& element);
  Result<Done, model::DeviceError> release();

  std::uint16_t queue_size_ = 0;
  model::DescriptorFetch::Rules rules_;
  std::uint32_t chain_length_ = 0;  // of the chain that goes on
  bool wrote_ = false;              // an element of the buffer is writable
  unsigned tables_ = 0;             // that there have been
  std::deque<Item> items_;
  std::deque<Element> elements_;
};

}  // namespace ringside::testbench::lockstep
