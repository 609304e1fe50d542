#include "model/device/checksum.hpp"

#include <optional>

#include "interface/layout/limits.hpp"
#include "interface/layout/virtio.hpp"
#include "model/device/network_layer.hpp"

namespace ringside::model {
namespace {

using layout::NetHeader;

constexpr std::size_t kChecksumBytes = 2;
constexpr std::uint8_t kTcp = 6;
constexpr std::uint8_t kUdp = 17;

// The one's complement sum of RFC 1071: 16-bit words, first byte high, an odd last byte followed by
// a 0, and every carry out of the top added at the bottom.
class OnesComplementSum {
 public:
  void add(std::uint16_t word) {
    std::uint32_t const wide = std::uint32_t{value_} + word;
    value_ = static_cast<std::uint16_t>((wide & 0xFFFF) + (wide >> 16));
  }
  void add(Bytes bytes) {
    for (std::size_t i = 0; i < bytes.size(); i += 2) {
      std::uint8_t const low = i + 1 < bytes.size() ? bytes[i + 1] : 0;
      add(static_cast<std::uint16_t>(bytes[i] << 8 | low));
    }
  }
  std::uint16_t value() const { return value_; }
  // Of bytes that have their checksum among them.
  bool is_right() const { return value_ == 0xFFFF; }

 private:
  std::uint16_t value_ = 0;
};

struct Wish {
  std::size_t start;  // of the sum, in the frame
  std::size_t field;  // of the checksum
};

std::optional<Wish> checksum_wish(Bytes header) {
  if ((header[offsetof(NetHeader, flags)] & layout::kNeedsCsum) == 0) return std::nullopt;
  std::size_t const start = load_le<std::uint16_t>(&header[offsetof(NetHeader, csum_start)]);
  std::size_t const offset = load_le<std::uint16_t>(&header[offsetof(NetHeader, csum_offset)]);
  return Wish{start, start + offset};
}

// A packet of the network layer, as far as its transport checksum hangs on it.
struct NetworkPacket {
  std::uint8_t protocol;
  Bytes addresses;  // source and destination
  Bytes segment;    // from the transport header to the end that the network header states
};

std::optional<NetworkPacket> parse_ipv4(Bytes bytes) {
  constexpr std::size_t kShortest = 20;
  constexpr std::uint16_t kFragment = 0x3FFF;  // more fragments, or an offset
  if (bytes.size() < kShortest || bytes[0] >> 4 != 4) return std::nullopt;
  std::size_t const header = std::size_t{4} * (bytes[0] & 15);
  std::size_t const total = load_be<std::uint16_t>(&bytes[2]);
  if (header < kShortest || header > total || total > bytes.size()) return std::nullopt;
  if ((load_be<std::uint16_t>(&bytes[6]) & kFragment) != 0) return std::nullopt;
  OnesComplementSum sum;
  sum.add(bytes.first(header));
  if (!sum.is_right()) return std::nullopt;
  return NetworkPacket{bytes[9], bytes.subspan(12, 8), bytes.subspan(header, total - header)};
}

std::optional<NetworkPacket> parse_ipv6(Bytes bytes) {
  constexpr std::size_t kHeader = 40;
  if (bytes.size() < kHeader || bytes[0] >> 4 != 6) return std::nullopt;
  std::size_t const payload = load_be<std::uint16_t>(&bytes[4]);
  if (payload > bytes.size() - kHeader) return std::nullopt;
  return NetworkPacket{bytes[6], bytes.subspan(8, 32), bytes.subspan(kHeader, payload)};
}

std::optional<NetworkPacket> parse_frame(Bytes frame) {
  auto const [type, bytes] = network_layer(frame);
  if (type == kIpv4Type) return parse_ipv4(bytes);
  if (type == kIpv6Type) return parse_ipv6(bytes);
  return std::nullopt;
}

// A UDP datagram is as long as the packet says, or one of the two lies; a checksum of 0 is none
// (RFC 768).
bool is_checkable(NetworkPacket const& packet) {
  constexpr std::size_t kTcpHeader = 20;
  constexpr std::size_t kUdpHeader = 8;
  Bytes const segment = packet.segment;
  if (packet.protocol == kTcp) return segment.size() >= kTcpHeader;
  return packet.protocol == kUdp && segment.size() >= kUdpHeader &&
         load_be<std::uint16_t>(&segment[4]) == segment.size() &&
         load_be<std::uint16_t>(&segment[6]) != 0;
}

}  // namespace

std::uint16_t ones_complement_sum(Bytes bytes) {
  OnesComplementSum sum;
  sum.add(bytes);
  return sum.value();
}

std::uint16_t pseudo_header_sum(Bytes addresses, std::uint8_t protocol, std::uint16_t length) {
  OnesComplementSum sum;
  sum.add(addresses);
  sum.add(protocol);
  sum.add(length);
  return sum.value();
}

bool checksum_wish_allowed(Bytes header, Bytes frame, bool negotiated) {
  auto const wish = checksum_wish(header);
  if (!wish) return true;
  bool const in_type = wish->field + kChecksumBytes > kTypeOffset &&
                       wish->field < kTypeOffset + sizeof(std::uint16_t);
  return negotiated && !in_type && wish->field + kChecksumBytes <= frame.size();
}

void complete_checksum(Bytes header, MutableBytes frame) {
  auto const wish = checksum_wish(header);
  if (!wish) return;
  OnesComplementSum sum;
  sum.add(frame.subspan(wish->start));
  // To UDP a 0 would say "none"; to others both zeros of the one's complement are the same.
  std::uint16_t const checksum = sum.value() == 0xFFFF ? 0xFFFF : std::uint16_t(~sum.value());
  store_be<std::uint16_t>(&frame[wish->field], checksum);
}

bool transport_checksum_right(Bytes frame) {
  auto const packet = parse_frame(frame);
  if (!packet || !is_checkable(*packet)) return false;
  OnesComplementSum sum;
  sum.add(pseudo_header_sum(packet->addresses, packet->protocol,
                            static_cast<std::uint16_t>(packet->segment.size())));
  sum.add(packet->segment);
  return sum.is_right();
}

}  // namespace ringside::model
