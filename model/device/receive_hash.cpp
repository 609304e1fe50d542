#include "model/device/receive_hash.hpp"

#include <optional>
#include <vector>

#include "model/device/network_layer.hpp"

namespace ringside::model {
namespace {

constexpr std::uint8_t kHopByHop = 0;
constexpr std::uint8_t kTcp = 6;
constexpr std::uint8_t kUdp = 17;
constexpr std::uint8_t kRouting = 43;
constexpr std::uint8_t kDestinationOptions = 60;
constexpr std::size_t kPortBytes = 4;

struct Flow {
  bool ipv4 = false;
  Bytes addresses;  // source and destination
  Bytes ports;      // source and destination, or none
  std::uint8_t protocol = 0;
};

std::optional<Flow> parse_ipv4(Bytes bytes) {
  constexpr std::size_t kShortest = 20;
  constexpr std::uint16_t kFragment = 0x3FFF;  // more fragments, or an offset
  std::size_t const header = std::size_t{4} * (bytes[0] & 15);
  if (bytes[0] >> 4 != 4 || header < kShortest) return std::nullopt;
  Flow flow{.ipv4 = true, .addresses = bytes.subspan(12, 8), .ports = {}, .protocol = bytes[9]};
  std::size_t const total = load_be<std::uint16_t>(&bytes[2]);
  bool const whole = (load_be<std::uint16_t>(&bytes[6]) & kFragment) == 0;
  if (whole && header + kPortBytes <= total && header + kPortBytes <= bytes.size()) {
    flow.ports = bytes.subspan(header, kPortBytes);
  }
  return flow;
}

std::optional<Flow> parse_ipv6(Bytes bytes) {
  constexpr std::size_t kHeader = 40;
  constexpr std::size_t kExtensionUnit = 8;
  if (bytes[0] >> 4 != 6) return std::nullopt;
  Flow flow{.ipv4 = false, .addresses = bytes.subspan(8, 32), .ports = {}, .protocol = bytes[6]};
  std::size_t const end = kHeader + load_be<std::uint16_t>(&bytes[4]);
  std::size_t at = kHeader;
  while (flow.protocol == kHopByHop || flow.protocol == kRouting ||
         flow.protocol == kDestinationOptions) {
    if (at + 2 > bytes.size()) return flow;
    flow.protocol = bytes[at];
    at += kExtensionUnit * (std::size_t{bytes[at + 1]} + 1);
  }
  if (at + kPortBytes <= end && at + kPortBytes <= bytes.size()) {
    flow.ports = bytes.subspan(at, kPortBytes);
  }
  return flow;
}

std::optional<Flow> parse(Bytes frame) {
  auto const [type, bytes] = network_layer(frame);
  if (type == kIpv4Type) return parse_ipv4(bytes);
  if (type == kIpv6Type) return parse_ipv6(bytes);
  return std::nullopt;
}

// Types and reports are numbered alike: addresses, those with ports of TCP, those with ports of
// UDP.
constexpr unsigned kIpv4 = layout::find(layout::kHashTypes, "ipv4").value;
constexpr unsigned kIpv6 = layout::find(layout::kHashTypes, "ipv6").value;
constexpr unsigned kWithTcp = layout::find(layout::kHashTypes, "tcpv4").value - kIpv4;
constexpr unsigned kWithUdp = layout::find(layout::kHashTypes, "udpv4").value - kIpv4;
constexpr unsigned kFirstReport = layout::find(layout::kHashReports, "ipv4").value - kIpv4;

bool enabled(std::uint32_t types, unsigned type) { return (types >> type & 1) != 0; }

}  // namespace

std::uint32_t toeplitz(Bytes input, HashKey const& key) {
  std::uint32_t hash = 0;
  std::uint32_t window = load_be<std::uint32_t>(key.data());
  for (std::size_t i = 0; i < input.size(); ++i) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      if ((input[i] << bit & 0x80) != 0) hash ^= window;
      window = window << 1 | (key[i + 4] >> (7 - bit) & 1U);
    }
  }
  return hash;
}

FlowHash flow_hash(Bytes frame, std::uint32_t types, HashKey const& key) {
  auto const flow = parse(frame);
  if (!flow) return {};
  unsigned const addresses = flow->ipv4 ? kIpv4 : kIpv6;
  std::vector<std::uint8_t> input(flow->addresses.begin(), flow->addresses.end());
  if (!flow->ports.empty() && (flow->protocol == kTcp || flow->protocol == kUdp)) {
    unsigned const type = addresses + (flow->protocol == kTcp ? kWithTcp : kWithUdp);
    if (enabled(types, type)) {
      input.insert(input.end(), flow->ports.begin(), flow->ports.end());
      return {static_cast<std::uint8_t>(type + kFirstReport), toeplitz(input, key)};
    }
  }
  if (!enabled(types, addresses)) return {};
  return {static_cast<std::uint8_t>(addresses + kFirstReport), toeplitz(input, key)};
}

}  // namespace ringside::model
