// What the application gave and the peer has not acknowledged, already cut into packets.
#pragma once

#include <cstdint>
#include <deque>

#include "interface/seam/executor.hpp"
#include "stack/network/network_layer.hpp"
#include "stack/transport/tcp/sequence.hpp"
#include "stack/transport/tcp/settings.hpp"

namespace ringside::stack {

// Room for the largest header that a segment with data carries, a multiple of 4.
inline constexpr std::uint32_t kTcpHeadroom = 32;

// Payload of one segment, kept with room for all headers until it is acknowledged.
struct SendChunk {
  PacketBuffer packet;
  Sequence start;
  TimePoint sent_at{};
  std::uint32_t transmissions = 0;
  bool push = false;  // a send() of the application ended here

  Sequence end() const { return start + packet.size(); }
};

// Application bytes are copied here once; transmitting clones. Every place that the sender stops at
// is the border of two chunks.
class SendBuffer {
 public:
  SendBuffer(NetworkLayer& network, Executor& executor, TcpSettings const& settings,
             TcpCounters& counters)
      : network_(network), executor_(executor), settings_(settings), counters_(counters) {}

  void start(Sequence first) { begin_ = end_ = first; }

  // Copies what fits, in chunks of `mss`; fewer than data.size() when the buffer or the pool is
  // full. The last chunk is filled up if it was never sent.
  std::size_t append(Bytes data, std::uint32_t mss);

  // Forgets what lies before `una`.
  void acknowledge(Sequence una);

  // The chunk that begins at `at`, which lies in [begin, end) at a border.
  SendChunk& chunk_at(Sequence at);
  bool is_last(SendChunk const& chunk) const { return chunk.end() == end_; }

  // Cuts the chunk behind `bytes`; costs a copy of the rest. False when the pool is used up.
  bool split(SendChunk& chunk, std::uint32_t bytes);

  // A packet to push headers into: a clone, or a copy while an earlier clone is still below, where
  // a device may be reading the headers in the shared headroom. Invalid when the pool is used up.
  PacketBuffer prepare(SendChunk& chunk);

  // Chunks whose first byte lies before `una`, oldest first, for looking at before acknowledge().
  std::deque<SendChunk> const& chunks() const { return chunks_; }

  Sequence begin() const { return begin_; }
  Sequence end() const { return end_; }
  std::uint32_t size() const { return bytes_between(begin_, end_); }
  bool empty() const { return begin_ == end_; }
  std::uint32_t space() const;
  void clear();

 private:
  PacketBuffer copy_of(Bytes payload);
  std::deque<SendChunk>::iterator find(Sequence at);

  NetworkLayer& network_;
  Executor& executor_;
  TcpSettings const& settings_;
  TcpCounters& counters_;
  std::deque<SendChunk> chunks_;
  Sequence begin_;
  Sequence end_;
};

}  // namespace ringside::stack
