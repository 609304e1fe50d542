// How a packet becomes a buffer in the ring, and what happens to it afterwards.
#include "driver/virtio/transmit_queue.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>

#include "driver/virtio/partial_checksum.hpp"

namespace ringside::driver {

namespace {

constexpr std::uint16_t kMaxElements = 2;  // header and frame
constexpr std::size_t kHeaderAlignment = 64;

// The packet is TCP, from csum_start on; where its header ends is a hint to the device.
void ask_for_segments(layout::NetHeader& header, PacketBuffer const& packet) {
  constexpr std::size_t kDataOffset = 12;
  PacketInfo const& info = packet.info();
  bool const ipv4 = info.segment_kind == SegmentKind::Tcpv4;
  header.gso_type = ipv4 ? layout::kGsoTcpv4 : layout::kGsoTcpv6;
  if (info.congestion_once) header.gso_type |= layout::kGsoEcn;
  header.gso_size = info.segment_bytes;
  std::size_t const data_offset = header.csum_start + kDataOffset;
  if (data_offset >= packet.size()) return;
  header.hdr_len =
      static_cast<std::uint16_t>(header.csum_start + packet.bytes()[data_offset] / 16 * 4);
}

}  // namespace

TransmitQueue::TransmitQueue(HostServices const& host, DmaPacketPool& pool, std::uint16_t capacity)
    : host_(host),
      pool_(pool),
      ring_(host.memory, capacity, kMaxElements),
      zero_header_(host.memory.allocate(layout::kLongestNetHeaderBytes, kHeaderAlignment)),
      sent_(capacity) {}

Result<Done, DmaError> TransmitQueue::start(TransmitOptions const& options) {
  if (zero_header_.empty()) return DmaError::OutOfSpace;
  auto mapping = DmaMapping::create(host_.memory, zero_header_, DmaDirection::ToDevice);
  if (!mapping) return mapping.error();
  checksum_ = options.checksum;
  header_bytes_ = layout::net_header_bytes(options.hash_report);
  auto started = ring_.start(options.ring);
  if (started) zero_header_map_ = std::move(*mapping);
  return started;
}

void TransmitQueue::release() {
  for (Sent& sent : sent_) {
    if (sent.packet) ++host_.counters.device.tx_dropped;
    sent = {};
  }
  ring_.stop();
  zero_header_map_.release();
}

// What the device is asked to do with the packet (5.1.6.2).
layout::NetHeader TransmitQueue::header_of(PacketBuffer& packet) const {
  layout::NetHeader header{};
  PacketInfo& info = packet.info();
  if (info.checksum_bytes == 0) return header;
  assert(info.checksum_bytes <= packet.size() && info.checksum_offset + 2 <= info.checksum_bytes);
  auto const start = static_cast<std::uint16_t>(packet.size() - info.checksum_bytes);
  if (checksum_) {
    header.flags = layout::kNeedsCsum;
    header.csum_start = start;
    header.csum_offset = info.checksum_offset;
    if (info.segment_bytes != 0) ask_for_segments(header, packet);
  } else {
    (void)complete_checksum(packet.bytes(), start, info.checksum_offset);
    info.checksum_bytes = 0;
  }
  return header;
}

Result<Done, TransmitError> TransmitQueue::add(PacketBuffer& packet) {
  layout::NetHeader const header = header_of(packet);
  bool in_front = packet.headroom() >= header_bytes_;
  std::size_t const elements = in_front ? 1 : kMaxElements;
  if (!fits(elements)) {
    // A ring that could not even hold it when empty takes a copy that needs one descriptor.
    bool const never = ring_.descriptors_for(elements) > ring_.size();
    if (!never || !fits(1)) return TransmitError::QueueFull;
    if (!copy_into_own_block(packet)) return drop(packet);
    in_front = true;
  }
  if (!in_front && header.flags != 0) {
    if (!copy_into_own_block(packet)) return drop(packet);
    in_front = true;
  }

  std::uint32_t const frame_bytes = packet.size();
  if (in_front) {
    MutableBytes const front = packet.push(header_bytes_);
    std::memcpy(front.data(), &header, sizeof header);
    std::fill(front.begin() + sizeof header, front.end(), std::uint8_t{0});  // of no meaning
  }
  auto mapping = map(packet);
  if (!mapping && mapping.error() == DmaError::OutOfSpace && ring_.outstanding() > 0) {
    if (in_front) packet.pull(header_bytes_);
    return TransmitError::QueueFull;  // device addresses come free as packets do
  }
  if (!mapping) return drop(packet);

  auto const length = static_cast<std::uint32_t>(mapping->size());
  std::array const pieces{RingElement{zero_header_map_.address(), header_bytes_, false},
                          RingElement{mapping->address(), length, false}};
  auto const id = ring_.add(in_front ? std::span(pieces).last(1) : std::span(pieces));
  if (!id) {  // broken meanwhile: the packet goes back as it came
    if (in_front) packet.pull(header_bytes_);
    return TransmitError::LinkDown;
  }
  sent_[*id] = {std::move(packet), std::move(*mapping), frame_bytes};
  return Done{};
}

// A packet out of another device's memory is out of reach for this one until it is copied.
Result<DmaMapping, DmaError> TransmitQueue::map(PacketBuffer& packet) {
  auto mapping = DmaMapping::create(host_.memory, packet.bytes(), DmaDirection::ToDevice);
  if (mapping || mapping.error() != DmaError::NotHostMemory) return mapping;
  if (!copy_into_own_block(packet)) return DmaError::NotHostMemory;
  return DmaMapping::create(host_.memory, packet.bytes(), DmaDirection::ToDevice);
}

bool TransmitQueue::copy_into_own_block(PacketBuffer& packet) {
  std::uint32_t const bytes = packet.size();
  PacketBuffer copy = pool_.allocate(kTransmitHeadroom);
  if (!copy || copy.tailroom() < bytes) return false;
  std::memcpy(copy.append(bytes).data(), packet.bytes().data(), bytes);
  copy.info() = packet.info();
  packet = std::move(copy);
  host_.executor.spend(Work::CopyByte, bytes);
  ++host_.counters.driver.copies;
  host_.counters.driver.copied_bytes += bytes;
  return true;
}

Done TransmitQueue::drop(PacketBuffer& packet) {
  ++host_.counters.device.tx_dropped;
  packet = {};
  return {};
}

unsigned TransmitQueue::clean() {
  unsigned cleaned = 0;
  while (auto const used = ring_.take_used()) {
    Sent const sent = std::exchange(sent_[used->id], {});
    ++host_.counters.device.tx_packets;
    host_.counters.device.tx_bytes += sent.frame_bytes;
    ++cleaned;
  }
  return cleaned;
}

void TransmitQueue::enable_interrupts_late() {
  // The device may have passed the position before it was written. Each turn takes back at least
  // one buffer and none is added, so this ends.
  while (!ring_.enable_interrupts_late()) clean();
}

bool TransmitQueue::room_for_waiting() const {
  std::uint32_t const any_packet = std::min(ring_.descriptors_for(kMaxElements), ring_.size());
  return ring_.free_descriptors() >= std::max<std::uint32_t>(any_packet, ring_.size() / 4U);
}

}  // namespace ringside::driver
