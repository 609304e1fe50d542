#include "model/device/transmit_frame.hpp"

#include <algorithm>

#include "interface/layout/virtio.hpp"
#include "model/device/checksum.hpp"
#include "model/device/frame_check_sequence.hpp"

namespace ringside::model {
namespace {

using layout::kNetHeaderBytes;

constexpr std::size_t kEtherTypeOffset = 12;
constexpr std::uint16_t kMacControl = 0x8808;

}  // namespace

// Segmentation is not on offer, so a header may not ask for it. PAUSE frames belong to the MAC: a
// host that sends its own could stop its neighbours.
bool content_allowed(Bytes packet, bool checksum) {
  std::uint8_t const gso_type = packet[offsetof(layout::NetHeader, gso_type)];
  auto const ether_type = load_be<std::uint16_t>(&packet[kNetHeaderBytes + kEtherTypeOffset]);
  return checksum_wish_allowed(packet, checksum) && gso_type == 0 && ether_type != kMacControl;
}

std::vector<std::uint8_t> frame_of_packet(std::vector<std::uint8_t> packet) {
  complete_checksum(packet);
  std::vector<std::uint8_t>& frame = packet;
  frame.erase(frame.begin(), frame.begin() + kNetHeaderBytes);
  frame.resize(std::max<std::size_t>(frame.size(), layout::kMinFrameBytes), 0);
  FrameCheckSequence fcs;
  fcs.add(frame);
  std::size_t const end = frame.size();
  frame.resize(end + FrameCheckSequence::kBytes);
  store_le<std::uint32_t>(&frame[end], fcs.value());
  return frame;
}

}  // namespace ringside::model
