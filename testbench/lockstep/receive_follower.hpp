// What the frames of one receive queue make the device do: find buffers, write header and frame,
// give the buffers back. Whether a frame finds buffers hangs on the cycle in which the device
// looks, so which frames are delivered is read off the first bytes that are written; all else is
// compared.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/device/delivery.hpp"
#include "model/device/used_writer.hpp"
#include "testbench/lockstep/arrival_follower.hpp"
#include "testbench/lockstep/chain_follower.hpp"
#include "testbench/lockstep/counter_follower.hpp"
#include "testbench/lockstep/frame_pool.hpp"
#include "testbench/lockstep/judge.hpp"
#include "testbench/lockstep/offload_follower.hpp"

namespace ringside::testbench::lockstep {

class ReceiveFollower {
 public:
  ReceiveFollower(std::uint16_t pair, Judge& judge, CounterFollower& counters, FramePool& pool,
                  OffloadFollower const& offloads)
      : pair_(pair), judge_(judge), counters_(counters), pool_(pool), offloads_(offloads) {}

  // A session begins. Whether checksums are told of is the offloads' affair.
  void start(model::DeliveryRules const& rules);

  // Elements of the queue that are known now, and how many are of buffers not given away.
  std::size_t waiting() const { return elements_.size(); }
  void take(std::deque<Element>& elements);

  // A burst is written that is no other client's: the number by which it is acknowledged, or
  // nothing if it does not fit here, and what would have.
  std::optional<std::uint64_t> written(TimePoint at, std::uint64_t address, Bytes bytes);
  std::string expected() const;
  // A packet has been begun, whose next burst comes before any other's.
  bool under_way() const;
  void write_answered(TimePoint at, std::uint64_t number, bool ok);

  // The buffers of the oldest packet that can go back, or one that is fit for none; empty: none.
  std::vector<model::Used> next_used(TimePoint at);
  void take_used();

  // A packet is being written, or buffers wait to go back.
  bool busy() const { return !deliveries_.empty(); }

  unsigned take_data_errors() { return std::exchange(data_errors_, 0); }

 private:
  struct Run {
    std::uint64_t address;
    std::uint32_t length;
  };
  // Buffers from commit_ on that hold so many bytes.
  struct Plan {
    std::vector<Run> runs;  // where the bytes go
    std::vector<model::Used> used;
    std::size_t elements = 0;  // that its buffers have
  };
  struct Delivery {
    Plan plan;
    std::vector<Element> elements;    // of its buffers
    std::vector<std::uint8_t> bytes;  // header and frame
    std::size_t done = 0;             // of them
    std::size_t run = 0;
    std::uint32_t offset = 0;
    std::uint32_t answers = 0;  // to come
    bool refused = false;
    bool counted = false;
    Arrival frame{};
  };

  bool give_back_unfit(TimePoint at);
  std::optional<Plan> plan(std::size_t needed) const;
  bool begin(TimePoint at, std::uint64_t address, Bytes bytes);
  bool begin_another(std::uint64_t address, Bytes bytes);
  std::vector<Delivery> deliveries_of(Arrival const& frame) const;
  void step(Delivery& delivery, std::size_t bytes) const;
  void begin_with(std::size_t frame, Delivery delivery);
  bool goes_on(Delivery& delivery, Delivery const& taken, std::uint64_t address, Bytes bytes) const;
  bool fits(Delivery const& delivery, std::uint64_t address, Bytes bytes) const;
  void count(TimePoint at, Delivery& delivery);

  std::uint16_t pair_;
  Judge& judge_;
  CounterFollower& counters_;
  FramePool& pool_;
  OffloadFollower const& offloads_;
  model::DeliveryRules rules_;
  std::deque<Element> elements_;  // behind the buffers that are given away
  std::deque<Delivery> deliveries_;
  std::uint64_t first_ = 0;  // number of deliveries_[0]
  unsigned data_errors_ = 0;
};

}  // namespace ringside::testbench::lockstep
