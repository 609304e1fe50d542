// The receiving half of a connection: what is accepted, the window offered, when to acknowledge.
#pragma once

#include <optional>

#include "stack/transport/tcp/receive_buffer.hpp"

namespace ringside::stack {

// How soon what has arrived wants to be acknowledged.
enum class AckNeed : std::uint8_t {
  None,
  Delayed,    // within delayed_ack, or with data that leaves before
  EndOfPoll,  // when the poll is over, one for all
  Now,        // one for each: the peer counts duplicates to find losses
};

// Decides; the connection holds the timer and sends.
class Receiver {
 public:
  Receiver(Executor& executor, TcpSettings const& settings, TcpCounters& counters)
      : settings_(settings), buffer_(executor, settings, counters) {}

  // The peer's SYN has sequence number `first`. Segments up to `mss` are expected, and
  // window_in_syn() is promised.
  void start(Sequence first, std::uint32_t mss);
  void set_window_shift(std::uint8_t shift) { shift_ = shift; }

  // The four cases of RFC 9293 3.10.7.4. With the window closed a segment that begins at next() is
  // let through for its ACK and RST (RFC 9293, MUST-66); take() finds no room for its data.
  bool acceptable(Sequence start, std::uint32_t length) const;

  struct Arrival {
    AckNeed ack = AckNeed::None;
    bool early = false;     // a gap lies before it
    bool readable = false;  // bytes or the end of the stream for the reader
    bool finished = false;  // the peer's FIN was reached, by this segment
  };
  // Payload and FIN of an acceptable segment.
  Arrival take(Sequence start, PacketBuffer payload, bool fin);

  std::size_t read(MutableBytes into) { return buffer_.read(into); }
  std::uint32_t readable() const { return buffer_.readable(); }
  bool finished() const { return finished_; }

  // The acknowledgement number; FIN counts as one.
  Sequence next() const { return buffer_.next() + (finished_ ? 1 : 0); }

  // The window field of the segment about to leave, which acknowledges all that has come. What was
  // promised stays good, and the right edge moves only by steps worth telling (RFC 9293
  // 3.8.6.2.2).
  std::uint16_t announce();
  // In a SYN the field is not scaled (RFC 7323 2.2).
  std::uint16_t window_in_syn() const;
  // The reader made so much room that the peer should hear of it by a segment of its own.
  bool update_due() const;
  std::uint32_t announced_window() const { return bytes_between(next(), edge()); }

  std::uint64_t bytes_received() const { return bytes_received_; }
  std::uint64_t out_of_order() const { return out_of_order_; }
  void clear() { buffer_.clear(); }

 private:
  Sequence edge() const { return later(edge_, next()); }
  std::uint32_t free_space() const;
  std::uint32_t overhang() const;
  std::uint32_t possible_advance() const;
  AckNeed judge(ReceiveBuffer::Insert result, std::uint32_t advanced);

  TcpSettings const& settings_;
  ReceiveBuffer buffer_;
  Sequence edge_;  // first byte behind the window as announced
  std::optional<Sequence> fin_at_;
  bool finished_ = false;
  std::uint8_t shift_ = 0;
  std::uint32_t mss_ = 536;
  std::uint32_t largest_segment_ = 0;
  std::uint32_t unacknowledged_ = 0;
  std::uint32_t quick_acks_ = 0;
  std::uint64_t bytes_received_ = 0;
  std::uint64_t out_of_order_ = 0;
};

}  // namespace ringside::stack
