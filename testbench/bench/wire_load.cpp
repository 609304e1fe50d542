#include "testbench/bench/wire_load.hpp"

#include <algorithm>
#include <cmath>

namespace ringside::testbench {

namespace {

constexpr std::uint16_t kExperimentalEtherType = 0x88B5;
constexpr std::size_t kTypeOffset = 12;
constexpr std::size_t kNumberOffset = 14;
constexpr std::size_t kRestOffset = 18;

}  // namespace

void write_load_frame(MutableBytes into, MacAddress to, MacAddress from, std::uint32_t number) {
  std::ranges::fill(into, std::uint8_t{0});
  std::ranges::copy(to.bytes, into.begin());
  std::ranges::copy(from.bytes, into.begin() + 6);
  store_be<std::uint16_t>(into.data() + kTypeOffset, kExperimentalEtherType);
  store_be<std::uint32_t>(into.data() + kNumberOffset, number);
}

std::optional<std::uint32_t> number_of_load_frame(Bytes frame, std::size_t size) {
  if (frame.size() != size) return std::nullopt;
  if (load_be<std::uint16_t>(frame.data() + kTypeOffset) != kExperimentalEtherType) {
    return std::nullopt;
  }
  Bytes const rest = frame.subspan(kRestOffset);
  if (std::ranges::any_of(rest, [](std::uint8_t byte) { return byte != 0; })) return std::nullopt;
  return load_be<std::uint32_t>(frame.data() + kNumberOffset);
}

void FrameCount::add(TimePoint when, std::optional<std::uint32_t> number) {
  ++frames_;
  if (first_ == kNever) first_ = when;
  if (when > first_) ++after_first_;
  last_ = when;
  if (!number) {
    ++wrong_;
    return;
  }
  // A number from before the expected one wraps to a number of missing frames that none overlooks.
  if (expected_) missing_ += *number - *expected_;
  expected_ = *number + 1;
}

void FrameCount::restart() {
  frames_ = 0;
  after_first_ = 0;
  first_ = kNever;
  missing_ = 0;
  wrong_ = 0;
}

double FrameCount::million_a_second() const {
  if (after_first_ == 0) return 0;
  return static_cast<double>(after_first_) * 1e6 / static_cast<double>((last_ - first_).count());
}

void WireSender::start() {
  next_ = present() + kWireAhead;
  timeline_.at(present(), origin_, [this] { send_batch(); });
}

void WireSender::send_one() {
  next_ = present() + kWireAhead;
  send_next();
}

void WireSender::send_next() {
  write_load_frame(contents_, to_, from_, number_++);
  nic_.receive(frame_of(next_, contents_).as_piece());
  next_ += line_time(contents_.size());
}

void WireSender::send_batch() {
  for (int i = 0; i < kBatch; ++i) send_next();
  timeline_.at(next_ - kWireAhead, origin_, [this] { send_batch(); });
}

void PoissonSender::start(std::uint32_t frames) {
  frames_ = frames;
  ends_.reserve(frames);
  next_ = present() + kWireAhead;
  plan_next();
}

void PoissonSender::plan_next() {
  if (done()) return;
  // 1 - unit() is never 0.
  double const gap = -std::log(1 - random_.unit()) / rate_ * 1e12;
  TimePoint const free = next_ + line_time(contents_.size());
  next_ = ends_.empty() ? next_ : std::max(free, next_ + Duration{static_cast<std::int64_t>(gap)});
  timeline_.at(next_ - kWireAhead, origin_, [this] { send_next(); });
}

void PoissonSender::send_next() {
  write_load_frame(contents_, to_, from_, static_cast<std::uint32_t>(ends_.size()));
  WireFrame const frame = frame_of(next_, contents_);
  ends_.push_back(frame.end());
  nic_.receive(frame.as_piece());
  plan_next();
}

void WireEar::send(FramePiece const& piece) {
  assembler_.take(piece, [this](WireFrame const& frame) {
    count_.add(frame.start,
               is_intact(frame) ? number_of_load_frame(frame.contents(), size_) : std::nullopt);
  });
}

}  // namespace ringside::testbench
