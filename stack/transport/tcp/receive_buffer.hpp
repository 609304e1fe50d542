// What has arrived and was not read: packets in order, and behind gaps those that came too early.
#pragma once

#include <cstdint>
#include <deque>

#include "interface/seam/executor.hpp"
#include "interface/seam/packet_buffer.hpp"
#include "stack/transport/tcp/sequence.hpp"
#include "stack/transport/tcp/settings.hpp"

namespace ringside::stack {

class ReceiveBuffer {
 public:
  ReceiveBuffer(Executor& executor, TcpSettings const& settings, TcpCounters& counters)
      : executor_(executor), settings_(settings), counters_(counters) {}

  void start(Sequence first) { next_ = first; }

  enum class Insert : std::uint8_t {
    InOrder,     // next() has moved
    FilledGap,   // the same, and there is or was data behind it
    OutOfOrder,  // kept for later
    Duplicate,   // nothing new in it
    NoRoom,      // too many packets are held; as if it had been lost
  };
  // Payload that lies inside the window on the right and may reach back on the left.
  Insert insert(Sequence start, PacketBuffer payload);

  // Copies and forgets what has been read.
  std::size_t read(MutableBytes into);

  Sequence next() const { return next_; }  // the first byte that is missing
  std::uint32_t readable() const { return readable_; }
  bool has_gap() const { return !early_.empty(); }
  std::size_t early_packets() const { return early_.size(); }
  void clear();

 private:
  struct Early {
    Sequence start;
    PacketBuffer packet;
    Sequence end() const { return start + packet.size(); }
  };

  bool append(PacketBuffer payload);
  bool join_last(PacketBuffer const& payload);
  Insert keep_early(Sequence start, PacketBuffer payload);
  void drain_early();

  Executor& executor_;
  TcpSettings const& settings_;
  TcpCounters& counters_;
  Sequence next_;
  std::uint32_t readable_ = 0;
  std::deque<PacketBuffer> in_order_;
  std::deque<Early> early_;  // sorted, disjoint, all behind next_
};

}  // namespace ringside::stack
