#include "testbench/net/frame_text.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "stack/header/arp.hpp"
#include "stack/header/ethernet.hpp"
#include "stack/header/icmpv4.hpp"
#include "stack/header/ipv4.hpp"
#include "stack/header/tcp.hpp"
#include "stack/header/udp.hpp"

namespace ringside::testbench {
namespace {

using stack::EtherType;
using stack::Ipv4Address;

constexpr Ipv4Address kHere = Ipv4Address::of(10, 0, 0, 1);
constexpr Ipv4Address kThere = Ipv4Address::of(10, 0, 0, 2);

std::vector<std::uint8_t> ethernet(EtherType type, std::vector<std::uint8_t> const& payload) {
  std::vector<std::uint8_t> frame(stack::EthernetHeader::kSize);
  stack::EthernetHeader{{}, {}, type}.emit(frame);
  frame.insert(frame.end(), payload.begin(), payload.end());
  frame.resize(std::max<std::size_t>(60, frame.size()));
  return frame;
}

std::vector<std::uint8_t> arp(stack::ArpOperation operation, Ipv4Address target) {
  std::vector<std::uint8_t> packet(stack::ArpPacket::kSize);
  stack::ArpPacket{operation, {{2, 0, 0, 0, 0, 1}}, kHere, {}, target}.emit(packet);
  return ethernet(EtherType::Arp, packet);
}

std::vector<std::uint8_t> ip(std::uint8_t protocol, std::vector<std::uint8_t> const& payload) {
  std::vector<std::uint8_t> packet(stack::Ipv4Header::kSize);
  stack::Ipv4Header header;
  header.protocol = protocol;
  header.time_to_live = 64;
  header.source = kHere;
  header.destination = kThere;
  header.total_length = static_cast<std::uint16_t>(packet.size() + payload.size());
  header.emit(packet);
  packet.insert(packet.end(), payload.begin(), payload.end());
  return ethernet(EtherType::Ipv4, packet);
}

std::vector<std::uint8_t> tcp(std::uint8_t flags, std::size_t bytes = 0) {
  stack::TcpHeader header;
  header.source_port = 50'000;
  header.destination_port = 80;
  header.flags = flags;
  std::vector<std::uint8_t> segment(header.emitted_size() + bytes);
  stack::emit_tcp(header, segment);
  return ip(stack::kProtocolTcp, segment);
}

TEST(FrameText, TellsWhatArpAsksAnswersAndAnnounces) {
  EXPECT_EQ(frame_text(arp(stack::ArpOperation::Request, kThere)),
            "ARP request: who has 10.0.0.2?");
  EXPECT_EQ(frame_text(arp(stack::ArpOperation::Reply, kThere)),
            "ARP reply: 10.0.0.1 is at 02:00:00:00:00:01");
  EXPECT_EQ(frame_text(arp(stack::ArpOperation::Request, kHere)), "ARP announcement of 10.0.0.1");
}

TEST(FrameText, NamesTheFlagsThatMatterAndThePayload) {
  EXPECT_EQ(frame_text(tcp(stack::kTcpSyn)), "TCP SYN to 10.0.0.2:80");
  EXPECT_EQ(frame_text(tcp(stack::kTcpSyn | stack::kTcpAck)), "TCP SYN/ACK to 10.0.0.2:80");
  EXPECT_EQ(frame_text(tcp(stack::kTcpAck)), "TCP ACK to 10.0.0.2:80");
  EXPECT_EQ(frame_text(tcp(stack::kTcpAck, 7)), "TCP, 7 bytes, to 10.0.0.2:80");
  EXPECT_EQ(frame_text(tcp(stack::kTcpAck | stack::kTcpFin, 7)),
            "TCP FIN, 7 bytes, to 10.0.0.2:80");
  EXPECT_EQ(frame_text(tcp(stack::kTcpRst)), "TCP RST to 10.0.0.2:80");
}

TEST(FrameText, KnowsUdpAndIcmp) {
  std::vector<std::uint8_t> datagram(stack::UdpHeader::kSize + 5);
  stack::UdpHeader{4000, 53}.emit(datagram, kHere, kThere);
  EXPECT_EQ(frame_text(ip(stack::kProtocolUdp, datagram)), "UDP, 5 bytes, to 10.0.0.2:53");
  std::vector<std::uint8_t> echo(stack::IcmpHeader::kSize);
  stack::IcmpHeader{}.emit(echo);
  EXPECT_EQ(frame_text(ip(stack::kProtocolIcmp, echo)), "ICMP echo request to 10.0.0.2");
}

// A frame may be damaged anywhere, or cut off: something is said, and nothing behind it is read.
TEST(FrameText, SaysSomethingAboutEveryPieceOfAFrame) {
  std::vector<std::uint8_t> const whole = tcp(stack::kTcpAck, 40);
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    std::vector<std::uint8_t> const piece(whole.begin(),
                                          whole.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_FALSE(frame_text(piece).empty()) << size;
  }
  EXPECT_EQ(frame_text(Bytes(whole).first(30)), "broken IPv4");
  EXPECT_EQ(frame_text({}), "a frame of no known type");
}

}  // namespace
}  // namespace ringside::testbench
