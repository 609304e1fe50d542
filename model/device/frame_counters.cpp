#include "model/device/frame_counters.hpp"

#include <algorithm>
#include <array>

namespace ringside::model {
namespace {

using Counter = Statistics::Counter;

struct Size {
  std::uint64_t most;
  Counter received;
  Counter sent;
};
constexpr std::array kSizes{
    Size{64, "rx_size_64", "tx_size_64"},       Size{127, "rx_size_127", "tx_size_127"},
    Size{255, "rx_size_255", "tx_size_255"},    Size{511, "rx_size_511", "tx_size_511"},
    Size{1023, "rx_size_1023", "tx_size_1023"}, Size{UINT64_MAX, "rx_size_max", "tx_size_max"},
};

}  // namespace

Counter size_counter(Way way, std::uint64_t length) {
  auto const found = std::find_if(kSizes.begin(), kSizes.end(),
                                  [length](Size const& size) { return length <= size.most; });
  return way == Way::Sent ? found->sent : found->received;
}

std::optional<Counter> cast_counter(Way way, Bytes frame) {
  constexpr std::size_t kAddressBytes = 6;
  if ((frame[0] & 1) == 0) return std::nullopt;
  Bytes const address = frame.first(kAddressBytes);
  bool const to_all =
      std::all_of(address.begin(), address.end(), [](std::uint8_t byte) { return byte == 0xFF; });
  if (way == Way::Sent) return to_all ? Counter("tx_broadcast") : Counter("tx_multicast");
  return to_all ? Counter("rx_broadcast") : Counter("rx_multicast");
}

void count_sent(Bytes frame, CountSink const& count) {
  constexpr std::size_t kTypeOffset = 12;
  constexpr std::uint16_t kMacControl = 0x8808;
  count("tx_frames", 1);
  count("tx_octets", frame.size());
  count(size_counter(Way::Sent, frame.size()), 1);
  if (auto const cast = cast_counter(Way::Sent, frame)) count(*cast, 1);
  // Those of the host's never have this type.
  if (load_be<std::uint16_t>(&frame[kTypeOffset]) != kMacControl) return;
  bool const by_class = frame[kTypeOffset + 2] != 0;
  count(by_class ? Counter("tx_pfc_frames") : Counter("tx_pause_frames"), 1);
}

}  // namespace ringside::model
