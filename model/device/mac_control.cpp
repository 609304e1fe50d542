#include "model/device/mac_control.hpp"

#include <algorithm>

#include "interface/layout/limits.hpp"
#include "model/device/frame_check_sequence.hpp"

namespace ringside::model {
namespace {

constexpr MacAddress kControlAddress{{0x01, 0x80, 0xC2, 0, 0, 0x01}};
constexpr std::uint16_t kMacControl = 0x8808;
constexpr std::uint16_t kPause = 0x0001;
constexpr std::uint16_t kClassPause = 0x0101;

constexpr std::size_t kSource = 6;
constexpr std::size_t kType = 12;
constexpr std::size_t kOpcode = 14;
constexpr std::size_t kParameters = 16;
constexpr std::size_t kClassTimes = 18;

}  // namespace

std::optional<MacControl> read_mac_control(Bytes frame, MacAddress const& station) {
  if (load_be<std::uint16_t>(&frame[kType]) != kMacControl) return std::nullopt;
  MacControl control;
  auto const opcode = load_be<std::uint16_t>(&frame[kOpcode]);
  if (opcode != kPause && opcode != kClassPause) {
    control.kind = MacControl::Kind::Unsupported;
    return control;
  }
  auto const is_for = [&](MacAddress const& address) {
    return std::equal(address.bytes.begin(), address.bytes.end(), frame.begin());
  };
  // There is one length.
  if (frame.size() != layout::kMinFrameBytes) return control;
  if (!is_for(kControlAddress) && !is_for(station)) return control;
  auto const parameter = load_be<std::uint16_t>(&frame[kParameters]);
  if (opcode == kPause) {
    control.kind = MacControl::Kind::Pause;
    control.quanta = parameter;
    return control;
  }
  control.kind = MacControl::Kind::ClassPause;
  control.classes = static_cast<std::uint8_t>(parameter);
  for (std::size_t i = 0; i < kClasses; ++i) {
    control.class_quanta[i] = load_be<std::uint16_t>(&frame[kClassTimes + 2 * i]);
  }
  return control;
}

Statistics::Counter counter_of(MacControl const& control) {
  using Counter = Statistics::Counter;
  switch (control.kind) {
    case MacControl::Kind::Pause:
      return Counter("rx_pause_frames");
    case MacControl::Kind::ClassPause:
      return Counter("rx_pfc_frames");
    case MacControl::Kind::Unsupported:
      return Counter("rx_unsupported_opcodes");
    case MacControl::Kind::Ignored:
      break;
  }
  return Counter("rx_control_ignored");
}

std::vector<std::uint8_t> write_mac_control(MacControl const& control, MacAddress const& station) {
  bool const by_class = control.kind == MacControl::Kind::ClassPause;
  std::vector<std::uint8_t> frame(layout::kMinFrameBytes, 0);
  std::copy(kControlAddress.bytes.begin(), kControlAddress.bytes.end(), frame.begin());
  std::copy(station.bytes.begin(), station.bytes.end(), frame.begin() + kSource);
  store_be<std::uint16_t>(&frame[kType], kMacControl);
  store_be<std::uint16_t>(&frame[kOpcode], by_class ? kClassPause : kPause);
  store_be<std::uint16_t>(&frame[kParameters], by_class ? control.classes : control.quanta);
  for (std::size_t i = 0; by_class && i < kClasses; ++i) {
    if ((control.classes >> i & 1) == 0) continue;
    store_be<std::uint16_t>(&frame[kClassTimes + 2 * i], control.class_quanta[i]);
  }
  FrameCheckSequence fcs;
  fcs.add(frame);
  frame.resize(frame.size() + FrameCheckSequence::kBytes);
  store_le<std::uint32_t>(&frame[layout::kMinFrameBytes], fcs.value());
  return frame;
}

}  // namespace ringside::model
