#include "testbench/lockstep/transmit_follower.hpp"

#include <algorithm>
#include <utility>

#include "model/device/transmit_frame.hpp"
#include "testbench/lockstep/burst.hpp"

namespace ringside::testbench::lockstep {

namespace {

constexpr std::uint64_t kReadBytes = 4096;  // that are asked for at once
// Of the segmenter, for a packet and for each of its segments, beside its rows.
constexpr std::int64_t kStepsToParse = 128;
constexpr std::int64_t kStepsOfSegment = 32;

}  // namespace

// Where packets may be cut, the engine looks at all elements before it reads any, as far as its
// window goes.
void TransmitFollower::Packet::add(Element const& element, model::PacketRules const& rules) {
  if (settled) {
    read(element, rules.longest());
    return;
  }
  ++steps;
  unsettled.push_back(element);
  if (!rules.cuts() || element.last || unsettled.size() == layout::kMaxGsoElements) {
    settle(rules);
  }
}

void TransmitFollower::Packet::settle(model::PacketRules const& rules) {
  settled = true;
  may_be_cut = rules.may_cut(unsettled.size()) && unsettled.back().last;
  std::uint64_t const longest = may_be_cut ? rules.longest(unsettled.size()) : rules.longest();
  std::uint64_t readable = 0;
  for (Element const& element : unsettled) readable += element.writable ? 0 : element.length;
  too_long = may_be_cut && readable > longest;
  for (Element const& element : std::exchange(unsettled, {})) read(element, longest);
}

// An element with which the packet would be longer than it may be is not read, nor is anything
// behind it.
void TransmitFollower::Packet::read(Element const& element, std::uint64_t longest) {
  ++steps;
  if (element.writable || too_long) return;
  too_long = total + element.length > longest;
  if (too_long || element.length == 0) return;
  runs.push_back(element);
  total += element.length;
  steps += static_cast<std::int64_t>(
      (element.address % kBeatBytes + element.length + kBeatBytes - 1) / kBeatBytes +
      element.length / kReadBytes);
}

void TransmitFollower::start(model::PacketRules const& rules) {
  rules_ = rules;
  packets_.clear();
  first_ = 0;
  reading_ = 0;
  undecided_ = 0;
  entered_ = 0;
  reads_.clear();
  data_errors_ = 0;
  ending_ = false;
}

void TransmitFollower::take(TimePoint at, std::deque<Element>& elements) {
  for (; !elements.empty(); elements.pop_front()) {
    Element const& element = elements.front();
    if (packets_.empty() || packets_.back().complete) packets_.emplace_back();
    Packet& packet = packets_.back();
    packet.add(element, rules_);
    if (!element.last) continue;
    packet.complete = true;
    packet.id = element.id;
    packet.slots = element.slots;
    judge_.note(Side::Reference, at, Topic::Transmit, "knows a packet of bytes", 0, packet.total);
  }
  decide(at);
}

// The packet whose bytes are asked for next; null: no element that is known is left to read.
TransmitFollower::Packet* TransmitFollower::packet_to_read() {
  while (reading_ < packets_.size() && packets_[reading_].read_to_end()) ++reading_;
  if (reading_ == packets_.size()) return nullptr;
  Packet& packet = packets_[reading_];
  return packet.run < packet.runs.size() ? &packet : nullptr;
}

TransmitFollower::Burst TransmitFollower::next_burst(Packet const& packet) {
  Element const& run = packet.runs[packet.run];
  std::uint64_t const address = run.address + packet.offset;
  auto const bytes = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(run.length - packet.offset, kBurstBytes - address % kBurstBytes));
  return {address, static_cast<std::uint32_t>(burst_size(address, bytes)), bytes};
}

bool TransmitFollower::reads_next(std::uint64_t address, std::uint32_t size) {
  Packet const* const packet = packet_to_read();
  if (packet == nullptr) return false;
  Burst const next = next_burst(*packet);
  return next.address == address && next.size == size;
}

bool TransmitFollower::under_way() {
  Packet const* const packet = packet_to_read();
  return packet != nullptr && (packet->run != 0 || packet->offset != 0);
}

void TransmitFollower::read_begun(TimePoint at, std::uint64_t address, std::uint32_t size,
                                  std::uint32_t tag) {
  judge_.note(Side::Rtl, at, Topic::Transmit, "reads packet bytes at", address, size);
  std::string const what =
      "a read of packet bytes at " + hex(address) + ", " + std::to_string(size) + "; reference: ";
  Packet* const packet = packet_to_read();
  if (packet == nullptr) {
    judge_.differ(at, Topic::Transmit, what + "no packet has any to read");
    return;
  }
  Burst const next = next_burst(*packet);
  if (address != next.address || size != next.size) {
    judge_.differ(at, Topic::Transmit, what + hex(next.address) + ", " + std::to_string(next.size));
    return;
  }
  enter_up_to(reading_);
  reads_.push_back({tag, first_ + reading_, packet->bytes.size(), next.bytes});
  packet->bytes.resize(packet->bytes.size() + next.bytes);
  ++packet->reads;
  packet->offset += next.bytes;
  if (packet->offset == packet->runs[packet->run].length) {
    ++packet->run;
    packet->offset = 0;
  }
}

