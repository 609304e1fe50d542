#include "testbench/lockstep/wire_follower.hpp"

#include <algorithm>
#include <utility>

namespace ringside::testbench::lockstep {

namespace {

constexpr std::int64_t kGapBytes = 12;
constexpr std::int64_t kMostDeficit = 3;  // IEEE 802.3, 46.3.1.4

}  // namespace

void WireFollower::expect(TimePoint at, std::vector<std::uint8_t> frame, bool optional) {
  judge_.note(Side::Reference, at, Topic::Wire, "has a frame to send of bytes", 0, frame.size());
  expected_.push_back({at, std::move(frame), optional});
}

void WireFollower::release() {
  for (Expected& each : expected_) each.optional = true;
}

TimePoint WireFollower::waiting_since() const {
  bool const one_has_to = !expected_.empty() && !expected_.front().optional && !blind_;
  return one_has_to ? expected_.front().at : kNever;
}

void WireFollower::sent(FramePiece const& piece) {
  if (piece.first) check_gap(piece.start);
  assembler_.take(piece, [this](WireFrame const& frame) {
    free_ = frame.end();
    compare(frame);
  });
}

// A start is bound to columns of four bytes, so a gap may be up to 3 bytes short if those before
// were long enough for it.
void WireFollower::check_gap(TimePoint start) {
  if (free_ == TimePoint{}) return;
  std::int64_t const gap = (start - free_) / kByteTime;
  deficit_ = std::max<std::int64_t>(0, deficit_ + kGapBytes - gap);
  if (deficit_ <= kMostDeficit) return;
  judge_.differ(start, Topic::Wire,
                "a gap of " + std::to_string(gap) + " bytes, with those before it " +
                    std::to_string(deficit_) + " short of 12 each");
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
  counters_.add("tx_frames", end);
  counters_.add("tx_octets", end, frame.size());
  while (!expected_.empty()) {
    Bytes const next = expected_.front().bytes;
    if (std::equal(frame.begin(), frame.end(), next.begin(), next.end())) {
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

}  // namespace ringside::testbench::lockstep
