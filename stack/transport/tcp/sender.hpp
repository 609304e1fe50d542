// The sending half of a connection: what may leave now, what was lost, and when to try again.
#pragma once

#include <memory>

#include "stack/transport/tcp/congestion_control.hpp"
#include "stack/transport/tcp/rtt_estimator.hpp"
#include "stack/transport/tcp/send_buffer.hpp"
#include "stack/transport/tcp/timer.hpp"

namespace ringside::stack {

// Why bytes leave a second time.
enum class Retransmission : std::uint8_t { Timeout, DuplicateAcks, PartialAck, SmallerPath };

// What the sender needs of its connection.
class SegmentOutput {
 public:
  virtual ~SegmentOutput() = default;
  // Puts a TCP header in front of `payload` (one without bytes is allocated when invalid) and sends
  // it; acknowledges what has come. `more`: another segment follows at once.
  virtual Result<Done, NetworkError> emit(PacketBuffer payload, Sequence sequence,
                                          std::uint8_t flags, bool more) = 0;
  // SYN, or SYN/ACK, with its options.
  virtual Result<Done, NetworkError> emit_syn() = 0;
  virtual void on_retransmission(Sequence sequence, Retransmission why) = 0;
  virtual void on_window_probe() = 0;
  // A send() that found the pool used up, with nothing in flight to wake it, may try again.
  virtual void on_room() = 0;
  // Nothing was acknowledged for user_timeout (R2): the connection is to end.
  virtual void give_up() = 0;
};

class Sender {
 public:
  Sender(Executor& executor, NetworkLayer& network, TcpSettings const& settings,
         TcpCounters& counters, SegmentOutput& output);

  // Sends SYN with sequence number `initial`, again until it is acknowledged.
  Result<Done, NetworkError> open(Sequence initial);
  // What the peer's SYN told: the payload of a full segment, and the first window.
  void set_peer(std::uint32_t mss, Sequence segment_sequence, std::uint32_t window);

  std::size_t append(Bytes data);
  void finish() { fin_queued_ = true; }
  void set_no_delay(bool no_delay) { no_delay_ = no_delay; }
  void set_user_timeout(Duration timeout) { user_timeout_ = timeout; }

  // An acknowledgement that does not exceed highest(). True if it covers something new.
  bool acknowledge(Sequence ack, Sequence segment_sequence, std::uint32_t window,
                   bool empty_segment);
  // Sends whatever windows, Nagle and silly window avoidance allow.
  void send_pending();
  // The path takes less than was thought (RFC 1191); what is out is sent again in smaller pieces.
  void shrink_mss(std::uint32_t mss);
  // No timer remains and nothing is kept.
  void stop();

  Sequence initial() const { return initial_; }
  Sequence unacknowledged() const { return una_; }
  Sequence highest() const { return highest_; }  // SND.NXT
  bool syn_acknowledged() const { return una_ != initial_; }
  bool fin_acknowledged() const { return fin_queued_ && una_ == buffer_.end() + 1; }
  bool fin_sent() const { return fin_queued_ && highest_ == buffer_.end() + 1; }
  bool nothing_in_flight() const { return una_ == highest_; }
  std::uint32_t space() const { return buffer_.space(); }
  std::uint32_t max_window() const { return max_window_; }
  std::uint32_t window() const { return window_; }
  std::uint32_t mss() const { return mss_; }
  SendBuffer const& buffer() const { return buffer_; }
  RttEstimator const& rtt() const { return rtt_; }
  CongestionControl const& congestion() const { return *congestion_; }
  bool in_recovery() const { return in_recovery_; }

  struct Statistics {
    std::uint64_t retransmissions = 0;
    std::uint64_t fast_retransmits = 0;
    std::uint64_t timeouts = 0;
    std::uint64_t bytes_sent = 0;
    std::uint64_t bytes_acked = 0;
  };
  Statistics const& statistics() const { return statistics_; }

 private:
  // A segment chosen to leave; its packet has no header yet.
  struct Ready {
    PacketBuffer packet;
    Sequence sequence;
    std::uint32_t length = 0;  // payload
    std::uint8_t flags = 0;
    bool chosen = false;
  };

  Sequence end() const { return buffer_.end() + (fin_queued_ ? 1 : 0); }
  std::uint32_t flight() const { return bytes_between(una_, next_); }
  std::uint32_t outstanding() const { return bytes_between(una_, highest_); }

  // sender_output.cpp
  Ready choose();
  std::uint32_t sendable(SendChunk const& chunk) const;
  bool held_by_nagle(SendChunk const& chunk) const;
  Ready ready_chunk(SendChunk& chunk);
  void commit(Ready const& ready);
  bool transmit(Ready ready, bool more);
  void count_again(Sequence sequence, Retransmission why);
  void retransmit_first(Retransmission why);
  void restart_after_idle();
  void arm_after_sending();

  // sender_ack.cpp
  void update_window(Sequence ack, Sequence segment_sequence, std::uint32_t window);
  void recover_or_grow(std::uint32_t acked, std::uint32_t flight_before);
  void on_new_ack(Sequence ack);
  void take_rtt_sample(Sequence ack);
  void on_duplicate_ack();
  bool may_enter_recovery() const;
  void handshake_done();

  // sender_timer.cpp
  void on_timer();
  void on_syn_timeout();
  void on_retransmission_timeout();
  void on_persist_timeout();
  bool gave_up();
  void start_retransmission_timer();
  void start_persist_timer();

  Executor& executor_;
  TcpSettings const& settings_;
  TcpCounters& counters_;
  SegmentOutput& output_;
  SendBuffer buffer_;
  RttEstimator rtt_;
  std::unique_ptr<CongestionControl> congestion_;
  Timer timer_;  // of retransmission, or, with nothing in flight, of window probes

  // Names of RFC 9293, except that next_ goes back to una_ when all in flight counts as lost:
  // then highest_ is SND.NXT, and what lies between is sent again.
  Sequence initial_;
  Sequence una_;
  Sequence next_;
  Sequence highest_;
  std::uint32_t window_ = 0;  // SND.WND
  std::uint32_t max_window_ = 0;
  Sequence window_sequence_;         // SND.WL1
  Sequence window_acknowledgement_;  // SND.WL2

  std::uint32_t mss_ = 536;
  bool fin_queued_ = false;
  bool no_delay_ = false;
  bool syn_retransmitted_ = false;
  TimePoint syn_sent_at_{};
  Sequence small_end_;  // behind the last segment that was not full (Nagle as of Minshall)

  // Loss recovery without SACK (RFC 6582).
  bool in_recovery_ = false;
  bool partial_seen_ = false;
  unsigned duplicates_ = 0;
  Sequence recover_;        // SND.NXT when recovery or a timeout began
  Sequence previous_una_;   // before the last new acknowledgement
  bool timed_out_ = false;  // since the last new acknowledgement
  Retransmission resend_reason_ = Retransmission::Timeout;  // for what lies before highest_

  bool persisting_ = false;
  unsigned persist_backoff_ = 0;
  bool override_ = false;       // the probe timer ran out: a silly segment may leave
  bool blocked_below_ = false;  // the pool or the device's queue was full
  bool starved_ = false;        // append() found the pool used up
  TimePoint last_sent_{};
  TimePoint last_progress_{};  // when the peer last acknowledged something, or had nothing to
  Duration user_timeout_;
  Statistics statistics_;
};

}  // namespace ringside::stack
