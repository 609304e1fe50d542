#include "model/device/receive_port.hpp"

#include <utility>

namespace ringside::model {
namespace {

constexpr std::uint64_t kShortest = layout::kMinFrameBytes + FrameCheckSequence::kBytes;
constexpr std::uint64_t kLongestTagged = layout::kMaxFrameBytes + FrameCheckSequence::kBytes;
constexpr std::uint64_t kTagBytes = 4;
constexpr std::uint16_t kTagType = 0x8100;         // 802.1Q
constexpr std::uint16_t kServiceTagType = 0x88A8;  // 802.1ad

std::uint64_t longest(ReceivedFrame const& frame) {
  constexpr std::size_t kTypeOffset = 12;
  auto const type = load_be<std::uint16_t>(&frame.bytes[kTypeOffset]);
  bool const tagged = type == kTagType || type == kServiceTagType;
  return tagged ? kLongestTagged : kLongestTagged - kTagBytes;
}

}  // namespace

std::optional<Statistics::Counter> defect(ReceivedFrame const& frame) {
  using Counter = Statistics::Counter;
  if (frame.framing_error) return Counter("rx_framing_errors");
  if (frame.symbol_error) return Counter("rx_symbol_errors");
  if (frame.length < kShortest) {
    return frame.fcs_good ? Counter("rx_undersize") : Counter("rx_fragments");
  }
  if (frame.length > longest(frame)) {
    return frame.fcs_good ? Counter("rx_oversize") : Counter("rx_jabbers");
  }
  if (!frame.fcs_good) return Counter("rx_fcs_errors");
  return std::nullopt;
}

void count_received(ReceivedFrame const& frame, CountSink const& count) {
  auto const wrong = defect(frame);
  if (wrong) count(*wrong, 1);
  bool const legal_size = frame.length >= kShortest && frame.length <= longest(frame);
  if (legal_size && !frame.framing_error && !frame.symbol_error) {
    count(size_counter(Way::Received, frame.length), 1);
  }
  if (wrong) return;
  count("rx_frames", 1);
  count("rx_octets", frame.length);
  if (auto const cast = cast_counter(Way::Received, frame.bytes)) count(*cast, 1);
}

std::optional<std::vector<std::uint8_t>> ReceivePort::accept(ReceivedFrame frame, bool live) {
  count_received(frame, [this](Statistics::Counter counter, std::uint64_t amount) {
    statistics_.add(counter, amount);
  });
  if (defect(frame)) return std::nullopt;
  frame.bytes.erase(frame.bytes.end() - FrameCheckSequence::kBytes, frame.bytes.end());
  if (auto const control = read_mac_control(frame.bytes, flow_.station())) {
    statistics_.add(counter_of(*control));
    flow_.obey(*control, clock_.now());
    return std::nullopt;
  }
  if (live && !filter_.wants(frame.bytes)) {
    statistics_.add("rx_filtered");
    return std::nullopt;
  }
  if (!storage_.add(frame.bytes)) {
    statistics_.add("rx_dropped_overrun");
    return std::nullopt;
  }
  return std::move(frame.bytes);
}

}  // namespace ringside::model
