#include "model/device/receive_port.hpp"

#include <utility>

namespace ringside::model {
namespace {

constexpr std::uint64_t kShortest = layout::kMinFrameBytes + FrameCheckSequence::kBytes;
constexpr std::uint64_t kLongestTagged = layout::kMaxFrameBytes + FrameCheckSequence::kBytes;
constexpr std::uint64_t kTagBytes = 4;
constexpr std::uint16_t kTagType = 0x8100;

std::uint64_t longest(ReceivedFrame const& frame) {
  constexpr std::size_t kTypeOffset = 12;
  bool const tagged = load_be<std::uint16_t>(&frame.bytes[kTypeOffset]) == kTagType;
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

std::uint16_t Steering::pair_of(Bytes frame) const {
  if (table.empty()) return 0;
  auto const hash = flow_hash(frame, hash_types, key);
  return hash.report == 0 ? unclassified : table[hash.value & (table.size() - 1)];
}

std::optional<std::vector<std::uint8_t>> ReceivePort::accept(ReceivedFrame frame) {
  if (auto counter = defect(frame)) {
    statistics_.add(*counter);
    return std::nullopt;
  }
  statistics_.add("rx_frames");
  statistics_.add("rx_octets", frame.length);
  frame.bytes.erase(frame.bytes.end() - FrameCheckSequence::kBytes, frame.bytes.end());
  if (!storage_.add(frame.bytes)) {
    statistics_.add("rx_dropped_overrun");
    return std::nullopt;
  }
  return std::move(frame.bytes);
}

}  // namespace ringside::model
