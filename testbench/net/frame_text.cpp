#include "testbench/net/frame_text.hpp"

#include "stack/header/arp.hpp"
#include "stack/header/ethernet.hpp"
#include "stack/header/icmpv4.hpp"
#include "stack/header/ipv4.hpp"
#include "stack/header/tcp.hpp"
#include "stack/header/udp.hpp"

namespace ringside::testbench {

namespace {

using stack::EtherType;

std::string arp_text(Bytes bytes) {
  auto const packet = stack::ArpPacket::parse(bytes);
  if (!packet) return "broken ARP";
  std::string const sender = packet->sender.to_string();
  if (packet->sender == packet->target) return "ARP announcement of " + sender;
  if (packet->operation == stack::ArpOperation::Reply) {
    return "ARP reply: " + sender + " is at " + stack::to_string(packet->sender_mac);
  }
  return "ARP request: who has " + packet->target.to_string() + "?";
}

std::string to(stack::Ipv4Header const& ip, std::uint16_t port) {
  return " to " + ip.destination.to_string() + ":" + std::to_string(port);
}

std::string tcp_text(stack::Ipv4Header const& ip, Bytes bytes) {
  auto const tcp = stack::parse_tcp(bytes);
  if (!tcp) return "broken TCP";
  stack::TcpHeader const& header = tcp->header;
  std::string text = "TCP";
  if (header.has(stack::kTcpSyn)) text += header.has(stack::kTcpAck) ? " SYN/ACK" : " SYN";
  if (header.has(stack::kTcpFin)) text += " FIN";
  if (header.has(stack::kTcpRst)) text += " RST";
  if (bytes.size() > tcp->size) {
    text += ", " + std::to_string(bytes.size() - tcp->size) + " bytes,";
  } else if (text == "TCP") {
    text += " ACK";
  }
  return text + to(ip, header.destination_port);
}

std::string udp_text(stack::Ipv4Header const& ip, Bytes bytes) {
  auto const udp = stack::UdpView::of(bytes, {ip.source, ip.destination});
  if (!udp) return "broken UDP";
  return "UDP, " + std::to_string(udp->payload().size()) + " bytes," +
         to(ip, udp->header().destination_port);
}

std::string icmp_text(stack::Ipv4Header const& ip, Bytes bytes) {
  auto const icmp = stack::IcmpView::of(bytes);
  if (!icmp) return "broken ICMP";
  stack::IcmpHeader const header = icmp->header();
  std::string const whom = " to " + ip.destination.to_string();
  if (header.type == stack::IcmpType::EchoRequest) return "ICMP echo request" + whom;
  if (header.type == stack::IcmpType::EchoReply) return "ICMP echo reply" + whom;
  return "ICMP type " + std::to_string(static_cast<unsigned>(header.type)) + whom;
}

std::string ip_text(Bytes bytes) {
  auto const ip = stack::Ipv4View::of(bytes);
  if (!ip) return "broken IPv4";
  stack::Ipv4Header const header = ip->header();
  if (header.is_fragment()) return "IPv4 fragment to " + header.destination.to_string();
  switch (header.protocol) {
    case stack::kProtocolTcp:
      return tcp_text(header, ip->payload());
    case stack::kProtocolUdp:
      return udp_text(header, ip->payload());
    case stack::kProtocolIcmp:
      return icmp_text(header, ip->payload());
    default:
      return "IPv4 protocol " + std::to_string(header.protocol) + " to " +
             header.destination.to_string();
  }
}

}  // namespace

std::string frame_text(Bytes contents) {
  auto const ethernet = stack::EthernetHeader::parse(contents);
  if (!ethernet) return "a frame of no known type";
  Bytes const payload = contents.subspan(stack::EthernetHeader::kSize);
  switch (ethernet->type) {
    case EtherType::Arp:
      return arp_text(payload);
    case EtherType::Ipv4:
      return ip_text(payload);
    case EtherType::Ipv6:
      return "IPv6";
  }
  return "a frame of type " + std::to_string(static_cast<unsigned>(ethernet->type));
}

}  // namespace ringside::testbench
