#include "stack/transport/tcp/send_buffer.hpp"

#include <algorithm>
#include <cassert>

namespace ringside::stack {

std::uint32_t SendBuffer::space() const {
  if (chunks_.size() >= settings_.max_send_packets) return 0;
  return settings_.send_buffer - std::min(settings_.send_buffer, size());
}

std::size_t SendBuffer::append(Bytes data, std::uint32_t mss) {
  std::size_t const wanted = std::min<std::size_t>(data.size(), space());
  std::size_t taken = 0;
  while (taken < wanted) {
    bool const fill_up = !chunks_.empty() && chunks_.back().transmissions == 0 &&
                         chunks_.back().packet.size() < mss && chunks_.back().packet.tailroom() > 0;
    if (!fill_up) {
      if (chunks_.size() >= settings_.max_send_packets) break;
      PacketBuffer packet = network_.allocate(kTcpHeadroom);
      if (!packet || packet.tailroom() == 0) break;
      if (!may_keep(packet.supply(), !chunks_.empty())) break;
      chunks_.push_back({.packet = std::move(packet), .start = end_});
      ++counters_.copies;
    }
    SendChunk& last = chunks_.back();
    std::size_t const part =
        std::min<std::size_t>({wanted - taken, mss - last.packet.size(), last.packet.tailroom()});
    std::copy_n(data.data() + taken, part,
                last.packet.append(static_cast<std::uint32_t>(part)).data());
    end_ += static_cast<std::uint32_t>(part);
    taken += part;
  }
  if (taken > 0) {
    chunks_.back().push = true;
    counters_.copied_bytes += taken;
    executor_.spend(Work::CopyByte, taken);
  }
  return taken;
}

void SendBuffer::acknowledge(Sequence una) {
  assert(una <= end_);
  while (!chunks_.empty() && chunks_.front().end() <= una) chunks_.pop_front();
  if (!chunks_.empty() && chunks_.front().start < una) {
    chunks_.front().packet.pull(bytes_between(chunks_.front().start, una));
    chunks_.front().start = una;
  }
  begin_ = una;
}

std::deque<SendChunk>::iterator SendBuffer::find(Sequence at) {
  auto const found =
      std::lower_bound(chunks_.begin(), chunks_.end(), at,
                       [](SendChunk const& chunk, Sequence place) { return chunk.start < place; });
  assert(found != chunks_.end() && found->start == at);
  return found;
}

SendChunk& SendBuffer::chunk_at(Sequence at) { return *find(at); }

PacketBuffer SendBuffer::copy_of(Bytes payload) {
  PacketBuffer packet = network_.allocate(kTcpHeadroom);
  if (!packet || packet.tailroom() < payload.size()) return {};
  std::copy(payload.begin(), payload.end(),
            packet.append(static_cast<std::uint32_t>(payload.size())).data());
  ++counters_.copies;
  ++counters_.transmit_copies;
  counters_.copied_bytes += payload.size();
  executor_.spend(Work::CopyByte, payload.size());
  return packet;
}

bool SendBuffer::split(SendChunk& chunk, std::uint32_t bytes) {
  assert(bytes > 0 && bytes < chunk.packet.size());
  PacketBuffer rest = copy_of(Bytes(chunk.packet.bytes()).subspan(bytes));
  if (!rest) return false;
  SendChunk second{.packet = std::move(rest),
                   .start = chunk.start + bytes,
                   .sent_at = chunk.sent_at,
                   .transmissions = chunk.transmissions,
                   .push = chunk.push};
  chunk.packet.trim(bytes);
  chunk.push = false;
  chunks_.insert(find(chunk.start) + 1, std::move(second));
  return true;
}

PacketBuffer SendBuffer::prepare(SendChunk& chunk) {
  if (chunk.packet.shared()) {
    PacketBuffer copy = copy_of(chunk.packet.bytes());
    if (!copy) return {};
    chunk.packet = std::move(copy);
  }
  return chunk.packet.clone();
}

void SendBuffer::clear() {
  chunks_.clear();
  begin_ = end_;
}

}  // namespace ringside::stack
