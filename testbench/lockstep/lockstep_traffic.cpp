// What the NIC does on its bus and its wire: whose each access is, and whether it is right.
#include <algorithm>
#include <utility>

#include "testbench/lockstep/lockstep.hpp"

namespace ringside::testbench {

using lockstep::Side;
using lockstep::Topic;
using lockstep::topic_of;

// --- Reads.

void LockStep::read_begun(TimePoint at, unsigned id, std::uint64_t address, std::uint32_t size,
                          std::uint32_t tag) {
  Read& read = reads_[tag];
  read.client = Client::Unknown;
  ++reads_under_way_;
  check_silence(at, "a read at ", address);
  if (following()) {
    switch (static_cast<Client>(id + 1)) {
      case Client::Descriptors:
        read.client = descriptors_read(at, address, size, tag, read.queue);
        break;
      case Client::Transmit:
        read.client = Client::Transmit;
        read.queue = layout::transmit_queue(transmitting_pair(address, size));
        transmit_[layout::pair_of_queue(read.queue)].read_begun(at, address, size, tag);
        break;
      case Client::Control:
        read.client = Client::Control;
        control_.read_begun(at, address, size, tag);
        break;
      default:
        read.client = events_read(at, address, read.queue);
    }
  }
  look_at_time(at);
}

LockStep::Client LockStep::descriptors_read(TimePoint at, std::uint64_t address, std::uint32_t size,
                                            std::uint32_t tag, std::uint16_t& queue) {
  for (queue = 0; queue < kQueues; ++queue) {
    if (!queues_[queue].ring.table_read_begun(at, address, size, tag)) continue;
    // Of a table in a ring it can not be told which of both is read.
    if (lies_over_a_ring(address, size)) go_blind();
    return Client::Descriptors;
  }
  for (queue = 0; queue < kQueues; ++queue) {
    if (queues_[queue].ring.ring_read_begun(at, address, size, tag)) return Client::Descriptors;
  }
  // A queue that is broken in the reference may go on for a while.
  if (session_ == Session::Live) {
    differ(at, Topic::Registers,
           "a read of descriptors at " + lockstep::hex(address) + ", where no ring or table is");
  }
  return Client::Unknown;
}

LockStep::Client LockStep::events_read(TimePoint at, std::uint64_t address, std::uint16_t& queue) {
  for (queue = 0; queue < kQueues; ++queue) {
    if (!queues_[queue].started || !queues_[queue].interrupts.claims(address)) continue;
    // A device that is about to fall silent may look once more, at any time.
    if (session_ == Session::Live) queues_[queue].interrupts.look_begun(at);
    queues_[queue].event_read_begun = true;
    return Client::Events;
  }
  differ(at, Topic::Interrupts,
         "a read at " + lockstep::hex(address) + ", where no driver's event area is");
  return Client::Unknown;
}

void LockStep::read_beat(TimePoint at, std::uint32_t tag, Bytes bytes, bool ok, bool last) {
  Read& read = reads_[tag];
  if (following()) {
    switch (read.client) {
      case Client::Descriptors: {
        auto const outcome = queues_[read.queue].ring.read_beat(tag, bytes, ok, last);
        elements_known(at, read.queue);
        if (outcome.error) break_down(at, read.queue);
        break;
      }
      case Client::Transmit: {
        auto& transmit = transmit_[layout::pair_of_queue(read.queue)];
        transmit.read_beat(at, tag, bytes, ok, last);
        count_data_errors(at, transmit.take_data_errors());
        break;
      }
      case Client::Control:
        control_.read_beat(at, tag, bytes, ok, last);
        count_data_errors(at, control_.take_data_errors());
        break;
      case Client::Events:
        if (!std::exchange(queues_[read.queue].event_read_begun, false)) break;
        if (ok) {
          decide(at, read.queue, bytes);
        } else {
          break_down(at);
        }
        break;
      default:
        break;
    }
  }
  if (last) {
    read.client = Client::Unknown;
    --reads_under_way_;
  }
  look_at_time(at);
}

void LockStep::elements_known(TimePoint at, std::uint16_t queue) {
  auto& elements = queues_[queue].ring.elements();
  if (elements.empty()) return;
  // Of a write into one that lies over a ring it can not be told what it is.
  for (lockstep::Element const& element : elements) {
    if (element.writable && lies_over_a_ring(element.address, element.length)) return go_blind();
  }
  if (session_ == Session::Broken) lose_sight_of(queue);
  std::uint16_t const pair = layout::pair_of_queue(queue);
  if (layout::is_transmit_queue(queue)) {
    transmit_[pair].take(at, elements);
  } else if (queue == layout::kControlQueue) {
    control_.take(at, elements);
  } else {
    receive_[pair].take(elements);
  }
}

void LockStep::decide(TimePoint at, std::uint16_t queue, Bytes area) {
  if (session_ == Session::Broken) {
    messages_.raise(at, registers_.common().queue(queue).vector, false);
    return;
  }
  auto const verdict = queues_[queue].interrupts.decide(at, area);
  if (verdict == lockstep::InterruptFollower::Verdict::No) return;
  messages_.raise(at, registers_.common().queue(queue).vector,
                  verdict == lockstep::InterruptFollower::Verdict::Yes);
}

// --- Writes.

void LockStep::written(TimePoint at, std::uint64_t address, Bytes bytes) {
  follow_link(at);
  writes_.push_back(bytes.empty() ? Write{} : classify(at, address, bytes));
  look_at_time(at);
}

LockStep::Write LockStep::classify(TimePoint at, std::uint64_t address, Bytes bytes) {
  if (session_ == Session::Blind) messages_.lose_sight();
  if (messages_.claims(address, bytes.size())) {
    counters_.add("interrupts", at);
    if (session_ == Session::Resetting) counters_.lose_sight({"interrupts"});
    if (auto what = messages_.take(at, address, bytes); !what.empty()) {
      differ(at, Topic::Interrupts, std::move(what));
    }
    return {Write::Kind::Message, 0, 0, false};
  }
  check_silence(at, "a write at ", address);
  if (!following()) return {};
  for (std::uint16_t queue = 0; queue < kQueues; ++queue) {
    bool const used = queues_[queue].started && queues_[queue].used.claims(address, bytes.size());
    if (used) return used_written(at, queue, address, bytes);
  }
  if (control_.claims(address, bytes.size())) return answer_written(at, bytes);
  return packet_written(at, address, bytes);
}

// Packets are written one after the other, whatever queues they are of.
LockStep::Write LockStep::packet_written(TimePoint at, std::uint64_t address, Bytes bytes) {
  judge_.note(Side::Rtl, at, Topic::Receive, "writes at", address, bytes.size());
  auto const under_way = std::ranges::find_if(
      receive_, [](lockstep::ReceiveFollower const& each) { return each.under_way(); });
  bool const anyone = under_way == receive_.end();
  for (std::uint16_t pair = 0; pair < receive_.size(); ++pair) {
    if (!anyone && &receive_[pair] != &*under_way) continue;
    if (auto const number = receive_[pair].written(at, address, bytes)) {
      return {Write::Kind::Packet, layout::receive_queue(pair), *number, false};
    }
  }
  differ(at, Topic::Receive,
         "a write at " + lockstep::hex(address) + ", " +
             lockstep::hex_bytes(bytes.data(), bytes.size()) + "; " +
             (anyone ? receive_.front() : *under_way).expected());
  return {};
}

// Whose burst it is: packets are read one after the other, too.
std::uint16_t LockStep::transmitting_pair(std::uint64_t address, std::uint32_t size) {
  for (std::uint16_t pair = 0; pair < transmit_.size(); ++pair) {
    if (transmit_[pair].under_way()) return pair;
  }
  std::optional<std::uint16_t> found;
  for (std::uint16_t pair = 0; pair < transmit_.size(); ++pair) {
    if (!transmit_[pair].reads_next(address, size)) continue;
    if (found) go_blind();  // two packets lie at the same place
    found = pair;
  }
  return found.value_or(0);
}

// Whether a packet's used descriptors are expected, or can be.
bool LockStep::prepare_used(TimePoint at, std::uint16_t queue) {
  lockstep::UsedFollower& used = queues_[queue].used;
  if (used.expects()) return true;
  if (queue == layout::kControlQueue) {
    auto const command = control_.next_used();
    if (!command) return false;
    used.expect({&*command, 1});
    control_.take_used();
    return true;
  }
  std::uint16_t const pair = layout::pair_of_queue(queue);
  if (!layout::is_transmit_queue(queue)) {
    auto const packet = receive_[pair].next_used(at);
    if (packet.empty()) return false;
    used.expect(packet);
    receive_[pair].take_used();
    return true;
  }
  auto const packet = transmit_[pair].next_used();
  if (!packet) return false;
  used.expect({&*packet, 1});
  transmit_[pair].take_used(at);
  return true;
}

LockStep::Write LockStep::used_written(TimePoint at, std::uint16_t queue, std::uint64_t address,
                                       Bytes bytes) {
  judge_.note(Side::Rtl, at, topic_of(queue), "writes a used descriptor at", address);
  if (!prepare_used(at, queue)) {
    differ(at, topic_of(queue),
           "a used descriptor at " + lockstep::hex(address) + ", " +
               lockstep::hex_bytes(bytes.data(), bytes.size()) + ", where no buffer can go back");
    return {};
  }
  lockstep::UsedFollower& used = queues_[queue].used;
  if (auto what = used.take(address, bytes); !what.empty()) {
    differ(at, topic_of(queue), std::move(what));
  }
  return {Write::Kind::Used, queue, used.slots(), !used.expects()};
}

void LockStep::write_answered(TimePoint at, bool ok) {
  if (writes_.empty()) {
    differ(at, Topic::Registers, "a write is answered that never ended");
    look_at_time(at);
    return;
  }
  Write const write = writes_.front();
  writes_.pop_front();
  if (write.kind == Write::Kind::Message) message_counted_ = at;
  if (write.kind == Write::Kind::Used) packet_counted_[write.queue] = at;
  if (following()) {
    if (write.kind == Write::Kind::Packet) {
      auto& receive = receive_[layout::pair_of_queue(write.queue)];
      receive.write_answered(at, write.number, ok);
      count_data_errors(at, receive.take_data_errors());
    } else if (write.kind == Write::Kind::Answer) {
      control_.write_answered(at, ok);
      count_data_errors(at, control_.take_data_errors());
    } else if (write.kind == Write::Kind::Used && !ok) {
      break_down(at);
    } else if (write.kind == Write::Kind::Used && write.publishes) {
      queues_[write.queue].interrupts.used(at, write.number);
    }
  }
  look_at_time(at);
}

// --- The wire.

void LockStep::received(FramePiece const& piece) {
  auto arrival = arrivals_.received(piece);
  if (!arrival) return;
  if (auto frame = filter_.received(std::move(*arrival))) steer(std::move(*frame));
}

void LockStep::steer(lockstep::Arrival frame) {
  steering_.look_at(frame);
  pool_.add(std::move(frame));
}

void LockStep::line_received(LineChange const& change) {
  follow_line(change.start);
  line_.line_received(change);
}

void LockStep::line_sent(LineChange const& change) {
  follow_link(change.start);
  line_.line_sent(change);
  look_at_time(change.start);
}

void LockStep::stamped(TimePoint at, WireStamp const& stamp) { line_.stamped(at, stamp); }

void LockStep::sent(FramePiece const& piece) {
  follow_link(piece.start);
  wire_.sent(piece);
  if (judge_.difference()) look_at_time(piece.start);
}

}  // namespace ringside::testbench
