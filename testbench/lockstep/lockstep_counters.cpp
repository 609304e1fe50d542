// The counters: when sight of them is lost, when the host reads one, and all of them at the end.
#include <algorithm>
#include <utility>

#include "interface/layout/registers.hpp"
#include "testbench/lockstep/lockstep.hpp"

namespace ringside::testbench {

using lockstep::Topic;

namespace {

constexpr std::size_t index_of(lockstep::CounterFollower::Counter counter) { return counter.index; }
constexpr std::size_t kDropsOverrun = index_of("rx_dropped_overrun");
constexpr std::size_t kDropsNoBuffer = index_of("rx_dropped_no_buffer");
constexpr std::size_t kFiltered = index_of("rx_filtered");

}  // namespace

lockstep::CounterFollower::Range LockStep::filtered() const {
  return {filter_.filtered(), filter_.filtered() + pool_.perhaps_filtered()};
}

void LockStep::lose_sight_of(std::uint16_t queue) {
  if (queue == layout::kControlQueue) return;
  if (layout::is_transmit_queue(queue)) {
    counters_.lose_sight({"tx_packets", "tx_dropped_malformed", "tx_dropped_error"});
  } else {
    counters_.lose_sight({"rx_packets", "rx_dropped_error", "rx_dropped_no_buffer"});
  }
}

// Work that is broken off may have been counted or not.
void LockStep::lose_sight_of_work() {
  // A register is told of once it is answered, some cycles behind what it does.
  auto const just_now = [this](TimePoint when) { return now_ - when <= kRegisterLatency; };
  if (just_now(message_counted_)) counters_.lose_sight({"interrupts"});
  for (Write const& write : writes_) {
    if (write.kind == Write::Kind::Message) counters_.lose_sight({"interrupts"});
  }
  if (session_ != Session::Live && session_ != Session::Broken) return;
  for (std::uint16_t queue = 0; queue < layout::kDataQueues; ++queue) {
    std::uint16_t const pair = layout::pair_of_queue(queue);
    bool const at_work = layout::is_transmit_queue(queue)
                             ? !transmit_[pair].empty() || wire_.has_waiting()
                             : receive_[pair].busy() || queues_[queue].used.expects();
    if (at_work || just_now(packet_counted_[queue])) lose_sight_of(queue);
  }
  if (receive_busy() || pool_.dropped().least != pool_.dropped().most) {
    counters_.lose_sight({"rx_buffers_unused"});
  }
}

// A read of the lower half by itself: the upper half is that of the same moment.
void LockStep::compare_counter(TimePoint at, std::uint32_t offset, unsigned size,
                               std::uint32_t value) {
  std::uint32_t const within = offset - layout::kStatisticsBlock.offset;
  bool const lower_half = offset >= layout::kStatisticsBlock.offset &&
                          within / 8 < layout::kStatistics.size() && within % 8 == 0 && size == 4;
  if (!lower_half || within / 8 == kDropsOverrun || within / 8 == kDropsNoBuffer) return;
  if (auto what = counters_.compare(at, within / 8, value); !what.empty()) {
    differ(at, Topic::Registers, std::move(what));
  }
}

// Frames that are lost are in one of two counters, by how full the frame buffer was.
void LockStep::finish(TimePoint at, Counters const& counters) {
  follow_link(at);
  for (std::size_t i = 0; i < counters.size(); ++i) {
    if (i == kDropsOverrun || i == kDropsNoBuffer) continue;
    if (auto what = counters_.compare(at, i, counters[i]); !what.empty()) {
      differ(at, Topic::Registers, std::move(what));
    }
  }
  line_.finish(at);
  std::uint64_t const dropped = counters[kDropsOverrun] + counters[kDropsNoBuffer];
  auto const range = pool_.dropped();
  auto const filtered = this->filtered();
  if (counters[kFiltered] < filtered.least || counters[kFiltered] > filtered.most) {
    differ(at, Topic::Registers,
           "rx_filtered is " + std::to_string(counters[kFiltered]) + ", reference: " +
               std::to_string(filtered.least) + " to " + std::to_string(filtered.most));
  }
  bool const right = dropped >= range.least && dropped <= range.most &&
                     dropped + counters[kFiltered] >= range.least + filtered.least &&
                     dropped + counters[kFiltered] <= range.most + filtered.least;
  if (!right && counters_.known("rx_dropped_no_buffer")) {
    differ(at, Topic::Registers,
           "frames dropped for want of room or buffers are " + std::to_string(dropped) +
               ", reference: " + std::to_string(range.least) + " to " + std::to_string(range.most));
  }
}

}  // namespace ringside::testbench
