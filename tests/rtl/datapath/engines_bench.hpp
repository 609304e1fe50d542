// What surrounds the engines of the data path: virtqueues already fetched, frame buffers, a used
// writer that takes completions, and the host's memory.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <vector>

#include "Vengines.h"
#include "interface/base/random.hpp"
#include "tests/rtl/host/dma_memory.hpp"
#include "tests/rtl/host/dma_pins.hpp"

namespace ringside::testbench {

using Bytes = std::vector<std::uint8_t>;

// A queue's fetched elements as descriptor_fetch shows them: `taken` of them since the last commit.
class ElementQueue {
 public:
  static constexpr std::size_t kWindow = 64;
  void push(Element const& element) { elements_.push_back(element); }
  bool valid() const { return taken_ < elements_.size() && taken_ < kWindow; }
  bool full() const { return taken_ >= kWindow; }
  bool empty() const { return !valid() && !full(); }
  Element const& next() const { return elements_[taken_]; }
  std::size_t left() const { return elements_.size(); }
  void step(bool take, bool commit, bool rewind) {
    EXPECT_FALSE(take && !valid());
    EXPECT_FALSE(commit && rewind);
    taken_ += take;
    if (rewind) taken_ = 0;
    if (!commit) return;
    elements_.erase(elements_.begin(), elements_.begin() + static_cast<std::ptrdiff_t>(taken_));
    taken_ = 0;
  }
  void clear() {
    elements_.clear();
    taken_ = 0;
  }

 private:
  std::deque<Element> elements_;
  std::size_t taken_ = 0;
};

struct Counts {
  unsigned tx_packets = 0, tx_malformed = 0, tx_errors = 0;
  unsigned rx_packets = 0, rx_no_buffer = 0, rx_skipped = 0, rx_errors = 0;
  friend bool operator==(Counts const&, Counts const&) = default;
};

// What a frame's checksum was asked to be.
struct ChecksumOrder {
  bool wanted = false;
  std::uint16_t start = 0;
  std::uint16_t field = 0;
  friend bool operator==(ChecksumOrder const&, ChecksumOrder const&) = default;
};

class EnginesBench {
 public:
  explicit EnginesBench(std::uint64_t seed)
      : host(model, Random(seed).stream("host")), random(Random(seed).stream("bench")) {
    model.rst_i = 1;
    cycle();
    cycle();
    model.rst_i = 0;
    model.live_i = 1;
    model.mergeable_i = 1;
  }

  // One clock. With `skip` set, the edge is left out when the model says that it would do nothing.
  void cycle();

  bool settled() const {
    return host.idle() && model.drained_o && tx_queue.left() == 0 && rx_frames.empty();
  }
  // Runs until nothing moves, at most `most` cycles.
  void run(unsigned most = 100000) {
    unsigned calm = 0;
    for (; most > 0 && calm < 8; --most) {
      cycle();
      calm = settled() ? calm + 1 : 0;
    }
    EXPECT_GE(calm, 8u) << "still busy";
  }
  void flush();

  Vengines model;
  AxiHost<Vengines> host;
  Random random;
  double pause = 0;          // chance that a neighbour holds its ready down, or its valid
  bool used_writes = false;  // each completion writes 8 bytes, as the used writer does
  bool skip = false;

  ElementQueue tx_queue, rx_queue;
  std::deque<Bytes> rx_frames;
  std::vector<Bytes> sent;               // frames the transmit buffer kept
  std::vector<ChecksumOrder> checksums;  // of each of them
  std::vector<Completion> tx_used, rx_used;
  Counts counts;
  unsigned skipped_cycles = 0;

 private:
  void drive();
  void drive_frame();
  void drive_used();
  void sample();
  void sample_transmit();
  void sample_receive();

  Bytes partial_;             // the frame that is coming into the transmit buffer
  std::size_t rx_given_ = 0;  // bytes of the oldest received frame already taken
  bool rx_offered_ = false;   // a beat of it is on the pins
  bool tx_stalled_ = false;   // a beat to the transmit buffer waits
  DmaBeat tx_held_;
  ChecksumOrder tx_checksum_;                    // as it came with the frame's first beat
  unsigned used_requests_ = 0, used_beats_ = 0;  // still to be offered
  std::uint64_t used_addr_ = 0xE00000008;
};

}  // namespace ringside::testbench