void TransmitFollower::read_beat(TimePoint at, std::uint32_t tag, Bytes bytes, bool ok, bool last) {
  auto const found =
      std::find_if(reads_.begin(), reads_.end(), [&](Read const& read) { return read.tag == tag; });
  if (found == reads_.end()) return;
  Read& read = *found;
  Packet& packet = packets_[read.packet - first_];
  std::size_t const count = std::min<std::size_t>(bytes.size(), read.left);
  std::copy_n(bytes.begin(), count,
              packet.bytes.begin() + static_cast<std::ptrdiff_t>(read.offset));
  if (!ok && !packet.refused_at) packet.refused_at = read.offset;
  read.offset += count;
  read.left -= static_cast<std::uint32_t>(count);
  packet.arrived = read.offset;  // bytes come in order
  if (last) {
    --packet.reads;
    reads_.erase(found);
  }
  if (last || packet.asks_for_segments()) decide(at);
}

// The engine takes them up in the order of the ring, those without bytes as well.
void TransmitFollower::enter_up_to(std::size_t index) {
  for (; entered_ <= index; ++entered_) {
    Packet& packet = packets_[entered_];
    packet.number = wire_.pace().enter(packet.runs.empty());
  }
}

void TransmitFollower::decide(TimePoint at) {
  for (; undecided_ < packets_.size(); ++undecided_) {
    Packet& packet = packets_[undecided_];
    if (packet.asks_for_segments() && packet.complete) cut(at, packet);
    if (!packet.read_to_end() || packet.reads != 0) return;
    bool const unfit = packet.too_long || packet.total < rules_.shortest();
    packet.decided = true;
    enter_up_to(undecided_);
    wire_.pace().read(*packet.number, at, packet.steps);
    counters_.expect("tx_packets");
    if (packet.refused_at) {
      ++data_errors_;
      packet.counter = CounterFollower::Counter("tx_dropped_error");
    } else if (!unfit && packet.asks_for_segments() && packet.plan) {
      // All of them are expected already.
    } else if (!unfit && !packet.asks_for_segments() &&
               model::content_allowed(packet.bytes, rules_)) {
      wire_.expect(at, model::frame_of_packet(std::move(packet.bytes), rules_), *packet.number,
                   ending_);
    } else {
      packet.counter = CounterFollower::Counter("tx_dropped_malformed");
    }
    if (packet.counter) counters_.expect(*packet.counter);
  }
}

// Segments leave as soon as their bytes are here, but not in front of a row of 16 bytes of the
// frame in which some were refused, nor behind it.
void TransmitFollower::cut(TimePoint at, Packet& packet) {
  if (!packet.may_be_cut || packet.total < rules_.shortest()) return;
  if (!packet.planned) {
    // Headers that are here to their end are enough; all that may be headers, to refuse it.
    Bytes const here = Bytes(packet.bytes).first(packet.arrived);
    std::size_t const seen = model::Segmentation::seen(rules_);
    bool const all = here.size() >= std::min<std::size_t>(packet.total, seen);
    if (!all && here.size() < rules_.shortest()) return;
    packet.plan = model::Segmentation::plan(here, packet.total, rules_);
    packet.planned = all || packet.plan;
    if (packet.plan) {
      auto const count = static_cast<std::int64_t>(packet.plan->count());
      packet.steps += kStepsToParse + count * kStepsOfSegment;
    }
  }
  if (!packet.plan) return;
  std::size_t const header = rules_.header_bytes();
  auto const row_of = [header](std::size_t byte) { return (byte - header) / kBeatBytes; };
  for (; packet.segments < packet.plan->count(); ++packet.segments) {
    std::size_t const end = packet.plan->end(packet.segments);
    std::size_t const row = row_of(end - 1);
    std::size_t const row_end = header + (row + 1) * kBeatBytes;
    if (packet.arrived < std::min<std::size_t>(row_end, packet.total)) return;
    if (packet.refused_at && (*packet.refused_at < header || row >= row_of(*packet.refused_at))) {
      return;
    }
    wire_.expect(
        at, model::frame_of_packet(packet.plan->segment(packet.bytes, packet.segments), rules_),
        *packet.number, ending_);
  }
}

std::optional<model::Used> TransmitFollower::next_used() const {
  if (packets_.empty() || !packets_.front().decided) return std::nullopt;
  return model::Used{.id = packets_.front().id, .slots = packets_.front().slots};
}

// The RTL counts a packet when it comes to its end, behind those before it, and then gives it back.
void TransmitFollower::take_used(TimePoint at) {
  wire_.pace().returned(*packets_.front().number, at);
  counters_.confirm("tx_packets", at);
  if (auto const counter = packets_.front().counter) counters_.confirm(*counter, at);
  packets_.pop_front();
  ++first_;
  --undecided_;
  --entered_;
  if (reading_ > 0) --reading_;
}

}  // namespace ringside::testbench::lockstep
