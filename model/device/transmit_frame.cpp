#include "model/device/transmit_frame.hpp"

#include <algorithm>

#include "interface/layout/virtio.hpp"
#include "model/device/checksum.hpp"
#include "model/device/frame_check_sequence.hpp"

namespace ringside::model {
namespace {

constexpr std::size_t kEtherTypeOffset = 12;
constexpr std::uint16_t kMacControl = 0x8808;

}  // namespace

// PAUSE frames belong to the MAC: a host that sends its own could stop its neighbours.
bool content_allowed(Bytes packet, PacketRules const& rules) {
  Bytes const header = packet.first(rules.header_bytes());
  Bytes const frame = packet.subspan(rules.header_bytes());
  auto const ether_type = load_be<std::uint16_t>(&frame[kEtherTypeOffset]);
  return packet.size() <= rules.longest() && ether_type != kMacControl &&
         checksum_wish_allowed(header, frame, rules.checksum);
}

std::vector<std::uint8_t> frame_of_packet(std::vector<std::uint8_t> packet,
                                          PacketRules const& rules) {
  std::vector<std::uint8_t>& frame = packet;
  MutableBytes const whole(packet);
  complete_checksum(whole.first(rules.header_bytes()), whole.subspan(rules.header_bytes()));
  frame.erase(frame.begin(), frame.begin() + rules.header_bytes());
  frame.resize(std::max<std::size_t>(frame.size(), layout::kMinFrameBytes), 0);
  FrameCheckSequence fcs;
  fcs.add(frame);
  std::size_t const end = frame.size();
  frame.resize(end + FrameCheckSequence::kBytes);
  store_le<std::uint32_t>(&frame[end], fcs.value());
  return frame;
}

}  // namespace ringside::model
