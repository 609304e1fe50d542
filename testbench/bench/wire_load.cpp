#include "testbench/bench/wire_load.hpp"

#include <algorithm>
#include <cmath>

namespace ringside::testbench {

namespace {

constexpr std::size_t kTypeOffset = 12;
constexpr std::size_t kNetworkOffset = 14;
constexpr std::size_t kTransportOffset = kNetworkOffset + 20;
constexpr std::size_t kNumberOffset = kTransportOffset + 8;

// Without the checksum, which depends on the length (RFC 791).
constexpr std::array<std::uint8_t, 20> kNetworkHeader{0x45, 0, 0,  0, 0, 0, 0,  0, 64, 17,
                                                      0,    0, 10, 0, 0, 2, 10, 0, 0,  1};
constexpr std::uint16_t kIpv4Type = 0x0800;
constexpr std::uint16_t kFirstPort = 0xC000;
constexpr std::uint16_t kDiscardPort = 9;

void write_network_header(std::uint8_t* header, std::size_t length) {
  std::ranges::copy(kNetworkHeader, header);
  store_be(header + 2, static_cast<std::uint16_t>(length));
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < kNetworkHeader.size(); i += 2) {
    sum += load_be<std::uint16_t>(header + i);
  }
  sum = (sum & 0xFFFF) + (sum >> 16);
  store_be(header + 10, static_cast<std::uint16_t>(~((sum & 0xFFFF) + (sum >> 16))));
}

}  // namespace

void write_load_frame(MutableBytes into, MacAddress to, MacAddress from, std::uint32_t number) {
  std::ranges::fill(into, std::uint8_t{0});
  std::ranges::copy(to.bytes, into.begin());
  std::ranges::copy(from.bytes, into.begin() + 6);
  store_be(into.data() + kTypeOffset, kIpv4Type);
  write_network_header(into.data() + kNetworkOffset, into.size() - kNetworkOffset);
  std::uint8_t* const transport = into.data() + kTransportOffset;
  store_be(transport, static_cast<std::uint16_t>(kFirstPort + number % kLoadFlows));
  store_be(transport + 2, kDiscardPort);
  store_be(transport + 4, static_cast<std::uint16_t>(into.size() - kTransportOffset));
  store_be(into.data() + kNumberOffset, number);
}

std::optional<std::uint32_t> number_of_load_frame(Bytes frame, std::size_t size) {
  if (frame.size() != size) return std::nullopt;
  auto const number = load_be<std::uint32_t>(frame.data() + kNumberOffset);
  std::vector<std::uint8_t> right(size);
  write_load_frame(right, {}, {}, number);
  bool const same =
      std::ranges::equal(frame.subspan(kTypeOffset), Bytes(right).subspan(kTypeOffset));
  return same ? std::optional(number) : std::nullopt;
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
  std::optional<std::uint32_t>& expected = expected_[*number % kLoadFlows];
  if (expected) missing_ += (*number - *expected) / kLoadFlows;
  expected = *number + kLoadFlows;
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
