// The other end of the NIC's wire: sends frames, whole and broken, says what stands between them,
// asks for silence, and compares what comes with what was to come.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string_view>
#include <vector>

#include "testbench/fuzz/case.hpp"
#include "testbench/fuzz/coverage.hpp"
#include "testbench/hand/hand_host.hpp"

namespace ringside::testbench::fuzz {

class Station {
 public:
  explicit Station(HandHost& host) : host_(host) {}

  // --- Towards the NIC.

  void send(Action const& action, SessionBins& bins);
  void send_control(Action const& action, SessionBins& bins);
  // Ordered sets between frames.
  void show(Action const& action, SessionBins& bins);
  // From then on nothing but idle comes, and whatever the line told before is forgotten.
  TimePoint silent_from() const;
  // Frames that began, whatever became of them: each is in one counter of the NIC's.
  std::uint64_t sent() const { return sent_; }
  // A packet that a receive queue gave its driver is one of those that were sent, once, and in
  // their order among those of the queue.
  void check_delivered(std::uint16_t queue, std::vector<std::uint8_t> const& frame);

  // --- From the NIC.

  enum class Fate : std::uint8_t {
    Comes,    // it has to come
    MayCome,  // something was in the way, or will be
  };
  // In order among those of a queue.
  void expect(std::uint16_t queue, std::vector<std::uint8_t> frame, Fate fate = Fate::Comes);
  // The NIC may ask for silence, until settle().
  void expect_flow_control() { flow_control_ = true; }
  // What is still to come need not any more.
  void release();
  // Nobody can say what comes until settle().
  void lose_sight() { blind_ = true; }
  // Frames that have come since settle(), whole.
  std::size_t arrived() const;
  // Looks at what has come since.
  void look();
  // Nothing more comes: what had to has come. The rest is forgotten.
  void settle();

  // What the NIC's counters have to say of all that has passed, by their names.
  using Counters = std::map<std::string_view, std::uint64_t>;
  Counters const& counters() const { return counters_; }

 private:
  struct Expected {
    std::uint16_t queue;
    std::vector<std::uint8_t> frame;
    Fate fate;
  };
  struct OnTheWay {
    std::uint64_t number;
    std::vector<std::uint8_t> frame;
  };

  TimePoint put(std::vector<std::uint8_t> contents, std::size_t most, std::int64_t fault,
                std::int64_t gap);
  void count_good(Bytes contents);
  void compare(Bytes contents);
  void forget_lost();
  bool is_flow_control(Bytes contents);

  HandHost& host_;
  std::uint32_t next_number_ = 1;
  std::uint64_t sent_ = 0;
  TimePoint line_until_{};                            // behind the last ordered set
  std::deque<OnTheWay> on_the_way_;                   // intact ones that were not yet delivered
  std::map<std::uint16_t, std::uint64_t> delivered_;  // the newest of each queue
  std::deque<Expected> expected_;
  std::size_t looked_ = 0;
  bool blind_ = false;
  bool flow_control_ = false;
  bool stopped_ = false;  // by the NIC, which has to take it back
  Counters counters_{{"rx_frames", 0},
                     {"rx_octets", 0},
                     {"rx_broadcast", 0},
                     {"rx_multicast", 0},
                     {"rx_pause_frames", 0},
                     {"rx_pfc_frames", 0},
                     {"rx_unsupported_opcodes", 0},
                     {"rx_control_ignored", 0},
                     {"tx_frames", 0},
                     {"tx_octets", 0},
                     {"tx_broadcast", 0},
                     {"tx_multicast", 0},
                     {"tx_pause_frames", 0},
                     {"tx_pfc_frames", 0}};
};

}  // namespace ringside::testbench::fuzz
