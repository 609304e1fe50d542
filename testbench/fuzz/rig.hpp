// A NIC in the middle of all that watches it: the host's memory and rings, the wire's other end,
// the lock-step checker. Sessions begin, come to rest and end here.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "testbench/fuzz/access_watch.hpp"
#include "testbench/fuzz/case.hpp"
#include "testbench/fuzz/control_user.hpp"
#include "testbench/fuzz/coverage.hpp"
#include "testbench/fuzz/queue_user.hpp"
#include "testbench/fuzz/run.hpp"
#include "testbench/fuzz/station.hpp"
#include "testbench/hand/hand_host.hpp"

namespace ringside::testbench::fuzz {

class Rig {
 public:
  Rig(Case const& drawn, MakeNic const& make_nic, Progress& progress);

  // --- Time and registers. Whatever an oracle objects to meanwhile is thrown as a Failure.

  void pass(Duration duration);
  std::uint32_t read(std::uint32_t offset, unsigned size);
  std::uint64_t counter(std::size_t index);

  // --- Sessions.

  void begin(Action const& start);
  // All that is under way comes to its end, and what has to be so then is.
  void settle();
  // Ends the session, at rest or not.
  void reset();
  bool live() const { return live_; }
  // Those in use, of an action that may name any.
  std::uint16_t pairs() const { return pairs_; }
  std::uint16_t queue_of(std::int64_t named) const {
    return static_cast<std::uint16_t>(named % (2 * pairs_));
  }

  // After all: a session without hostility and with a link in order works, and the counters account
  // for every frame.
  void self_test();
  void check_counters();
  void finish();

  // --- What actions do by hand.

  void set_control(PciControl control);
  PciControl control() const { return control_; }
  void set_moderation(std::uint16_t queue, std::uint32_t packets, std::uint32_t usecs);
  void set_flow_control(Action const& action);
  // Of a device that was told to write to any place nothing is known that lies in memory.
  void distrust_what_is_written_over();
  // Every look at what the device has used.
  void look_after_rings();
  bool completes_checksums() const { return completes_checksums_; }
  // A packet asks to be cut: it may leave as many frames.
  void cut_from_now_on() { cut_ = true; }
  std::uint32_t next_packet() { return ++packets_; }
  bool memory_fails() const { return memory_fails_; }
  void memory_fails_from_now_on() {
    memory_fails_ = true;
    station.release();
  }

  HandHost host;
  AccessWatch watch{host};
  Station station{host};
  ControlUser control_user{host};
  std::vector<QueueUser> queues;      // by number, whether in use or not
  SessionBins bins;                   // of the present session
  std::vector<SessionBins> sessions;  // those that are over

  std::uint64_t hash() const;

 private:
  static constexpr Duration kSlice{500'000};
  static constexpr Duration kLongest{5'000'000'000};  // anything at all takes less
  static constexpr Duration kMissing{60'000'000};     // until an endpoint has given up a read

  static constexpr std::uint16_t kControlRing = 32;

  static std::uint64_t features_of(Action const& start);
  void look_for_trouble();
  void wait_for_rest();
  void drain_wire();
  void take_packet(std::uint16_t queue, QueueUser::Taken const& taken);
  template <class Predicate>
  bool any_queue(Predicate&& predicate) const {
    return std::ranges::any_of(queues, predicate);
  }
  void note_what_happened();
  bool needs_reset();
  void check_rest(bool broken);
  void put_in_order();
  void hit_link(SessionBins& session) const;
  PcieTrouble trouble() const;

  Case const& case_;
  Progress& progress_;
  PciControl control_{};
  bool live_ = false;
  bool memory_fails_ = false;
  bool completes_checksums_ = false;
  bool cut_ = false;
  bool flow_control_ = false;  // was set in this session
  bool broken_off_ = false;    // some session ended with work under way: counters may know less
  std::uint32_t packets_ = 0;
  std::uint64_t delivered_ = 0;
  std::uint16_t pairs_ = 1;
  // Of a packet in several buffers: what has come so far, and how many are still to come.
  struct Merged {
    std::vector<std::uint8_t> bytes;
    unsigned left = 0;
  };
  std::array<Merged, layout::kMaxQueuePairs> merged_;
  PcieStatistics at_start_{};  // of the session
  std::array<std::uint64_t, layout::kStatistics.size()> counters_{};
};

}  // namespace ringside::testbench::fuzz
