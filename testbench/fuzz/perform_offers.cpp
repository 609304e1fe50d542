#include "testbench/fuzz/perform_offers.hpp"

#include <algorithm>
#include <utility>

#include "testbench/fuzz/cut_packet.hpp"
#include "testbench/fuzz/frames.hpp"
#include "testbench/fuzz/rig.hpp"

namespace ringside::testbench::fuzz {

namespace {

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
  if (action[offer::To] == to::All) bins.hit("tx_broadcast");
  if (action[offer::To] == to::Group) bins.hit("tx_multicast");
}

// The header means nothing where no offload is negotiated, but for what asks for one.
std::vector<std::uint8_t> packet_of(Rig& rig, Action const& action) {
  std::uint32_t const number = rig.next_packet();
  std::size_t const header_bytes = rig.host.header_bytes();
  auto const size =
      static_cast<std::size_t>(static_cast<std::int64_t>(header_bytes) + action[offer::Bytes]);
  std::vector<std::uint8_t> packet(header_bytes, 0);
  Random random(number);
  if (action[offer::Header_] == offer::Random) {
    for (std::uint8_t& byte : packet) byte = static_cast<std::uint8_t>(random.next());
  } else if (action[offer::Header_] == offer::Segments) {
    auto made =
        make_cut_packet(random, header_bytes,
                        static_cast<std::size_t>(std::max<std::int64_t>(action[offer::Bytes], 0)));
    rig.cut_from_now_on();
    rig.bins.hit("tx_segments");
    if (made.wrong) rig.bins.hit("tx_segments_wrong");
    return std::move(made.bytes);
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
  auto const frame = numbered_frame(number, bytes, action[offer::Type], action[offer::To]);
  packet.insert(packet.end(), frame.begin(), frame.end());
  packet.resize(size);
  return packet;
}

void expect_frame(Rig& rig, QueueUser const& queue, Action const& action,
                  std::vector<std::uint8_t> packet) {
  if (queue.tampered()) {
    rig.station.lose_sight();
    return;
  }
  // All that a table of a transmit queue holds is readable, whatever its entries say.
  if (action[offer::Odd] == offer::WrongDirection && queue.in_table(action)) {
    packet.resize(packet.size() + Buffer::kOddBytes, Buffer::kUntouched);
  }
  std::size_t const header = rig.host.header_bytes();
  bool const fits =
      packet.size() >= header + 14 && packet.size() <= header + layout::kMaxFrameBytes;
  bool const control = action[offer::Type] == offer::Control && action[offer::Bytes] >= 14;
  bool const segments = action[offer::Header_] == offer::Segments;
  if (!segments && (!fits || control)) return;
  // Where checksums are completed, only the reference says what leaves.
  if (action[offer::Header_] != offer::Zero && rig.completes_checksums()) {
    rig.station.lose_sight();
    return;
  }
  bool const sure = action[offer::Header_] == offer::Zero && !rig.memory_fails();
  rig.station.expect(queue.number(),
                     {packet.begin() + static_cast<std::ptrdiff_t>(header), packet.end()},
                     sure ? Station::Fate::Comes : Station::Fate::MayCome);
}

std::uint16_t pair_of(Rig const& rig, Action const& action) {
  return static_cast<std::uint16_t>(action[offer::Pair] % rig.pairs());
}

void notify_unless_silent(Rig& rig, Action const& action, std::uint16_t queue) {
  if (action[offer::Silent] != 0) {
    rig.bins.hit("silent");
  } else {
    rig.host.notify(queue);
  }
}

}  // namespace

void do_send(Rig& rig, Action const& action) {
  constexpr std::int64_t kBurst = 8;
  QueueUser& queue = rig.queues[layout::transmit_queue(pair_of(rig, action))];
  for (std::int64_t i = 0; i < action[offer::Count_]; ++i) {
    auto const packet = packet_of(rig, action);
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
    expect_frame(rig, queue, action, packet);
    queue.offer(std::move(buffer), action, rig.bins);
  }
  notify_unless_silent(rig, action, queue.number());
}

void do_post(Rig& rig, Action const& action) {
  QueueUser& queue = rig.queues[layout::receive_queue(pair_of(rig, action))];
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
  notify_unless_silent(rig, action, queue.number());
}

}  // namespace ringside::testbench::fuzz
