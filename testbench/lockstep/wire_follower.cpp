#include "testbench/lockstep/wire_follower.hpp"

#include <algorithm>
#include <utility>

#include "interface/layout/limits.hpp"
#include "model/device/frame_check_sequence.hpp"
#include "model/device/frame_counters.hpp"
#include "model/device/mac_control.hpp"

namespace ringside::testbench::lockstep {

namespace {

constexpr std::int64_t kGapBytes = 12;
constexpr std::int64_t kColumnBytes = 4;
constexpr std::int64_t kWordBytes = 8;
constexpr std::size_t kTypeOffset = 12;
constexpr std::uint16_t kMacControl = 0x8808;
// From the last step of the transmit engine on a packet to the moment at which its frame can begin.
constexpr Duration kReadToReady = 64 * kNicCycle;

// Where a cycle's word begins; a hold may be for ever.
std::int64_t byte_of(std::int64_t cycle) {
  return cycle > INT64_MAX / kWordBytes ? INT64_MAX : cycle * kWordBytes;
}

std::int64_t bytes_of(TimePoint at) { return at.time_since_epoch() / kByteTime; }

}  // namespace

void WireFollower::expect(TimePoint at, std::vector<std::uint8_t> frame, std::uint64_t packet,
                          bool optional) {
  judge_.note(Side::Reference, at, Topic::Wire, "has a frame to send of bytes", 0, frame.size());
  // Of several queues' packets the bytes may come in another order than they were asked for.
  auto const place = std::find_if(expected_.rbegin(), expected_.rend(), [&](Expected const& each) {
                       return each.packet <= packet;
                     }).base();
  expected_.insert(place, {at, std::move(frame), packet, optional});
}

void WireFollower::release() {
  for (Expected& each : expected_) each.optional = true;
}

TimePoint WireFollower::waiting_since(TimePoint at) const {
  bool const one_has_to = !expected_.empty() && !expected_.front().optional && !blind_;
  if (!one_has_to || line_.holds(at)) return kNever;
  return std::max({expected_.front().at, line_.held_until(at), sent_end_});
}

void WireFollower::sent(FramePiece const& piece) {
  if (piece.first) begin(piece.start);
  assembler_.take(piece, [this](WireFrame const& frame) { end(frame); });
}

void WireFollower::begin(TimePoint start) {
  line_.starts(WireStamp::Direction::Sent, start);
  start_ = bytes_of(start);
}

// Where the next frame can begin: /S/ is bound to columns, so that a gap may be up to 3 bytes short
// of 12 if those before were long enough for it (IEEE 802.3, 46.3.1.4).
void WireFollower::end(WireFrame const& frame) {
  line_.frame_sent(frame.end());
  sent_end_ = frame.end();
  compare(frame);
  deficit_ = start_ == earliest_ || first_ ? next_deficit_ : 0;
  std::int64_t const end = bytes_of(frame.end());
  std::int64_t const early = end % kColumnBytes;
  bool const borrowed = deficit_ + early < kColumnBytes;
  earliest_ = end + kGapBytes - early + (borrowed ? 0 : kColumnBytes);
  next_deficit_ = deficit_ + early - (borrowed ? 0 : kColumnBytes);
  first_ = false;
}

// A frame begins at the earliest place if it is ready there and nothing holds it; else at the start
// of a word, the first that allows it. `ready`: it is for certain from then on; kNever: that is not
// known.
void WireFollower::check_start(TimePoint ready, bool of_control) {
  TimePoint const start{start_ * kByteTime};
  if (!line_.sure_of(start, of_control)) return;
  std::int64_t const cycle = start_ / kWordBytes;
  std::int64_t const earliest = first_ ? 0 : earliest_;
  std::int64_t const free = line_.first_start(earliest / kWordBytes, of_control);
  std::int64_t const first = free == earliest / kWordBytes ? earliest : byte_of(free);
  bool right = start_ == first || (start_ > first && start_ % kWordBytes == 0);
  right = right && line_.first_start(cycle, of_control) == cycle;
  // One that is ready before the first place takes it, or the first that is free behind.
  std::int64_t last = std::max(first, start_);
  if (ready != kNever) {
    std::int64_t const ready_cycle = (ready + kReadToReady).time_since_epoch() / kNicCycle + 1;
    last = std::max(first, byte_of(line_.free_start(ready_cycle, of_control)));
  }
  if (right && start_ <= last) return;
  judge_.differ(start, Topic::Wire,
                "a frame begins in byte " + std::to_string(start_) + " of all time, reference: " +
                    std::to_string(first) + " to " + std::to_string(last));
}

void WireFollower::compare(WireFrame const& sent) {
  TimePoint const end = sent.end();
  Bytes const bytes = sent.bytes;
  std::size_t const before = std::min(bytes.size(), kPreamble.size());
  Bytes const frame = bytes.subspan(before);
  judge_.note(Side::Rtl, end, Topic::Wire, "has sent a frame of bytes", 0, frame.size());
  if (sent.error) {
    judge_.differ(end, Topic::Wire, "an error character in a frame that the RTL sends");
    return;
  }
  if (!std::equal(kPreamble.begin(), kPreamble.end(), bytes.begin(),
                  bytes.begin() + static_cast<std::ptrdiff_t>(before))) {
    judge_.differ(end, Topic::Wire, "no preamble: " + hex_bytes(bytes.data(), bytes.size()));
    return;
  }
  if (frame.size() < layout::kMinFrameBytes) {
    judge_.differ(end, Topic::Wire, "a frame that is too short");
    return;
  }
  model::count_sent(frame, [&](CounterFollower::Counter counter, std::uint64_t amount) {
    counters_.add(counter, end, amount);
  });
  if (load_be<std::uint16_t>(&frame[kTypeOffset]) == kMacControl) {
    compare_control(sent);
    return;
  }
  while (!expected_.empty()) {
    Bytes const next = expected_.front().bytes;
    if (std::equal(frame.begin(), frame.end(), next.begin(), next.end())) {
      bool const certain = !expected_.front().optional && !blind_;
      if (certain) check_start(pace_.ready(expected_.front().packet), false);
      pace_.forget(expected_.front().packet);
      expected_.pop_front();
      blind_ = false;
      return;
    }
    if (blind_) return;
    Expected const expected = std::move(expected_.front());
    expected_.pop_front();
    if (expected.optional) continue;
    auto const [ours, theirs] =
        std::mismatch(frame.begin(), frame.end(), expected.bytes.begin(), expected.bytes.end());
    auto const at = static_cast<std::size_t>(ours - frame.begin());
    judge_.differ(end, Topic::Wire,
                  "a frame differs from byte " + std::to_string(at) + " on: RTL " +
                      hex_bytes(frame.data() + at, frame.size() - at) + ", reference " +
                      hex_bytes(expected.bytes.data() + at, expected.bytes.size() - at));
    return;
  }
  if (blind_) return;
  judge_.differ(end, Topic::Wire,
                "a frame that nobody asked for: " + hex_bytes(frame.data(), frame.size()));
}

// Frames of flow control: when the receive buffer fills is not seen at the pins, what they say is.
// The other end is told again after half the time, or with the next chance to say something.
void WireFollower::compare_control(WireFrame const& sent) {
  Bytes const frame = Bytes(sent.bytes).subspan(kPreamble.size());
  check_start(kNever, true);
  if (!line_.sure_of(sent.start, true)) {
    note_told(asks_for(frame), sent.start);
    return;
  }
  model::MacControl control;
  control.kind =
      settings_.sends_pfc() ? model::MacControl::Kind::ClassPause : model::MacControl::Kind::Pause;
  control.classes = settings_.pfc_sends();
  auto const matches = [&](std::uint16_t quanta) {
    control.quanta = quanta;
    control.class_quanta.fill(quanta);
    auto const expected = model::write_mac_control(control, station_);
    return std::equal(frame.begin(), frame.end(), expected.begin(), expected.end());
  };
  std::uint16_t const quanta = settings_.quanta();
  bool const stops =
      quanta != 0 && matches(quanta) && (told_ != Told::Stop || sent.start >= again_at_);
  bool const frees = matches(0) && told_ != Told::Go;
  if (!stops && !frees) {
    judge_.differ(sent.end(), Topic::Wire,
                  std::string("a frame of flow control that is not due: ") +
                      hex_bytes(frame.data() + kTypeOffset, frame.size() - kTypeOffset));
  }
  // One that names no class may be either.
  note_told(stops && frees ? std::nullopt : std::optional(stops ? quanta : 0), sent.start);
}

// What a frame says by itself; nothing if it names no class.
std::optional<std::uint16_t> WireFollower::asks_for(Bytes frame) const {
  auto const control = model::read_mac_control(
      frame.first(frame.size() - model::FrameCheckSequence::kBytes), station_);
  if (!control || control->kind == model::MacControl::Kind::Pause) {
    return control ? std::optional(control->quanta) : std::nullopt;
  }
  if (control->classes == 0) return std::nullopt;
  return *std::max_element(control->class_quanta.begin(), control->class_quanta.end());
}

void WireFollower::note_told(std::optional<std::uint16_t> quanta, TimePoint start) {
  told_ = !quanta ? Told::Unknown : *quanta != 0 ? Told::Stop : Told::Go;
  again_at_ = start + quanta.value_or(0) * model::kQuantum / 2;
}

}  // namespace ringside::testbench::lockstep
