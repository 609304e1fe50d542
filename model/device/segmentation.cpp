#include "model/device/segmentation.hpp"

#include <algorithm>

#include "interface/layout/limits.hpp"
#include "interface/layout/virtio.hpp"
#include "model/device/checksum.hpp"

namespace ringside::model {
namespace {

using layout::NetHeader;

constexpr std::size_t kTypeOffset = 12;
constexpr std::size_t kEthernetHeader = 14;
constexpr std::size_t kTag = 4;
constexpr std::uint16_t kTagType = 0x8100;
constexpr std::uint16_t kIpv4Type = 0x0800;
constexpr std::uint16_t kIpv6Type = 0x86DD;
constexpr std::size_t kIpv4Header = 20;
constexpr std::size_t kIpv6Header = 40;
constexpr std::size_t kTcpHeader = 20;
constexpr std::size_t kTcpChecksum = 16;  // its place in the TCP header
constexpr std::uint8_t kTcp = 6;
constexpr std::uint8_t kHopByHop = 0;
constexpr std::uint8_t kDestinationOptions = 60;
constexpr std::uint8_t kFin = 0x01;
constexpr std::uint8_t kPsh = 0x08;
constexpr std::uint8_t kCwr = 0x80;

std::uint16_t word(Bytes packet, std::size_t offset) {
  return load_le<std::uint16_t>(&packet[offset]);
}

// gso_type without the bit for congestion.
std::uint8_t kind_of(Bytes packet) {
  return packet[offsetof(NetHeader, gso_type)] & static_cast<std::uint8_t>(~layout::kGsoEcn);
}

bool marks_congestion(Bytes packet) {
  return (packet[offsetof(NetHeader, gso_type)] & layout::kGsoEcn) != 0;
}

bool negotiated(Bytes packet, PacketRules const& rules) {
  std::uint8_t const kind = kind_of(packet);
  if (marks_congestion(packet) && !rules.ecn) return false;
  return (kind == layout::kGsoTcpv4 && rules.tcpv4) || (kind == layout::kGsoTcpv6 && rules.tcpv6);
}

}  // namespace

std::size_t Segmentation::seen(PacketRules const& rules) {
  return rules.header_bytes() + layout::kMaxGsoHeaders;
}

bool asks_for_segments(Bytes packet) { return packet[offsetof(NetHeader, gso_type)] != 0; }

std::optional<Segmentation> Segmentation::plan(Bytes start, std::size_t length,
                                               PacketRules const& rules) {
  bool const sums = (start[offsetof(NetHeader, flags)] & layout::kNeedsCsum) != 0;
  if (!negotiated(start, rules) || !sums || !rules.checksum) return std::nullopt;
  Segmentation plan;
  plan.ipv6_ = kind_of(start) == layout::kGsoTcpv6;
  plan.ecn_ = marks_congestion(start);
  plan.size_ = word(start, offsetof(NetHeader, gso_size));
  plan.header_ = rules.header_bytes();
  plan.length_ = length - plan.header_;
  if (plan.size_ < layout::kMinGsoSize || !plan.parse(start.subspan(plan.header_))) {
    return std::nullopt;
  }
  bool const checksum_placed = word(start, offsetof(NetHeader, csum_start)) == plan.transport_ &&
                               word(start, offsetof(NetHeader, csum_offset)) == kTcpChecksum;
  std::size_t const longest = std::min(plan.payload_ + plan.size_, plan.length_);
  if (!checksum_placed || longest > layout::kMaxFrameBytes) return std::nullopt;
  return plan;
}

// The headers have to be in the frame, and to end where they may at the latest.
bool Segmentation::parse(Bytes frame) {
  Bytes const seen =
      frame.first(std::min({frame.size(), length_, std::size_t{layout::kMaxGsoHeaders}}));
  if (seen.size() < kEthernetHeader + kTag) return false;
  bool const tagged = load_be<std::uint16_t>(&seen[kTypeOffset]) == kTagType;
  network_ = kEthernetHeader + (tagged ? kTag : 0);
  auto const type = load_be<std::uint16_t>(&seen[network_ - 2]);
  return ipv6_ ? type == kIpv6Type && parse_ipv6(seen) : type == kIpv4Type && parse_ipv4(seen);
}

bool Segmentation::parse_ipv4(Bytes frame) {
  constexpr std::uint16_t kFragment = 0x3FFF;  // more fragments, or an offset
  if (frame.size() < network_ + kIpv4Header) return false;
  Bytes const header = frame.subspan(network_);
  std::size_t const header_bytes = std::size_t{4} * (header[0] & 15);
  if (header[0] >> 4 != 4 || header_bytes < kIpv4Header) return false;
  if (load_be<std::uint16_t>(&header[2]) != length_ - network_) return false;
  if ((load_be<std::uint16_t>(&header[6]) & kFragment) != 0 || header[9] != kTcp) return false;
  transport_ = network_ + header_bytes;
  return parse_tcp(frame);
}

// Options that every station or the last one looks at may stand between; a routing header may not,
// for it changes the address that the checksum covers (RFC 8200, 8.1).
bool Segmentation::parse_ipv6(Bytes frame) {
  if (frame.size() < network_ + kIpv6Header) return false;
  Bytes const header = frame.subspan(network_);
  if (header[0] >> 4 != 6) return false;
  if (load_be<std::uint16_t>(&header[4]) + kIpv6Header != length_ - network_) return false;
  std::uint8_t next = header[6];
  transport_ = network_ + kIpv6Header;
  while (next == kHopByHop || next == kDestinationOptions) {
    if (frame.size() < transport_ + 2) return false;
    next = frame[transport_];
    transport_ += std::size_t{8} * (1 + frame[transport_ + 1]);
  }
  return next == kTcp && parse_tcp(frame);
}

bool Segmentation::parse_tcp(Bytes frame) {
  if (frame.size() < transport_ + kTcpHeader) return false;
  std::size_t const header_bytes = std::size_t{4} * (frame[transport_ + 12] >> 4);
  payload_ = transport_ + header_bytes;
  return header_bytes >= kTcpHeader && payload_ <= frame.size();
}

std::size_t Segmentation::count() const {
  return std::max<std::size_t>(1, (length_ - payload_ + size_ - 1) / size_);
}

std::size_t Segmentation::end(std::size_t index) const {
  return header_ + std::min(payload_ + (index + 1) * size_, length_);
}

std::vector<std::uint8_t> Segmentation::segment(Bytes packet, std::size_t index) const {
  Bytes const headers = packet.first(header_ + payload_);
  std::size_t const from = index * size_;  // of the payload
  Bytes const payload = packet.first(end(index)).subspan(headers.size() + from);
  std::vector<std::uint8_t> cut(headers.begin(), headers.end());
  cut.insert(cut.end(), payload.begin(), payload.end());
  cut[offsetof(NetHeader, gso_type)] = 0;

  MutableBytes const frame = MutableBytes(cut).subspan(header_);
  std::uint8_t* const ip = &frame[network_];
  std::uint8_t* const tcp = &frame[transport_];
  std::size_t const network_bytes = frame.size() - network_;
  if (ipv6_) {
    store_be(ip + 4, static_cast<std::uint16_t>(network_bytes - kIpv6Header));
  } else {
    store_be(ip + 2, static_cast<std::uint16_t>(network_bytes));
    store_be(ip + 4, static_cast<std::uint16_t>(load_be<std::uint16_t>(ip + 4) + index));
    store_be(ip + 10, std::uint16_t{0});
    store_be(ip + 10, static_cast<std::uint16_t>(
                          ~ones_complement_sum(frame.subspan(network_, transport_ - network_))));
  }
  store_be(tcp + 4, static_cast<std::uint32_t>(load_be<std::uint32_t>(tcp + 4) +
                                               static_cast<std::uint32_t>(from)));
  bool const last = index + 1 == count();
  if (!last) tcp[13] &= static_cast<std::uint8_t>(~(kFin | kPsh));
  if (ecn_ && index != 0) tcp[13] &= static_cast<std::uint8_t>(~kCwr);
  store_be(
      tcp + kTcpChecksum,
      pseudo_header_sum(ipv6_ ? frame.subspan(network_ + 8, 32) : frame.subspan(network_ + 12, 8),
                        kTcp, static_cast<std::uint16_t>(frame.size() - transport_)));
  return cut;
}

}  // namespace ringside::model
