// How sessions come to rest, and what has to be so then.
#include <string>
#include <utility>

#include "testbench/fuzz/failure.hpp"
#include "testbench/fuzz/rig.hpp"

namespace ringside::testbench::fuzz {

// Nothing passes PCIe or the wire for long enough that nothing more will.
void Rig::wait_for_rest() {
  progress_.waits_for = "the driver waits for the NIC to come to rest";
  TimePoint const limit = present() + kLongest;
  Duration const quiet = trouble().missing > 0 ? kMissing : Duration{30'000'000};
  // What has passed, not what the NIC has announced: how far ahead it runs must change nothing.
  auto const traffic = [this] { return std::pair(host.link.hash().value(), station.arrived()); };
  TimePoint since = present();
  auto before = traffic();
  while (present() - since < quiet || present() < station.silent_from() + quiet) {
    pass(us(5));
    if (traffic() != before) since = present();
    before = traffic();
    if (present() > limit) {
      throw Failure("hang", "the driver waits for the NIC to come to rest: it goes on without end");
    }
  }
}

void Rig::put_in_order() {
  set_control({.msix_enable = true, .msix_mask = false, .bus_master = true});
  for (std::uint32_t vector = 0; vector < layout::kNumVectors; ++vector) {
    host.write(layout::kMsixTableBlock.offset + vector * layout::kMsixStride + 12, 4, 0);
  }
  // Or what waits might wait for longer than anybody does.
  if (flow_control_) host.write(layout::offset_of(layout::kMacBlock, "flow_control"), 4, 0);
  for (std::uint16_t queue = 0; queue < 2 * pairs_; ++queue) host.notify(queue);
  if (control_user.ready()) host.notify(layout::kControlQueue);
}

void Rig::settle() {
  if (!live_) return;
  put_in_order();
  wait_for_rest();
  check_rest(needs_reset());
}

void Rig::check_rest(bool broken) {
  bool const tampered = any_queue([](QueueUser const& queue) { return queue.tampered(); });
  PcieStatistics const& link = host.link.statistics();
  bool const failed = link.poisoned != at_start_.poisoned || link.missing != at_start_.missing ||
                      link.refused != at_start_.refused;
  if (broken) {
    bins.hit("needs_reset");
    broken_off_ = true;
    if (!tampered && !failed) {
      throw Failure("status", "the NIC needs a reset, and nothing was wrong");
    }
    return;
  }
  for (QueueUser const& tx : queues) {
    if (tx.receives()) continue;
    if (tx.tampered()) {
      broken_off_ = true;  // a packet may be left in the middle
      return;
    }
    if (tx.outstanding() != 0) {
      throw Failure("progress", "the driver waits for the NIC to give back " +
                                    std::to_string(tx.outstanding()) + " packets of queue " +
                                    std::to_string(tx.number()) + " that it has sent");
    }
  }
  read(layout::offset_of(layout::kDeviceBlock, "link_status"), 2);  // for lock-step to compare
  if (control_user.outstanding() != 0) {
    throw Failure("progress", "the driver waits for the NIC to answer " +
                                  std::to_string(control_user.outstanding()) + " commands");
  }
  station.settle();
}

// A frame that a fault keeps back leaves when that is over, whatever became of its session.
void Rig::drain_wire() {
  constexpr Duration kOnTheWay{8'000'000};  // to the NIC and back, and the longest frame
  TimePoint const silent = station.silent_from() + kOnTheWay;
  std::size_t frames = 0;
  do {
    frames = station.arrived();
    pass(us(4));
  } while (frames != station.arrived() || present() < silent);
}

}  // namespace ringside::testbench::fuzz
