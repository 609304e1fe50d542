// When one queue looks whether its driver wants an interrupt, and what it finds (virtio 1.3, 2.8.10
// and 5.1.6.5.7).
//
// Between the cycle in which the device decides to look and the read at its pins lie some cycles,
// more when other reads are in the way. Packets of that time belong to this look or to the next;
// where that makes a difference, either answer is right.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "model/device/event_suppression.hpp"
#include "model/device/moderation.hpp"
#include "testbench/lockstep/judge.hpp"
#include "testbench/lockstep/patience.hpp"

namespace ringside::testbench::lockstep {

class InterruptFollower {
 public:
  enum class Verdict : std::uint8_t { No, Yes, Either };

  InterruptFollower(Judge& judge, Patience const& patience) : judge_(judge), patience_(patience) {}

  void start(model::QueueSettings const& queue, bool event_idx);
  // From now on, or from some time until it is settled.
  // Nothing is to be looked at any more.
  void stop();
  void set_moderation(model::Moderation::Setting const& setting, TimePoint at);
  void moderation_settled(TimePoint at);

  // A packet's used descriptors are visible; so many slots have been used since the start.
  void used(TimePoint at, std::uint64_t slots);

  bool claims(std::uint64_t address) const { return address == queue_.driver_events; }
  std::uint64_t area() const { return queue_.driver_events; }
  void look_begun(TimePoint at);
  // The driver's area as it was found.
  Verdict decide(TimePoint at, Bytes area);

  // Bus mastering is taken away, and given back: until then nothing could be looked at, whatever
  // was decided, and a look that comes then may have been decided on long ago.
  void hold(TimePoint at);
  void let_go(TimePoint at);

  // Since when a look is due that has not begun; kNever: none is.
  TimePoint due() const { return due_; }

 private:
  struct Packet {
    TimePoint at;
    std::uint64_t slots;  // used since the start, this packet's included
  };
  bool was_held(TimePoint at) const;
  bool early(TimePoint at) const;
  bool wanted(layout::EventSuppression const& wish, std::uint64_t from, std::uint64_t to) const;
  void find_due();

  Judge& judge_;
  Patience const& patience_;
  model::QueueSettings queue_;
  bool event_idx_ = false;
  model::Moderation::Setting setting_;
  struct Former {
    model::Moderation::Setting setting;
    TimePoint until;  // a look by it can be seen; kNever: not settled
  };
  std::deque<Former> former_;
  std::deque<Packet> packets_;  // that no look has surely counted
  bool looking_ = false;
  bool looked_ = false;  // at least once
  // Slots up to which the last look counted, at least and at most, and the one before it.
  std::uint64_t low_ = 0;
  std::uint64_t high_ = 0;
  std::uint64_t former_low_ = 0;
  std::uint64_t former_high_ = 0;
  TimePoint free_at_{};  // to look: the last look is over, the setting is as it is
  TimePoint held_at_{};
  std::optional<TimePoint> held_until_;
  TimePoint due_ = kNever;
};

}  // namespace ringside::testbench::lockstep
