// Refill, and the way from a used buffer to a packet that a stack can trust the bounds of.
#include "driver/virtio/receive_queue.hpp"

#include <algorithm>
#include <cstring>

#include "driver/virtio/negotiation.hpp"
#include "driver/virtio/partial_checksum.hpp"
#include "interface/layout/receive_scaling.hpp"

namespace ringside::driver {

namespace {

// Refills of at least so many buffers, or of half the ring: each may cost a notification.
constexpr std::uint16_t kRefillBatch = 32;

}  // namespace

ReceiveQueue::ReceiveQueue(HostServices const& host, DmaPacketPool& pool, std::uint16_t capacity,
                           std::uint32_t buffer_bytes, std::uint16_t pair)
    : host_(host),
      statistics_(host.counters.device),
      driver_statistics_(host.counters.driver),
      pool_(pool),
      pair_(pair),
      ring_(host.memory, capacity, 1),
      available_(capacity) {
  std::uint32_t const block = pool.block_size();
  std::uint32_t const most = block > kReceiveHeadroom ? block - kReceiveHeadroom : 0;
  buffer_bytes_ = buffer_bytes == 0 ? most : std::min(buffer_bytes, most);
}

Result<Done, DmaError> ReceiveQueue::start(ReceiveOptions const& options) {
  options_ = options;
  return ring_.start(options.ring);
}

void ReceiveQueue::release() {
  ring_.stop();
  for (Buffer& buffer : available_) buffer = {};
}

bool ReceiveQueue::refill_due() const {
  std::uint32_t const free = ring_.free_descriptors();
  if (free >= std::min<std::uint32_t>(kRefillBatch, (ring_.size() + 1U) / 2)) return free > 0;
  // A packet that needs more buffers than are left would never come, and so neither would a poll.
  return free > 0 &&
         ring_.outstanding() * std::uint64_t{buffer_bytes_} < header_bytes() + options_.frame_bytes;
}

bool ReceiveQueue::refill() {
  if (!ring_.running() || ring_.broken() || !refill_due()) return true;
  while (ring_.free_descriptors() > 0) {
    if (!add_one()) return ring_.outstanding() * 2U >= ring_.size();
  }
  return true;
}

bool ReceiveQueue::add_one() {
  PacketBuffer packet = pool_.allocate(kReceiveHeadroom);
  if (!packet) return false;
  auto mapping =
      DmaMapping::create(host_.memory, packet.append(buffer_bytes_), DmaDirection::FromDevice);
  if (!mapping) return false;
  RingElement const element{mapping->address(), buffer_bytes_, true};
  auto const id = ring_.add({&element, 1});
  if (!id) return false;
  available_[*id] = {std::move(packet), std::move(*mapping)};
  return true;
}

unsigned ReceiveQueue::receive(unsigned budget, PacketReceiver* receiver) {
  unsigned done = 0;
  // The receiver may stop the device; the ring then has nothing used any more.
  while (done < budget) {
    auto const used = ring_.take_used();
    if (!used) break;
    ++done;
    PacketBuffer packet = assemble(*used);
    if (!packet) continue;
    host_.executor.spend(Work::ReceivePacket);
    ++statistics_.rx_packets;
    statistics_.rx_bytes += packet.size();
    if (receiver == nullptr) {
      ++statistics_.rx_dropped;
      continue;
    }
    receiver->receive(std::move(packet));
  }
  return done;
}

// The buffer, cut to what the device says it wrote. Invalid, and counted, if it cannot have.
PacketBuffer ReceiveQueue::take(UsedBuffer const& used) {
  Buffer buffer = std::exchange(available_[used.id], {});
  buffer.mapping.release();
  if (used.length > buffer.packet.size()) {
    ++statistics_.rx_length_errors;
    return {};
  }
  buffer.packet.trim(used.length);
  return std::move(buffer.packet);
}

PacketBuffer ReceiveQueue::assemble(UsedBuffer const& first) {
  PacketBuffer packet = take(first);
  if (!packet) return {};
  if (packet.size() < header_bytes()) {
    ++statistics_.rx_length_errors;
    return {};
  }
  Header header{};
  static_assert(sizeof header == layout::kLongestNetHeaderBytes);
  std::memcpy(&header, packet.bytes().data(), header_bytes());
  if (options_.mergeable && header.net.num_buffers != 1) {
    packet = gather(std::move(packet), header.net.num_buffers);
    if (!packet) return {};
  }
  if (packet.size() < header_bytes() + kEthernetHeaderBytes) {
    ++statistics_.rx_length_errors;
    return {};
  }
  packet.pull(header_bytes());
  if (!apply_header(packet, header)) {
    ++statistics_.rx_errors;
    return {};
  }
  return packet;
}

// Appends the other buffers of a packet to its first. They are used before the first one is, so
// one that is missing now will not come: the device contradicts itself.
PacketBuffer ReceiveQueue::gather(PacketBuffer packet, std::uint16_t buffers) {
  if (buffers == 0 || buffers - 1U > ring_.outstanding()) {
    ++statistics_.rx_errors;
    return {};
  }
  bool fits = true;
  std::uint32_t copied = 0;
  for (unsigned i = 1; i < buffers; ++i) {
    auto const used = ring_.take_used();
    if (!used) {
      ++statistics_.rx_errors;
      return {};
    }
    PacketBuffer const part = take(*used);
    if (!part) packet = {};  // its bytes are lost, those that follow belong to it still
    if (!packet || !fits) continue;
    fits = part.size() <= packet.tailroom();
    if (!fits) continue;
    std::memcpy(packet.append(part.size()).data(), part.bytes().data(), part.size());
    copied += part.size();
  }
  if (!packet) return {};
  if (!fits) {
    ++statistics_.rx_dropped;
    return {};
  }
  host_.executor.spend(Work::CopyByte, copied);
  ++driver_statistics_.gathered;
  ++driver_statistics_.copies;
  driver_statistics_.copied_bytes += copied;
  return packet;
}

// Segmentation fields are not looked at: nothing that would give them a meaning is negotiated.
bool ReceiveQueue::apply_header(PacketBuffer& packet, Header const& header) {
  PacketInfo& info = packet.info();
  info = {};
  info.queue_pair = pair_;
  // What is no report of ours tells nothing.
  if (header.hash.hash_report != 0 && header.hash.hash_report < layout::kHashReports.size()) {
    info.hash_report = static_cast<std::uint8_t>(header.hash.hash_report);
    info.hash = header.hash.hash_value;
  }
  MacAddress destination;
  std::memcpy(destination.bytes.data(), packet.bytes().data(), destination.bytes.size());
  info.link_broadcast = destination.is_broadcast();
  info.link_multicast = destination.is_group() && !info.link_broadcast;
  if (!options_.checksum) return true;
  if ((header.net.flags & layout::kNeedsCsum) != 0) {
    if (!complete_checksum(packet.bytes(), header.net.csum_start, header.net.csum_offset)) {
      return false;
    }
    info.checksum_verified = true;
  } else {
    info.checksum_verified = (header.net.flags & layout::kDataValid) != 0;
  }
  return true;
}

}  // namespace ringside::driver
