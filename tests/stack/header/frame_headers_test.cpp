// Ethernet, ARP, ICMP and UDP; each is small.
#include <gtest/gtest.h>

#include "stack/header/arp.hpp"
#include "stack/header/ethernet.hpp"
#include "stack/header/icmpv4.hpp"
#include "stack/header/udp.hpp"
#include "tests/stack/hex.hpp"

namespace ringside::stack {
namespace {

constexpr MacAddress kOurs{{2, 0, 0, 0, 0, 1}};
constexpr Ipv4Address kClient = Ipv4Address::of(10, 0, 0, 1);
constexpr Ipv4Address kServer = Ipv4Address::of(10, 0, 0, 2);

// V17, without padding.
constexpr char kArpRequest[] =
    "FFFFFFFFFFFF 020000000001 0806"
    "0001 0800 06 04 0001 020000000001 0A000001 000000000000 0A000002";

TEST(EthernetHeader, ParsesAndEmitsTheSameBytes) {
  auto const frame = from_hex(kArpRequest);
  auto const header = EthernetHeader::parse(frame);
  ASSERT_TRUE(header.has_value());
  EXPECT_EQ(*header, (EthernetHeader{kBroadcastMac, kOurs, EtherType::Arp}));
  std::vector<std::uint8_t> emitted(EthernetHeader::kSize);
  header->emit(emitted);
  EXPECT_TRUE(std::equal(emitted.begin(), emitted.end(), frame.begin()));
}

TEST(EthernetHeader, E01_RefusesALengthInPlaceOfAType) {
  auto frame = from_hex(kArpRequest);
  store_be(&frame[12], std::uint16_t{1500});
  EXPECT_FALSE(EthernetHeader::parse(frame).has_value());
  store_be(&frame[12], std::uint16_t{0x0600});
  EXPECT_TRUE(EthernetHeader::parse(frame).has_value());
  EXPECT_FALSE(EthernetHeader::parse(Bytes(frame).first(13)).has_value());
}

TEST(EthernetHeader, E06_MapsAGroupToItsLow23Bits) {
  EXPECT_EQ(to_string(multicast_mac(Ipv4Address::of(224, 0, 0, 1))), "01:00:5e:00:00:01");
  EXPECT_EQ(to_string(multicast_mac(Ipv4Address::of(239, 255, 1, 2))), "01:00:5e:7f:01:02");
}

TEST(ArpPacket, ParsesAndEmitsTheSameBytes) {
  auto const frame = from_hex(kArpRequest);
  Bytes const body = Bytes(frame).subspan(EthernetHeader::kSize);
  auto const packet = ArpPacket::parse(body);
  ASSERT_TRUE(packet.has_value());
  EXPECT_EQ(*packet, (ArpPacket{ArpOperation::Request, kOurs, kClient, {}, kServer}));
  std::vector<std::uint8_t> emitted(ArpPacket::kSize);
  packet->emit(emitted);
  EXPECT_TRUE(std::equal(emitted.begin(), emitted.end(), body.begin(), body.end()));
}

TEST(ArpPacket, A01_RefusesOtherHardwareProtocolAndLengths) {
  auto const frame = from_hex(kArpRequest);
  for (std::size_t const at : {0u, 1u, 2u, 3u, 4u, 5u}) {
    std::vector<std::uint8_t> body(frame.begin() + 14, frame.end());
    body[at] ^= 0x10;
    EXPECT_FALSE(ArpPacket::parse(body).has_value()) << at;
  }
  EXPECT_FALSE(ArpPacket::parse(Bytes(frame).subspan(14, 27)).has_value());
}

TEST(IcmpHeader, ParsesWhatItEmitted) {
  std::vector<std::uint8_t> message(13, 0x5A);
  IcmpHeader const header{IcmpType::EchoRequest, 0, IcmpHeader::echo(0x1234, 7)};
  header.emit(message);
  auto const view = IcmpView::of(message);
  ASSERT_TRUE(view.has_value());
  EXPECT_EQ(view->header(), header);
  EXPECT_EQ(view->header().identifier(), 0x1234);
  EXPECT_EQ(view->header().sequence(), 7);
  EXPECT_EQ(view->body().size(), 5u);
}

TEST(IcmpView, IC01_RefusesAWrongChecksumAndAShortMessage) {
  std::vector<std::uint8_t> message(8);
  IcmpHeader{}.emit(message);
  for (auto& byte : message) {
    byte ^= 4;
    EXPECT_EQ(IcmpView::of(message).error(), IcmpHeaderError::BadChecksum);
    byte ^= 4;
  }
  EXPECT_EQ(IcmpView::of(Bytes(message).first(7)).error(), IcmpHeaderError::TooShort);
}

std::vector<std::uint8_t> datagram(std::vector<std::uint8_t> const& payload) {
  std::vector<std::uint8_t> bytes(UdpHeader::kSize + payload.size());
  std::copy(payload.begin(), payload.end(), bytes.begin() + UdpHeader::kSize);
  UdpHeader{1000, 2000}.emit(bytes, kClient, kServer);
  return bytes;
}

TEST(UdpHeader, EmitsTheChecksumOfTheVector) {
  EXPECT_EQ(datagram(from_hex("68656C6C6F")), from_hex("03E807D0 000D9C47 68656C6C6F"));  // V27
}

TEST(UdpHeader, U02_SendsAChecksumOfZeroAsAllOnes) {
  EXPECT_EQ(datagram(from_hex("E01F")), from_hex("03E807D0 000AFFFF E01F"));  // V28
}

TEST(UdpView, U01_ChecksTheLengthAndIgnoresWhatLiesBehindIt) {
  auto bytes = datagram({1, 2, 3});
  bytes.resize(bytes.size() + 9, 0xAA);
  UdpChecksumContext const context{kClient, kServer, false};
  auto const view = UdpView::of(bytes, context);
  ASSERT_TRUE(view.has_value());
  EXPECT_EQ(view->payload().size(), 3u);
  EXPECT_EQ(view->header(), (UdpHeader{1000, 2000}));

  EXPECT_EQ(UdpView::of(Bytes(bytes).first(7), context).error(), UdpHeaderError::TooShort);
  EXPECT_EQ(UdpView::of(Bytes(bytes).first(10), context).error(), UdpHeaderError::BadLength);
  store_be(&bytes[4], std::uint16_t{7});
  EXPECT_EQ(UdpView::of(bytes, context).error(), UdpHeaderError::BadLength);
}

TEST(UdpView, U03_TakesZeroForNoChecksumAndRefusesAnyOtherWrongOne) {
  auto bytes = datagram({1, 2, 3});
  bytes[9] ^= 1;
  UdpChecksumContext const context{kClient, kServer, false};
  EXPECT_EQ(UdpView::of(bytes, context).error(), UdpHeaderError::BadChecksum);
  store_be(&bytes[6], std::uint16_t{0});
  EXPECT_TRUE(UdpView::of(bytes, context).has_value());
}

TEST(UdpView, TakesAllOnesForAChecksumThatIsRight) {  // V28
  auto bytes = from_hex("03E807D0 000AFFFF E01F");
  UdpChecksumContext const context{kClient, kServer, false};
  EXPECT_TRUE(UdpView::of(bytes, context).has_value());
  bytes[8] ^= 0x80;
  EXPECT_EQ(UdpView::of(bytes, context).error(), UdpHeaderError::BadChecksum);
}

TEST(UdpView, DoesNotRepeatTheDevicesCheck) {
  auto bytes = datagram({1, 2, 3});
  bytes[9] ^= 1;
  EXPECT_TRUE(UdpView::of(bytes, {kClient, kServer, true}).has_value());
}

}  // namespace
}  // namespace ringside::stack
