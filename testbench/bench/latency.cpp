#include "testbench/bench/latency.hpp"

#include <optional>

#include "interface/layout/registers.hpp"

namespace ringside::testbench {

namespace {

constexpr int kFrames = 32;
constexpr Duration kApart{20'000'000};
constexpr std::size_t kUsedBytes = 8;  // id, length, flags: no other write is of that size

// When a doorbell, a frame's first byte, its last, and a used descriptor are at the NIC's pins.
class Moments final : public NicObserver {
 public:
  // Of the latest frame: nothing until both ends have been seen.
  std::optional<Duration> wire_to_used() const { return between(received_, used_); }
  std::optional<Duration> doorbell_to_wire() const { return between(doorbell_, sent_); }
  void forget() { received_ = used_ = doorbell_ = sent_ = kNever; }

  void register_written(TimePoint at, std::uint32_t offset, unsigned, std::uint32_t) override {
    auto const& block = layout::kNotifyBlock;
    if (offset >= block.offset && offset < block.offset + block.size) doorbell_ = at;
  }
  void written(TimePoint at, std::uint64_t, Bytes bytes) override {
    if (bytes.size() == kUsedBytes) used_ = std::min(used_, at);
  }
  void received(FramePiece const& piece) override {
    if (piece.last) {
      received_ = piece.start + kByteTime * static_cast<std::int64_t>(piece.bytes.size());
    }
  }
  void sent(FramePiece const& piece) override { sent_ = std::min(sent_, piece.start); }

  void register_read(TimePoint, std::uint32_t, unsigned, std::uint32_t) override {}
  void controlled(TimePoint, PciControl) override {}
  void read_begun(TimePoint, unsigned, std::uint64_t, std::uint32_t, std::uint32_t) override {}
  void read_beat(TimePoint, std::uint32_t, Bytes, bool, bool) override {}
  void write_answered(TimePoint, bool) override {}
  void line_received(LineChange const&) override {}
  void line_sent(LineChange const&) override {}
  void stamped(TimePoint, WireStamp const&) override {}

 private:
  static std::optional<Duration> between(TimePoint from, TimePoint to) {
    if (from == kNever || to == kNever) return std::nullopt;
    return to - from;
  }

  TimePoint received_ = kNever;
  TimePoint used_ = kNever;
  TimePoint doorbell_ = kNever;
  TimePoint sent_ = kNever;
};

double cycles(Duration sum) {
  return static_cast<double>(sum.count()) / static_cast<double>(kNicCycle.count()) / kFrames;
}

}  // namespace

Figures measure_latency(LoadCase const& wanted) {
  LoadTestbed bed(wanted);
  bed.start([] {});
  Moments moments;
  bed.nic.observe(&moments);
  Duration wire_to_used{};
  Duration doorbell_to_wire{};
  for (int i = 0; i < kFrames; ++i) {
    moments.forget();
    bed.sender.send_one();
    bed.timeline.advance(kApart);
    auto const receive = moments.wire_to_used();
    moments.forget();
    bed.cpu.post(Context::Process, [&] { bed.load->send_one(); });
    bed.timeline.advance(kApart);
    auto const transmit = moments.doorbell_to_wire();
    if (!receive || !transmit) throw BenchError("bench nic64: a frame alone does not pass the NIC");
    wire_to_used += *receive;
    doorbell_to_wire += *transmit;
  }
  bed.nic.observe(nullptr);
  return {{"rx_cycles_wire_to_used", cycles(wire_to_used)},
          {"tx_cycles_doorbell_to_wire", cycles(doorbell_to_wire)}};
}

}  // namespace ringside::testbench
