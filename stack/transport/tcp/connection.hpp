// One connection: the state machine of RFC 9293 3.10 around a sender and a receiver.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "interface/seam/story.hpp"
#include "stack/transport/tcp/receiver.hpp"
#include "stack/transport/tcp/segment.hpp"
#include "stack/transport/tcp/sender.hpp"
#include "stack/transport/tcp/types.hpp"

namespace ringside::stack {

class TcpLayer;
class TcpListener;

// Shared by the layer, while it is not CLOSED, and by the endpoint that the application holds.
class TcpConnection final : public std::enable_shared_from_this<TcpConnection>,
                            private SegmentOutput {
 public:
  TcpConnection(TcpLayer& layer, Endpoint local, Endpoint remote);

  // For the endpoint; the contracts are there.
  Result<Done, TcpError> connect();
  Result<std::size_t, TcpError> receive(MutableBytes into);
  Result<std::size_t, TcpError> send(std::span<Bytes const> pieces);
  Result<Done, TcpError> shutdown_send();
  void close();
  void abort();
  void observe(TcpObserver* observer) { observer_ = observer; }
  void set_no_delay(bool no_delay);
  void set_keep_alive(bool keep_alive);
  void set_user_timeout(Duration timeout) { sender_.set_user_timeout(timeout); }
  std::size_t available() const { return receiver_.readable(); }
  std::size_t send_space() const { return sender_.space(); }
  Endpoint local() const { return local_; }
  Endpoint remote() const { return remote_; }
  TcpState state() const { return state_; }
  TcpInfo info() const;

  // For the layer and the listener.
  void accept_syn(TcpSegment const& syn, std::shared_ptr<TcpListener> listener,
                  std::optional<Sequence> not_before);
  void on_segment(TcpSegment& segment);
  void on_poll_done();
  void on_problem(IcmpProblem problem, Sequence quoted, std::uint16_t next_hop_mtu);
  // A SYN that may take this connection's place although it is in TIME-WAIT (RFC 9293 3.6.1): from
  // which sequence number on the new one has to begin.
  std::optional<Sequence> yields_to(TcpSegment const& segment) const;
  void give_way() { end(std::nullopt); }
  // The layer ends: no timer and no packet remains, nobody is told.
  void drop();

 private:
  // connection.cpp
  void enter_time_wait();
  void stop_all();
  void end(std::optional<TcpError> error);
  void deliver_events();
  void wake_writer();
  void begin_close();
  bool wants_story() const;
  void tell(std::string line);

  // connection_open.cpp
  std::uint16_t own_mss() const;
  void take_syn_options(TcpSegment const& syn);
  void on_segment_syn_sent(TcpSegment& segment);
  bool on_segment_syn_received(TcpSegment& segment);
  bool open_by_acknowledgement(TcpSegment const& segment);
  void established();

  // connection_input.cpp
  void on_segment_synchronised(TcpSegment& segment);
  void on_unacceptable(TcpSegment const& segment);
  void on_reset(TcpSegment const& segment);
  bool on_acknowledgement(TcpSegment const& segment);
  void on_payload(TcpSegment& segment);
  void on_finish();
  void on_fin_acknowledged();
  void on_segment_time_wait(TcpSegment const& segment);
  void schedule_ack(Receiver::Arrival const& arrival);

  // connection_output.cpp
  Result<Done, NetworkError> emit(PacketBuffer payload, Sequence sequence, std::uint8_t flags,
                                  bool more) override;
  Result<Done, NetworkError> emit_syn() override;
  Result<Done, NetworkError> send_segment(TcpHeader const& header, PacketBuffer payload, bool more);
  void send_ack();
  void challenge_ack();
  void send_reset();
  void on_retransmission(Sequence sequence, Retransmission why) override;
  void on_window_probe() override;

  // connection_timer.cpp
  void on_room() override;
  void give_up() override;
  void on_delayed_ack();
  void on_close_timer();
  void on_keep_alive();

  TcpLayer& layer_;
  Endpoint local_;
  Endpoint remote_;
  TcpState state_ = TcpState::Closed;
  Sender sender_;
  Receiver receiver_;
  std::shared_ptr<TcpListener> listener_;      // while half open by a passive open
  std::shared_ptr<TcpListener> completed_on_;  // to be told that accept() has something to give
  TcpObserver* observer_ = nullptr;

  Timer delayed_ack_;
  Timer close_timer_;  // TIME-WAIT, and FIN-WAIT-2 without an application
  Timer keep_alive_;

  Sequence initial_received_;
  std::uint8_t send_shift_ = 0;
  std::uint8_t receive_shift_ = 0;
  bool fin_queued_ = false;
  bool orphan_ = false;        // close() was called: nobody will read
  bool flush_queued_ = false;  // the layer calls on_poll_done()
  bool ack_pending_ = false;   // an acknowledgement is owed
  bool want_write_ = false;    // a send() fell short
  bool keep_alive_wanted_ = false;
  unsigned unanswered_probes_ = 0;
  TimePoint last_heard_{};
  std::optional<TimePoint> last_challenge_;
  std::optional<TcpError> error_;
  std::optional<TcpError> soft_error_;  // what ICMP said, told if the connection times out
  std::uint64_t segments_in_ = 0;
  std::uint64_t segments_out_ = 0;

  struct Events {
    bool connected = false;
    bool readable = false;
    bool writable = false;
    bool error = false;
  };
  Events events_;
};

}  // namespace ringside::stack
