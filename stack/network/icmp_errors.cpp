#include "stack/network/icmp_errors.hpp"

#include <algorithm>

#include "stack/header/ipv4.hpp"

namespace ringside::stack {
namespace {

// All of an error, its own IPv4 header included (RFC 1812, 4.3.2.3).
constexpr std::size_t kMaxError = 576;
constexpr std::size_t kMaxQuote = kMaxError - Ipv4Header::kSize - IcmpHeader::kSize;

}  // namespace

void IcmpErrors::report(IcmpType type, std::uint8_t code, std::uint32_t rest, Bytes datagram,
                        bool link_group) {
  if (!is_due(datagram, link_group)) {
    ++statistics_.not_due;
    return;
  }
  Ipv4Header const about = Ipv4View::of_quoted(datagram)->header();
  if (!within_limits(about.source)) {
    ++statistics_.rate_limited;
    return;
  }
  ++(transmit({type, code, rest}, datagram) ? statistics_.sent : statistics_.not_sent);
}

bool IcmpErrors::is_due(Bytes datagram, bool link_group) const {
  auto const view = Ipv4View::of_quoted(datagram);
  if (!view || link_group) return false;
  Ipv4Header const about = view->header();
  if (about.fragment_offset != 0) return false;
  Ipv4Address const to = about.destination;
  if (to.is_multicast() || network_.is_broadcast(to)) return false;
  Ipv4Address const from = about.source;
  bool const one_host = !from.is_unspecified() && !from.is_multicast() && !from.is_class_e() &&
                        !network_.is_broadcast(from);
  if (!one_host) return false;
  if (about.protocol != kProtocolIcmp) return true;
  return !view->payload().empty() && is_icmp_query(IcmpType{view->payload()[0]});
}

bool IcmpErrors::within_limits(Ipv4Address to) {
  // The multiplier spreads neighbouring addresses over the buckets (Knuth, 6.4).
  std::uint32_t const hash = to.value * 0x9E37'79B1u;
  TokenBucket& bucket = by_destination_[hash >> 26];
  static_assert(kBuckets == 1u << 6);
  TimePoint const now = executor_.now();
  return bucket.take(limits_.each_destination, now) && all_.take(limits_.all, now);
}

bool IcmpErrors::transmit(IcmpHeader const& header, Bytes datagram) {
  PacketBuffer packet = network_.allocate(IcmpHeader::kSize);
  if (!packet) return false;
  Ipv4Header const about = Ipv4View::of_quoted(datagram)->header();
  std::size_t const quoted = std::min({datagram.size(), kMaxQuote, std::size_t{packet.tailroom()}});
  std::copy_n(datagram.begin(), quoted, packet.append(static_cast<std::uint32_t>(quoted)).begin());
  executor_.spend(Work::CopyByte, quoted);
  packet.push(IcmpHeader::kSize);
  header.emit(packet.bytes());

  Ipv4Address source = about.destination;
  if (!network_.is_local(source)) {
    auto const chosen = network_.source_for(about.source);
    if (!chosen) return false;
    source = *chosen;
  }
  SendOptions options;
  options.dont_fragment = false;
  return network_.send(std::move(packet), source, about.source, kProtocolIcmp, options).has_value();
}

}  // namespace ringside::stack
