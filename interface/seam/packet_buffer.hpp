// A packet's bytes with room in front for headers, as in sk_buff: clones share bytes, not extents.
#pragma once

#include <cassert>
#include <cstdint>
#include <utility>

#include "interface/base/bytes.hpp"

namespace ringside {

class PacketPool;

// One block of a pool. Counted, not atomically: a host has one CPU.
struct PacketBlock {
  PacketPool* pool = nullptr;
  std::uint8_t* memory = nullptr;
  std::uint32_t size = 0;
  std::uint32_t references = 0;
  std::uint32_t index = 0;  // for the pool's own use
};

enum class SegmentKind : std::uint8_t { Tcpv4, Tcpv6 };

// What is known about a packet beside its bytes.
struct PacketInfo {
  bool checksum_verified = false;  // the device checked the transport checksum (DATA_VALID)
  bool link_broadcast = false;     // came to the broadcast address (RFC 1122 3.2.2, 3.3.6)
  bool link_multicast = false;     // came to another group address
  // To be sent by a device that completes checksums: it sums so many bytes at the packet's end and
  // puts the result at an offset in them, where the sum of the pseudo header is. 0: nothing to do.
  std::uint16_t checksum_bytes = 0;
  std::uint16_t checksum_offset = 0;
  // To be sent as TCP segments of so many bytes of payload by a device that cuts packets of this
  // kind (NetDevice::cuts_segments); its checksum is left to the device, too. 0: it goes as it is.
  std::uint16_t segment_bytes = 0;
  SegmentKind segment_kind = SegmentKind::Tcpv4;
  bool congestion_once = false;  // CWR is for the first segment only (RFC 3168, 6.1.2)
  // A device with several pairs of queues: which received it, and which is to send it.
  std::uint16_t queue_pair = 0;
  // Received: the hash of its flow, and what it was made of (layout::kHashReports); 0: no hash.
  std::uint8_t hash_report = 0;
  std::uint32_t hash = 0;
};

class PacketBuffer;

// Devices receive into blocks of the same pool. So those who keep packets until somebody else acts,
// an application that reads or a peer that acknowledges, must leave some.
enum class Supply : std::uint8_t {
  Ample,
  Scarce,  // one packet for each who waits, so that all make progress
  Short,   // none
};

constexpr bool may_keep(Supply supply, bool holds_one_already) {
  return supply == Supply::Ample || (supply == Supply::Scarce && !holds_one_already);
}

// Where packets come from; owned by the driver because a device must be able to reach the blocks.
class PacketPool {
 public:
  virtual ~PacketPool() = default;

  // An empty packet with `headroom` free bytes in front. Invalid when the pool is used up, which
  // the pool counts, or when `headroom` exceeds block_size().
  virtual PacketBuffer allocate(std::uint32_t headroom) = 0;
  virtual std::uint32_t block_size() const = 0;
  virtual std::uint32_t available() const = 0;  // blocks not in use
  virtual Supply supply() const { return Supply::Ample; }

 protected:
  friend class PacketBuffer;
  virtual void release(PacketBlock& block) = 0;  // the last reference is gone
};

// A movable handle. Invalid when default constructed or moved from; only valid() may be asked then.
class PacketBuffer {
 public:
  PacketBuffer() = default;
  PacketBuffer(PacketBlock& block, std::uint32_t headroom)
      : block_(&block), begin_(headroom), end_(headroom) {
    assert(headroom <= block.size);
    ++block.references;
  }
  PacketBuffer(PacketBuffer&& other) noexcept
      : block_(std::exchange(other.block_, nullptr)),
        begin_(other.begin_),
        end_(other.end_),
        info_(other.info_) {}
  PacketBuffer& operator=(PacketBuffer&& other) noexcept {
    if (this != &other) {
      drop();
      block_ = std::exchange(other.block_, nullptr);
      begin_ = other.begin_;
      end_ = other.end_;
      info_ = other.info_;
    }
    return *this;
  }
  PacketBuffer(PacketBuffer const&) = delete;
  PacketBuffer& operator=(PacketBuffer const&) = delete;
  ~PacketBuffer() { drop(); }

  bool valid() const { return block_ != nullptr; }
  explicit operator bool() const { return valid(); }

  // A second handle on the same bytes with extents of its own: headers pushed in front of one do
  // not move the other. Both see each other's writes.
  PacketBuffer clone() const {
    PacketBuffer copy(*block_, begin_);
    copy.end_ = end_;
    copy.info_ = info_;
    return copy;
  }
  bool shared() const { return block_->references > 1; }
  Supply supply() const { return block_->pool->supply(); }  // of where it comes from

  std::uint32_t size() const { return end_ - begin_; }
  bool empty() const { return begin_ == end_; }
  std::uint32_t headroom() const { return begin_; }
  std::uint32_t tailroom() const { return block_->size - end_; }

  MutableBytes bytes() { return {block_->memory + begin_, size()}; }
  Bytes bytes() const { return {block_->memory + begin_, size()}; }

  // Grow in front or behind; the new bytes are not cleared. Shrink in front or to a size.
  MutableBytes push(std::uint32_t count) {
    assert(count <= headroom());
    begin_ -= count;
    return {block_->memory + begin_, count};
  }
  MutableBytes append(std::uint32_t count) {
    assert(count <= tailroom());
    end_ += count;
    return {block_->memory + end_ - count, count};
  }
  void pull(std::uint32_t count) {
    assert(count <= size());
    begin_ += count;
  }
  void trim(std::uint32_t to_size) {
    assert(to_size <= size());
    end_ = begin_ + to_size;
  }

  // The whole block, for the driver to give to a device.
  PacketBlock& block() { return *block_; }

  PacketInfo& info() { return info_; }
  PacketInfo const& info() const { return info_; }

 private:
  void drop() {
    if (block_ != nullptr && --block_->references == 0) block_->pool->release(*block_);
    block_ = nullptr;
  }

  PacketBlock* block_ = nullptr;
  std::uint32_t begin_ = 0;
  std::uint32_t end_ = 0;
  PacketInfo info_;
};

}  // namespace ringside
