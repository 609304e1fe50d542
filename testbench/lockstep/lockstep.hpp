// The reference beside the RTL: told what the RTL is told, shown what it reads, it says what the
// RTL has to do, and all that the RTL does is compared with that.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "testbench/lockstep/arrival_follower.hpp"
#include "testbench/lockstep/control_follower.hpp"
#include "testbench/lockstep/filter_follower.hpp"
#include "testbench/lockstep/frame_pool.hpp"
#include "testbench/lockstep/interrupt_follower.hpp"
#include "testbench/lockstep/judge.hpp"
#include "testbench/lockstep/message_follower.hpp"
#include "testbench/lockstep/patience.hpp"
#include "testbench/lockstep/receive_follower.hpp"
#include "testbench/lockstep/register_reference.hpp"
#include "testbench/lockstep/ring_follower.hpp"
#include "testbench/lockstep/steering_follower.hpp"
#include "testbench/lockstep/transmit_follower.hpp"
#include "testbench/lockstep/used_follower.hpp"
#include "testbench/lockstep/wire_follower.hpp"
#include "testbench/nic/observer.hpp"

namespace ringside::testbench {

class LockStep final : public NicObserver,
                       private lockstep::RegisterEvents,
                       private model::ControlTarget {
 public:
  // `on_difference` is called once, at the first difference.
  LockStep(MacAddress mac, std::function<void()> on_difference,
           lockstep::Patience const& patience = {});

  std::optional<lockstep::Difference> const& difference() const { return judge_.difference(); }
  // To be called once nothing happens any more, with what the RTL's counters say, in the order of
  // the layout.
  using Counters = std::array<std::uint64_t, layout::kStatistics.size()>;
  void finish(TimePoint at, Counters const& counters);

  // What differs, and what both sides did before.
  std::string account() const { return judge_.account(); }

  // NicObserver.
  void register_written(TimePoint at, std::uint32_t offset, unsigned size,
                        std::uint32_t value) override;
  void register_read(TimePoint at, std::uint32_t offset, unsigned size,
                     std::uint32_t value) override;
  void controlled(TimePoint at, PciControl control) override;
  void read_begun(TimePoint at, unsigned id, std::uint64_t address, std::uint32_t size,
                  std::uint32_t tag) override;
  void read_beat(TimePoint at, std::uint32_t tag, Bytes bytes, bool ok, bool last) override;
  void written(TimePoint at, std::uint64_t address, Bytes bytes) override;
  void write_answered(TimePoint at, bool ok) override;
  void received(FramePiece const& piece) override;
  void sent(FramePiece const& piece) override;
  void line_received(LineChange const& change) override;
  void line_sent(LineChange const& change) override;
  void stamped(TimePoint at, WireStamp const& stamp) override;

 private:
  // How late it may come to what it needs a reset for.
  static constexpr Duration kSlowToBreak{1'000'000'000};
  // The link status changes so soon behind the wire.
  static constexpr Duration kLinkSettles = 64 * kNicCycle;
  // With so much fetched and not used it may not have come to the bad descriptor yet.
  static constexpr std::size_t kMuchWaiting = 32;
  // Registers answer after the edge at which they take effect.
  static constexpr Duration kRegisterLatency = 16 * kNicCycle;

  static constexpr std::size_t kTags = 64;
  static constexpr std::size_t kQueues = layout::kNumQueues;

  // Broken: the reference needs a reset, and the RTL will when it comes to the same point. Blind:
  // the driver has laid things over each other, so that it can not be told what an access is for.
  enum class Session : std::uint8_t { Idle, Live, Broken, Blind, Resetting };
  // Of each AXI ID (rtl/README.md, DMA read).
  enum class Client : std::uint8_t { Unknown, Descriptors, Transmit, Events, Control };
  struct Read {
    Client client = Client::Unknown;
    std::uint16_t queue = 0;
  };
  struct Write {
    enum class Kind : std::uint8_t { Unknown, Packet, Used, Message, Answer } kind = Kind::Unknown;
    std::uint16_t queue = 0;
    std::uint64_t number = 0;  // of the packet; or slots used up to here
    bool publishes = false;    // the last used descriptor of a packet
  };
  struct Queue {
    lockstep::RingFollower ring;
    lockstep::UsedFollower used;
    lockstep::InterruptFollower interrupts;
    bool event_read_begun = false;
    bool started = false;
  };

  // RegisterEvents.
  void session_begins() override;
  void session_ends() override;
  void queue_enabled(std::uint16_t queue) override;
  void queue_notified(std::uint16_t queue) override;
  void moderation_set(std::uint16_t queue) override;

  // ControlTarget.
  bool negotiated(std::uint64_t feature) const override;
  model::ReceiveFilter const& filter() const override { return filter_.filter(); }
  void set_filter(model::ReceiveFilter filter) override;
  void set_station(MacAddress station) override;
  void announced() override;
  bool queue_enabled_now(std::uint16_t queue) const override;
  model::Moderation::Setting coalescing(std::uint16_t queue) const override;
  void set_coalescing(std::uint16_t queue, model::Moderation::Setting setting) override;

  void set_guest_offloads(std::uint64_t features) override;
  model::Steering const& steering() const override { return steering_.steering(); }
  void set_steering(model::Steering steering) override;

  Write answer_written(TimePoint at, Bytes bytes);
  static bool at_once(TimePoint link, TimePoint command);
  std::uint32_t unsure_by_control(std::uint32_t offset, unsigned size);
  void look_at_time(TimePoint at);
  void follow_link(TimePoint at);
  void follow_line(TimePoint at);
  void differ(TimePoint at, lockstep::Topic topic, std::string what);
  void break_down(TimePoint at, std::optional<std::uint16_t> queue = std::nullopt);
  bool following() const { return session_ == Session::Live || session_ == Session::Broken; }
  void go_blind();
  bool lies_over_a_ring(std::uint64_t address, std::uint64_t length) const;
  bool lies_over_another(std::uint16_t queue) const;
  void check_silence(TimePoint at, char const* access, std::uint64_t address);
  void count_data_errors(TimePoint at, unsigned errors);
  void end_reset();
  bool in_reset_too_long(TimePoint at) const;
  void compare_register(TimePoint at, std::uint32_t offset, unsigned size, std::uint32_t value);
  void elements_known(TimePoint at, std::uint16_t queue);
  Client descriptors_read(TimePoint at, std::uint64_t address, std::uint32_t size,
                          std::uint32_t tag, std::uint16_t& queue);
  Client events_read(TimePoint at, std::uint64_t address, std::uint16_t& queue);
  void decide(TimePoint at, std::uint16_t queue, Bytes area);
  Write classify(TimePoint at, std::uint64_t address, Bytes bytes);
  void steer(lockstep::Arrival frame);
  Write packet_written(TimePoint at, std::uint64_t address, Bytes bytes);
  std::uint16_t transmitting_pair(std::uint64_t address, std::uint32_t size);
  bool transmit_idle() const;
  bool receive_busy() const;
  lockstep::CounterFollower::Range filtered() const;
  Write used_written(TimePoint at, std::uint16_t queue, std::uint64_t address, Bytes bytes);
  bool prepare_used(TimePoint at, std::uint16_t queue);
  void lose_sight_of(std::uint16_t queue);
  void lose_sight_of_work();
  void compare_counter(TimePoint at, std::uint32_t offset, unsigned size, std::uint32_t value);

  std::function<void()> on_difference_;
  lockstep::Patience patience_;
  lockstep::Judge judge_;
  lockstep::RegisterReference registers_;
  lockstep::CounterFollower counters_{patience_};
  lockstep::LineFollower line_{judge_, counters_, registers_.mac()};
  lockstep::WireFollower wire_;
  lockstep::ArrivalFollower arrivals_;
  lockstep::FilterFollower filter_{counters_};
  lockstep::SteeringFollower steering_;
  lockstep::OffloadFollower offloads_;
  lockstep::FramePool pool_;
  // Of each queue pair.
  std::vector<lockstep::TransmitFollower> transmit_;
  std::vector<lockstep::ReceiveFollower> receive_;
  lockstep::ControlFollower control_{judge_, *this};
  lockstep::MessageFollower messages_{judge_, registers_, patience_};
  std::vector<Queue> queues_;

  Session session_ = Session::Idle;
  TimePoint now_{};
  TimePoint link_changed_at_{};
  TimePoint broke_at_{};
  TimePoint seen_broken_ = kNever;  // by the driver, in the RTL's status
  TimePoint reset_at_{};
  // When something was last counted that a reset, told a few cycles late, may have come before.
  TimePoint message_counted_{};
  std::array<TimePoint, kQueues> packet_counted_{};
  bool bus_master_ = false;
  bool generation_unsure_ = false;
  // Whether the driver is asked to announce itself: a command and the link changed it at once.
  bool announce_unsure_ = false;
  TimePoint announced_at_{};
  TimePoint master_since_{};
  unsigned data_errors_ = 0;
  std::array<Read, kTags> reads_{};
  unsigned reads_under_way_ = 0;
  std::deque<Write> writes_;  // not answered, oldest first
};

}  // namespace ringside::testbench
