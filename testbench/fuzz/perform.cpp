#include "testbench/fuzz/perform.hpp"

#include <bit>

#include "testbench/fuzz/command.hpp"
#include "testbench/fuzz/perform_offers.hpp"
#include "testbench/fuzz/rig.hpp"

namespace ringside::testbench::fuzz {

namespace {

// --- Sessions.

void hit_control(SessionBins& bins, Action const& start) {
  if (start[start::Control] == 0) return;
  bins.hit("ctrl_vq");
  if (start[start::CtrlRx] != 0) bins.hit("ctrl_rx");
  if (start[start::CtrlVlan] != 0) bins.hit("ctrl_vlan");
  if (start[start::CtrlMac] != 0) bins.hit("ctrl_mac");
  if (start[start::Announce] != 0) bins.hit("announce");
  if (start[start::Mq] != 0) bins.hit("mq");
  if (start[start::Rss] != 0) bins.hit("rss");
  if (start[start::Coal] != 0) bins.hit("coal");
  if (start[start::VqCoal] != 0) bins.hit("vq_coal");
  if (start[start::Offloads] != 0) bins.hit("offloads");
}

void hit_start(SessionBins& bins, Action const& start) {
  if (start[start::Indirect] != 0) bins.hit("indirect");
  if (start[start::EventIdx] != 0) bins.hit("event_idx");
  if (start[start::Mergeable] != 0) bins.hit("mergeable");
  if (start[start::Csum] != 0) bins.hit("csum");
  if (start[start::GuestCsum] != 0) bins.hit("guest_csum");
  if (start[start::Segments] != 0) bins.hit("segments");
  if (start[start::HashReport] != 0) bins.hit("hash_report");
  hit_control(bins, start);
  auto const rx = static_cast<std::uint64_t>(start[start::RxSize]);
  auto const tx = static_cast<std::uint64_t>(start[start::TxSize]);
  if (rx == 1) {
    bins.hit("rx_ring_1");
  } else if (std::has_single_bit(rx)) {
    bins.hit("rx_ring_2n");
  } else {
    bins.hit("rx_ring_odd");
  }
  if (tx == 1) {
    bins.hit("tx_ring_1");
  } else if (std::has_single_bit(tx)) {
    bins.hit("tx_ring_2n");
  } else {
    bins.hit("tx_ring_odd");
  }
  std::int64_t const none = kNamedVectors;
  bool const one_has_none = start[start::RxVector] == none || start[start::TxVector] == none;
  if (one_has_none) {
    bins.hit("no_vector");
  } else if (start[start::RxVector] == start[start::TxVector]) {
    bins.hit("shared_vector");
  }
}

void do_start(Rig& rig, Action const& action) {
  if (action[start::Abrupt] == 0) rig.settle();
  bool const hasty = action[start::Hasty] != 0;
  if (hasty && rig.live()) {
    // A device that is still at its reset ignores all this.
    rig.host.set_status(0);
    rig.host.negotiate(layout::kFeaturesRequired);
    rig.host.select(layout::kTransmitQueue);
    rig.host.write(common("queue_size"), 2, 4);
    rig.host.write(common("queue_enable"), 2, 1);
    rig.host.notify(layout::kTransmitQueue);
  }
  rig.reset();
  rig.begin(action);
  if (hasty) rig.bins.hit("hasty_start");
  if (rig.pairs() > 1) rig.bins.hit("pairs");
  hit_start(rig.bins, action);
}

// --- Interrupts.

void do_events(Rig& rig, Action const& action) {
  std::int64_t const flags = action[events::Flags];
  if (flags == layout::kEventDisable) rig.bins.hit("events_off");
  if (flags == layout::kEventDesc) rig.bins.hit("events_at_index");
  if (flags > layout::kEventDesc) rig.bins.hit("events_reserved");
  rig.host.rings[rig.queue_of(action[events::Queue])]->want_events(
      static_cast<std::uint16_t>(flags), static_cast<std::uint16_t>(action[events::Offset]));
}

void do_moderate(Rig& rig, Action const& action) {
  std::uint16_t const queue = rig.queue_of(action[moderate::Queue]);
  if (layout::is_transmit_queue(queue)) {
    rig.bins.hit("tx_moderated");
  } else {
    rig.bins.hit("rx_moderated");
  }
  rig.set_moderation(queue, static_cast<std::uint32_t>(action[moderate::Packets]),
                     static_cast<std::uint32_t>(action[moderate::Usecs]));
}

void do_mask(Rig& rig, Action const& action) {
  bool const on = action[mask::On] != 0;
  auto const vector = static_cast<std::uint32_t>(action[mask::Vector]);
  if (vector == kNamedVectors) {
    if (on) rig.bins.hit("function_masked");
    PciControl control = rig.control();
    control.msix_mask = on;
    rig.set_control(control);
    return;
  }
  if (on) rig.bins.hit("vector_masked");
  rig.host.write(layout::kMsixTableBlock.offset + vector * layout::kMsixStride + 12, 4, on ? 1 : 0);
}

void do_master(Rig& rig, Action const& action) {
  PciControl control = rig.control();
  control.bus_master = action[master::On] != 0;
  if (!control.bus_master) rig.bins.hit("bus_master_off");
  rig.set_control(control);
}

void do_mac(Rig& rig, Action const& action) {
  if (action[mac::ObeyPause] != 0) rig.bins.hit("obeys_pause");
  if (action[mac::ObeyClasses] != 0) rig.bins.hit("obeys_classes");
  if (action[mac::SendPause] != 0) rig.bins.hit("sends_pause");
  if (action[mac::SendClasses] != 0) rig.bins.hit("sends_classes");
  rig.set_flow_control(action);
}

// --- What no driver should do.

void do_notify(Rig& rig, Action const& action) {
  if (action[notify::Times] > 1) rig.bins.hit("notify_flood");
  for (std::int64_t i = 0; i < action[notify::Times]; ++i) {
    rig.host.notify(rig.queue_of(action[notify::Queue]));
  }
}

void do_poke(Rig& rig, Action const& action) {
  HandHost& host = rig.host;
  auto const value = static_cast<std::uint32_t>(action[poke::Value]);
  auto const queue = static_cast<std::uint16_t>(value % layout::kNumQueues);
  std::uint32_t const slot = layout::kNotifyBlock.offset + queue * layout::kNotifyMultiplier;
  rig.bins.hit("odd_registers");
  host.select(queue);
  switch (action[poke::What]) {
    case poke::ReadAnywhere: {
      unsigned const size = 1U << value % 3;
      rig.read(value & ~(size - 1), size);
      break;
    }
    case poke::DisableQueue:
      host.write(common("queue_enable"), 2, 0);
      break;
    case poke::NoSize:
      host.write(common("queue_size"), 2, 0);
      break;
    case poke::HugeSize:
      host.write(common("queue_size"), 2, layout::kMaxQueueSize + 1 + value % 1000);
      break;
    case poke::MoveRing:
      host.write64(common("queue_desc"), std::uint64_t{value} << 12);
      break;
    case poke::FeaturesAgain:
      host.write(common("driver_feature_select"), 4, value % 5);
      host.write(common("driver_feature"), 4, value * 65537);
      break;
    case poke::ReadOnly:
      host.write(common("num_queues"), 2, value);
      host.write(layout::kDeviceBlock.offset + value % layout::kDeviceBlock.size / 4 * 4, 4, value);
      host.write(layout::kStatisticsBlock.offset + value % layout::kStatisticsBlock.size / 4 * 4, 4,
                 value);
      host.write(layout::offset_of(layout::kMacBlock, "link_fault"), 4, value);
      break;
    case poke::NotifyWrongData:
      host.write(slot, 2, value);
      break;
    case poke::NotifyByte:
      host.write(slot, 1, queue);
      break;
    case poke::NotifyNowhere:
      host.write(layout::kNotifyBlock.offset + layout::kNotifyBlock.size + value % 1000 * 4, 2,
                 value);
      break;
    default:
      host.select(static_cast<std::uint16_t>(layout::kNumQueues + value % 60000));
      host.write(common("queue_size"), 2, 16);
      host.write(common("queue_enable"), 2, 1);
  }
}

void perform_in_session(Rig& rig, Action const& action) {
  switch (action.kind) {
    case Kind::Send:
      return do_send(rig, action);
    case Kind::Post:
      return do_post(rig, action);
    case Kind::Events:
      return do_events(rig, action);
    case Kind::Moderate:
      return do_moderate(rig, action);
    case Kind::Mask:
      return do_mask(rig, action);
    case Kind::Master:
      return do_master(rig, action);
    case Kind::Refuse:
      rig.memory_fails_from_now_on();
      return rig.watch.refuse(static_cast<unsigned>(action[refuse::After]),
                              static_cast<unsigned>(action[refuse::Reads]));
    case Kind::Spoil:
      return rig.queues[rig.queue_of(action[spoil::Queue])].spoil_next(action);
    case Kind::Scribble: {
      QueueUser& queue = rig.queues[rig.queue_of(action[scribble::Queue])];
      if (!queue.receives()) rig.station.lose_sight();
      return queue.scribble(action, rig.bins);
    }
    case Kind::Notify:
      return do_notify(rig, action);
    case Kind::Poke:
      return do_poke(rig, action);
    case Kind::Mac:
      return do_mac(rig, action);
    case Kind::Command:
      return do_command(rig, action);
    default:
      return;
  }
}

}  // namespace

void perform(Rig& rig, Action const& action) {
  switch (action.kind) {
    case Kind::Start:
      do_start(rig, action);
      break;
    case Kind::Wait:
      rig.pass(Duration{action[wait::Ns] * 1000});
      break;
    case Kind::Arrive:
      rig.station.send(action, rig.bins);
      break;
    case Kind::Control:
      rig.station.send_control(action, rig.bins);
      break;
    case Kind::Line:
      rig.station.show(action, rig.bins);
      break;
    default:
      if (rig.live()) perform_in_session(rig, action);
  }
  rig.distrust_what_is_written_over();
}

}  // namespace ringside::testbench::fuzz
