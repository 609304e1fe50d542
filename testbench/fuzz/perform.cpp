#include "testbench/fuzz/perform.hpp"

#include <algorithm>
#include <bit>

#include "testbench/fuzz/failure.hpp"
#include "testbench/fuzz/rig.hpp"

namespace ringside::testbench::fuzz {

namespace {

std::uint16_t queue_of(Action const& action, std::size_t place) {
  return static_cast<std::uint16_t>(action[place]);
}

// --- Sessions.

void hit_start(SessionBins& bins, Action const& start) {
  if (start[start::Indirect] != 0) bins.hit("indirect");
  if (start[start::EventIdx] != 0) bins.hit("event_idx");
  if (start[start::Mergeable] != 0) bins.hit("mergeable");
  if (start[start::Csum] != 0) bins.hit("csum");
  if (start[start::GuestCsum] != 0) bins.hit("guest_csum");
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
  std::int64_t const none = layout::kNumVectors;
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
  hit_start(rig.bins, action);
}

// --- Buffers.

void hit_shape(SessionBins& bins, Action const& action, Buffer const& buffer,
               QueueUser const& queue) {
  bool const table = queue.in_table(action);
  bool const chain = buffer.chain().size() > 1 && !table;
  bool const unaligned = action[offer::Align] % 16 != 0;
  if (queue.receives()) {
    if (table) bins.hit("rx_table");
    if (chain) bins.hit("rx_chain");
    if (unaligned) bins.hit("rx_unaligned");
    return;
  }
  if (table) bins.hit("tx_table");
  if (chain) bins.hit("tx_chain");
  if (unaligned) bins.hit("tx_unaligned");
  if (buffer.crosses_page()) bins.hit("tx_across_pages");
  if (action[offer::Odd] == offer::EmptyElement) bins.hit("tx_empty_element");
  if (action[offer::Odd] == offer::WrongDirection) bins.hit("tx_writable");
}

void hit_frame(SessionBins& bins, Action const& action) {
  std::int64_t const bytes = action[offer::Bytes];
  if (bytes >= 14 && bytes < layout::kMinFrameBytes) bins.hit("tx_padded");
  if (bytes == layout::kMaxFrameBytes) bins.hit("tx_longest");
  if (action[offer::Header_] == offer::Checksum) bins.hit("tx_checksum");
}

// The header means nothing where no offload is negotiated, but for what asks for one.
std::vector<std::uint8_t> packet_of(Action const& action, std::uint32_t number) {
  auto const size = static_cast<std::size_t>(layout::kNetHeaderBytes + action[offer::Bytes]);
  std::vector<std::uint8_t> packet(layout::kNetHeaderBytes, 0);
  Random random(number);
  if (action[offer::Header_] == offer::Random) {
    for (std::uint8_t& byte : packet) byte = static_cast<std::uint8_t>(random.next());
  } else if (action[offer::Header_] == offer::Checksum) {
    // Anywhere in the frame, and a little behind it.
    auto const end = static_cast<std::uint64_t>(std::max<std::int64_t>(action[offer::Bytes], 0));
    auto const start = random.below(end + 4);
    packet[offsetof(layout::NetHeader, flags)] = layout::kNeedsCsum;
    store_le(&packet[offsetof(layout::NetHeader, csum_start)], static_cast<std::uint16_t>(start));
    store_le(&packet[offsetof(layout::NetHeader, csum_offset)],
             static_cast<std::uint16_t>(random.below(random.chance(0.8) ? 20 : 2000)));
  }
  auto const bytes = static_cast<std::size_t>(std::max<std::int64_t>(action[offer::Bytes], 0));
  auto const frame = numbered_frame(number, bytes, action[offer::Type]);
  packet.insert(packet.end(), frame.begin(), frame.end());
  packet.resize(size);
  return packet;
}

void expect_frame(Rig& rig, Action const& action, std::vector<std::uint8_t> packet) {
  QueueUser const& queue = rig.queues[layout::kTransmitQueue];
  if (queue.tampered()) {
    rig.station.lose_sight();
    return;
  }
  // All that a table of a transmit queue holds is readable, whatever its entries say.
  if (action[offer::Odd] == offer::WrongDirection && queue.in_table(action)) {
    packet.resize(packet.size() + Buffer::kOddBytes, Buffer::kUntouched);
  }
  constexpr std::size_t kHeader = layout::kNetHeaderBytes;
  bool const fits =
      packet.size() >= kHeader + 14 && packet.size() <= kHeader + layout::kMaxFrameBytes;
  bool const control = action[offer::Type] == offer::Control && action[offer::Bytes] >= 14;
  if (!fits || control) return;
  // Where checksums are completed, only the reference says what leaves.
  if (action[offer::Header_] != offer::Zero && rig.completes_checksums()) {
    rig.station.lose_sight();
    return;
  }
  bool const sure = action[offer::Header_] == offer::Zero && !rig.memory_fails();
  rig.station.expect({packet.begin() + kHeader, packet.end()},
                     sure ? Station::Fate::Comes : Station::Fate::MayCome);
}

void notify_unless_silent(Rig& rig, Action const& action, std::uint16_t queue) {
  if (action[offer::Silent] != 0) {
    rig.bins.hit("silent");
  } else {
    rig.host.notify(queue);
  }
}

void do_send(Rig& rig, Action const& action) {
  constexpr std::int64_t kBurst = 8;
  QueueUser& queue = rig.queues[layout::kTransmitQueue];
  for (std::int64_t i = 0; i < action[offer::Count_]; ++i) {
    auto const packet = packet_of(action, rig.next_packet());
    Buffer buffer(rig.host, action, packet.size(), false);
    buffer.fill(packet);
    if (!queue.has_room(buffer, action)) {
      rig.bins.hit("tx_ring_full");
      buffer.unmap(rig.host);
      break;
    }
    hit_frame(rig.bins, action);
    hit_shape(rig.bins, action, buffer, queue);
    if (i + 1 == kBurst && action[offer::Silent] == 0) rig.bins.hit("tx_burst");
    // What is told by and by is under way before offer() returns.
    if (queue.will_be_wrong(action)) rig.station.lose_sight();
    expect_frame(rig, action, packet);
    queue.offer(std::move(buffer), action, rig.bins);
  }
  notify_unless_silent(rig, action, layout::kTransmitQueue);
}

void do_post(Rig& rig, Action const& action) {
  QueueUser& queue = rig.queues[layout::kReceiveQueue];
  auto const size = static_cast<std::size_t>(std::max<std::int64_t>(action[offer::Bytes], 0));
  for (std::int64_t i = 0; i < action[offer::Count_]; ++i) {
    Buffer buffer(rig.host, action, size, true);
    if (!queue.has_room(buffer, action)) {
      rig.bins.hit("rx_ring_full");
      buffer.unmap(rig.host);
      break;
    }
    hit_shape(rig.bins, action, buffer, queue);
    queue.offer(std::move(buffer), action, rig.bins);
  }
  notify_unless_silent(rig, action, layout::kReceiveQueue);
}

// --- Interrupts.

void do_events(Rig& rig, Action const& action) {
  std::int64_t const flags = action[events::Flags];
  if (flags == layout::kEventDisable) rig.bins.hit("events_off");
  if (flags == layout::kEventDesc) rig.bins.hit("events_at_index");
  if (flags > layout::kEventDesc) rig.bins.hit("events_reserved");
  rig.host.rings[queue_of(action, events::Queue)]->want_events(
      static_cast<std::uint16_t>(flags), static_cast<std::uint16_t>(action[events::Offset]));
}

void do_moderate(Rig& rig, Action const& action) {
  std::uint16_t const queue = queue_of(action, moderate::Queue);
  if (queue == layout::kReceiveQueue) {
    rig.bins.hit("rx_moderated");
  } else {
    rig.bins.hit("tx_moderated");
  }
  rig.set_moderation(queue, static_cast<std::uint32_t>(action[moderate::Packets]),
                     static_cast<std::uint32_t>(action[moderate::Usecs]));
}

void do_mask(Rig& rig, Action const& action) {
  bool const on = action[mask::On] != 0;
  auto const vector = static_cast<std::uint32_t>(action[mask::Vector]);
  if (vector == layout::kNumVectors) {
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

// --- What no driver should do.

void do_notify(Rig& rig, Action const& action) {
  if (action[notify::Times] > 1) rig.bins.hit("notify_flood");
  for (std::int64_t i = 0; i < action[notify::Times]; ++i) {
    rig.host.notify(queue_of(action, notify::Queue));
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
      break;
    case poke::NotifyWrongData:
      host.write(slot, 2, value);
      break;
    case poke::NotifyByte:
      host.write(slot, 1, queue);
      break;
    case poke::NotifyNowhere:
      host.write(layout::kNotifyBlock.offset + 8 + value % 1000 * 4, 2, value);
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
      return rig.queues[queue_of(action, spoil::Queue)].spoil_next(action);
    case Kind::Scribble:
      if (queue_of(action, scribble::Queue) == layout::kTransmitQueue) rig.station.lose_sight();
      return rig.queues[queue_of(action, scribble::Queue)].scribble(action, rig.bins);
    case Kind::Notify:
      return do_notify(rig, action);
    case Kind::Poke:
      return do_poke(rig, action);
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
    default:
      if (rig.live()) perform_in_session(rig, action);
  }
  rig.distrust_what_is_written_over();
}

}  // namespace ringside::testbench::fuzz
