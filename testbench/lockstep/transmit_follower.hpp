// What a transmit queue's buffers make the device do: read them, send frames, give them back.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "model/device/packet_rules.hpp"
#include "model/device/segmentation.hpp"
#include "model/device/used_writer.hpp"
#include "testbench/lockstep/chain_follower.hpp"
#include "testbench/lockstep/counter_follower.hpp"
#include "testbench/lockstep/judge.hpp"
#include "testbench/lockstep/wire_follower.hpp"

namespace ringside::testbench::lockstep {

class TransmitFollower {
 public:
  TransmitFollower(Judge& judge, CounterFollower& counters, WireFollower& wire)
      : judge_(judge), counters_(counters), wire_(wire) {}

  // A session begins.
  void start(model::PacketRules const& rules);
  // The device stops working sooner or later: what it does is right, but may be left out.
  void end_soon() { ending_ = true; }
  bool idle() const { return undecided_ == packets_.size(); }
  // Nor waits any to go back, which the RTL counts later than it is decided here.
  bool empty() const { return packets_.empty(); }

  // Elements of the queue that are known now.
  void take(TimePoint at, std::deque<Element>& elements);

  // Whether such a burst comes next here, and whether it can only come here: part of a packet has
  // been read.
  bool reads_next(std::uint64_t address, std::uint32_t size);
  bool under_way();
  // A burst of the transmit client begins, and brings bytes. Packets are read in ring order, each
  // from its first byte to its last, in bursts that end at multiples of 256 bytes.
  void read_begun(TimePoint at, std::uint64_t address, std::uint32_t size, std::uint32_t tag);
  void read_beat(TimePoint at, std::uint32_t tag, Bytes bytes, bool ok, bool last);

  // The oldest buffer that can go back, if it can already. Taken when it does.
  std::optional<model::Used> next_used() const;
  void take_used(TimePoint at);

  // Packets lost to refused reads since the last call.
  unsigned take_data_errors() { return std::exchange(data_errors_, 0); }

 private:
  struct Packet {
    // Elements wait here until it is known how much of them is read.
    std::vector<Element> unsettled;
    bool settled = false;
    bool may_be_cut = false;
    std::vector<Element> runs;  // what is read
    std::uint64_t total = 0;    // bytes in them
    bool too_long = false;      // for a frame: it is read no further
    bool complete = false;      // all elements are known
    std::int64_t steps = 0;     // of the engine: a beat, or an element without any
    std::uint16_t id = 0;
    std::uint16_t slots = 0;
    std::optional<std::uint64_t> number;  // in the order of the engine, once it has taken it up
    // How far it has been asked for, and what came.
    std::size_t run = 0;
    std::uint32_t offset = 0;  // in that run
    std::vector<std::uint8_t> bytes;
    std::uint32_t reads = 0;  // on their way
    std::size_t arrived = 0;  // bytes
    std::optional<std::size_t> refused_at;
    // How it is cut, if it asks for that; segments that have been expected.
    std::optional<model::Segmentation> plan;
    bool planned = false;
    std::size_t segments = 0;
    bool decided = false;                             // sent or dropped
    std::optional<CounterFollower::Counter> counter;  // besides tx_packets

    bool read_to_end() const { return run == runs.size() && complete; }
    bool asks_for_segments() const { return arrived >= 2 && model::asks_for_segments(bytes); }
    void add(Element const& element, model::PacketRules const& rules);
    void settle(model::PacketRules const& rules);
    void read(Element const& element, std::uint64_t longest);
  };
  struct Read {
    std::uint32_t tag;
    std::uint64_t packet;  // counted since the start
    std::size_t offset;    // in its bytes
    std::uint32_t left;
  };

  struct Burst {
    std::uint64_t address;
    std::uint32_t size;   // up to the end of its last beat
    std::uint32_t bytes;  // of the packet
  };
  Packet* packet_to_read();
  static Burst next_burst(Packet const& packet);
  void enter_up_to(std::size_t index);
  void decide(TimePoint at);
  void cut(TimePoint at, Packet& packet);

  Judge& judge_;
  CounterFollower& counters_;
  WireFollower& wire_;
  std::deque<Packet> packets_;
  std::uint64_t first_ = 0;    // number of packets_[0]
  std::size_t reading_ = 0;    // index of the packet whose bytes are asked for
  std::size_t undecided_ = 0;  // index of the first that is not decided
  std::size_t entered_ = 0;    // index of the first that the engine has not taken up
  std::deque<Read> reads_;
  unsigned data_errors_ = 0;
  bool ending_ = false;
  model::PacketRules rules_;
};

}  // namespace ringside::testbench::lockstep
