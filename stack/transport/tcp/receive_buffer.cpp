#include "stack/transport/tcp/receive_buffer.hpp"

#include <algorithm>
#include <cassert>

namespace ringside::stack {

// Many small packets would pin a block each. Once half of the packets are in use, or the pool has
// few, a payload that fits behind the last one is copied there; so full blocks, not packets, fill
// the window.
bool ReceiveBuffer::join_last(PacketBuffer const& payload) {
  bool const many = in_order_.size() >= settings_.max_receive_packets / 2;
  if (in_order_.empty() || !(many || payload.supply() != Supply::Ample)) return false;
  PacketBuffer& last = in_order_.back();
  if (last.shared() || last.tailroom() < payload.size()) return false;
  Bytes const bytes = payload.bytes();
  std::copy(bytes.begin(), bytes.end(), last.append(payload.size()).data());
  ++counters_.copies;
  counters_.copied_bytes += bytes.size();
  executor_.spend(Work::CopyByte, bytes.size());
  return true;
}

bool ReceiveBuffer::append(PacketBuffer payload) {
  std::uint32_t const size = payload.size();
  if (!join_last(payload)) {
    if (in_order_.size() >= settings_.max_receive_packets) return false;
    if (!may_keep(payload.supply(), !in_order_.empty())) return false;
    in_order_.push_back(std::move(payload));
  }
  next_ += size;
  readable_ += size;
  ++counters_.data_packets;
  return true;
}

void ReceiveBuffer::drain_early() {
  while (!early_.empty() && early_.front().start <= next_) {
    Early& first = early_.front();
    if (first.end() > next_) {
      first.packet.pull(bytes_between(first.start, next_));
      if (!append(std::move(first.packet))) ++counters_.dropped_no_memory;
    }
    early_.pop_front();
  }
}

ReceiveBuffer::Insert ReceiveBuffer::insert(Sequence start, PacketBuffer payload) {
  Sequence const end = start + payload.size();
  if (end <= next_) return Insert::Duplicate;
  if (start > next_) return keep_early(start, std::move(payload));
  payload.pull(bytes_between(start, next_));
  bool const gap = has_gap();
  if (!append(std::move(payload))) {
    ++counters_.dropped_no_memory;
    return Insert::NoRoom;
  }
  drain_early();
  return gap ? Insert::FilledGap : Insert::InOrder;
}

ReceiveBuffer::Insert ReceiveBuffer::keep_early(Sequence start, PacketBuffer payload) {
  auto behind =
      std::upper_bound(early_.begin(), early_.end(), start,
                       [](Sequence place, Early const& held) { return place < held.start; });
  if (behind != early_.begin()) {
    Early const& before = *(behind - 1);
    if (before.end() >= start + payload.size()) return Insert::Duplicate;
    if (before.end() > start) {
      payload.pull(bytes_between(start, before.end()));
      start = before.end();
    }
  }
  Sequence const end = start + payload.size();
  while (behind != early_.end() && behind->end() <= end) behind = early_.erase(behind);
  if (behind != early_.end() && behind->start < end) {
    payload.trim(bytes_between(start, behind->start));
  }
  if (payload.empty()) return Insert::Duplicate;
  bool const full = early_.size() >= settings_.max_out_of_order_packets;
  if (full || payload.supply() != Supply::Ample) {
    ++counters_.dropped_no_memory;
    return Insert::NoRoom;
  }
  early_.insert(behind, Early{start, std::move(payload)});
  return Insert::OutOfOrder;
}

std::size_t ReceiveBuffer::read(MutableBytes into) {
  std::size_t done = 0;
  while (done < into.size() && !in_order_.empty()) {
    PacketBuffer& first = in_order_.front();
    std::size_t const part = std::min<std::size_t>(into.size() - done, first.size());
    std::copy_n(first.bytes().data(), part, into.data() + done);
    first.pull(static_cast<std::uint32_t>(part));
    done += part;
    if (first.empty()) {
      in_order_.pop_front();
      ++counters_.copies;
    }
  }
  readable_ -= static_cast<std::uint32_t>(done);
  counters_.copied_bytes += done;
  if (done > 0) executor_.spend(Work::CopyByte, done);
  return done;
}

void ReceiveBuffer::clear() {
  in_order_.clear();
  early_.clear();
  readable_ = 0;
}

}  // namespace ringside::stack
