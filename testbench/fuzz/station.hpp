// The other end of the NIC's wire: sends frames, whole and broken, and compares what comes with
// what was to come.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "testbench/fuzz/case.hpp"
#include "testbench/fuzz/coverage.hpp"
#include "testbench/hand/hand_host.hpp"

namespace ringside::testbench::fuzz {

// Contents that are told apart: a number in front, then bytes that count.
std::vector<std::uint8_t> numbered_frame(std::uint32_t number, std::size_t size,
                                         std::int64_t type = offer::Plain);

class Station {
 public:
  explicit Station(HandHost& host) : host_(host) {}

  // --- Towards the NIC.

  void send(Action const& action, SessionBins& bins);
  // Frames that began, whatever became of them: each is in one counter of the NIC's.
  std::uint64_t sent() const { return sent_; }
  // A packet that the NIC gave its driver is one of those that were sent, in their order.
  void check_delivered(std::vector<std::uint8_t> const& frame);

  // --- From the NIC.

  enum class Fate : std::uint8_t {
    Comes,    // it has to come
    MayCome,  // something was in the way, or will be
  };
  void expect(std::vector<std::uint8_t> frame, Fate fate = Fate::Comes);
  // What is still to come need not any more.
  void release();
  // Nobody can say what comes until settle().
  void lose_sight() { blind_ = true; }
  // Looks at what has come since.
  void look();
  // Nothing more comes: what had to has come. The rest is forgotten.
  void settle();

 private:
  struct Expected {
    std::vector<std::uint8_t> frame;
    Fate fate;
  };

  HandHost& host_;
  std::uint32_t next_number_ = 1;
  std::uint64_t sent_ = 0;
  std::deque<std::vector<std::uint8_t>> on_the_way_;  // intact ones that were not yet delivered
  std::deque<Expected> expected_;
  std::size_t looked_ = 0;
  bool blind_ = false;
};

}  // namespace ringside::testbench::fuzz
