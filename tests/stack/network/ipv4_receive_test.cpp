#include <gtest/gtest.h>

#include "stack/header/internet_checksum.hpp"
#include "tests/stack/recording_transport.hpp"
#include "tests/stack/two_hosts.hpp"

namespace ringside::stack {
namespace {

constexpr std::uint8_t kProtocol = 200;

class Ipv4Receive : public ::testing::Test, protected TwoHosts {
 protected:
  Ipv4Receive() { right.ipv4().register_protocol(kProtocol, transport); }

  void receive(Ipv4Header const& header, MacAddress const& to = kRightMac) {
    inject(header, {1, 2, 3, 4}, to);
    executor.run_until_idle();
  }
  // A frame with the IPv4 header changed by `change`, its checksum right again.
  template <class Change>
  void receive_changed(Change change, std::vector<std::uint8_t> const& options = {}) {
    std::vector<std::uint8_t> frame(60 + options.size());
    EthernetHeader{kRightMac, kLeftMac, EtherType::Ipv4}.emit(frame);
    Ipv4Header header = to_right(kProtocol);
    header.total_length = static_cast<std::uint16_t>(24 + options.size());
    header.emit(MutableBytes(frame).subspan(14));
    std::copy(options.begin(), options.end(), frame.begin() + 34);
    frame[14] = static_cast<std::uint8_t>(0x45 + options.size() / 4);
    change(&frame[14]);
    store_be(&frame[24], std::uint16_t{0});
    store_be(&frame[24], internet_checksum(Bytes(frame).subspan(14, 20 + options.size())));
    right_device.inject(frame);
    executor.run_until_idle();
  }
  Ipv4Statistics const& counts() { return right.ipv4().statistics(); }
  // Nothing was delivered, and nothing was said about it.
  void expect_silence() {
    EXPECT_TRUE(transport.received.empty());
    EXPECT_TRUE(datagrams(1).empty());
  }

  RecordingTransport transport;
};

TEST_F(Ipv4Receive, DeliversADatagramWithWhatIsKnownOfIt) {
  Ipv4Header header = to_right(kProtocol);
  header.traffic_class = 0x2E;
  header.time_to_live = 1;  // I-10: small, but it has arrived
  receive(header);
  ASSERT_EQ(transport.received.size(), 1u);
  auto const& [bytes, from] = transport.received[0];
  EXPECT_EQ(bytes, (std::vector<std::uint8_t>{1, 2, 3, 4}));  // E-03: padding trimmed
  EXPECT_EQ(from.source, kLeft);
  EXPECT_EQ(from.destination, kRight);
  EXPECT_EQ(from.time_to_live, 1);
  EXPECT_EQ(from.traffic_class, 0x2E);
  EXPECT_FALSE(from.broadcast);
  EXPECT_EQ(transport.polls, 1);
  EXPECT_EQ(counts().in_delivers, 1u);
}

TEST_F(Ipv4Receive, I01_DropsAnotherVersion) {
  receive_changed([](std::uint8_t* at) { at[0] = 0x55; });
  expect_silence();
  EXPECT_EQ(counts().in_header_errors, 1u);
}

TEST_F(Ipv4Receive, I02_DropsALengthBeyondTheFrame) {
  receive_changed([](std::uint8_t* at) { store_be(at + 2, std::uint16_t{47}); });
  expect_silence();
  EXPECT_EQ(counts().in_header_errors, 1u);
}

TEST_F(Ipv4Receive, I03_DropsAWrongHeaderChecksum) {
  wire.fate = [](unsigned, std::uint64_t, std::vector<std::uint8_t>& frame) {
    frame[24] ^= 1;
    return FrameFate{};
  };
  PacketBuffer packet = left.ipv4().allocate(0);
  packet.append(4);
  left.arp().neighbours().set_permanent(kRight, kRightMac);
  EXPECT_TRUE(left.ipv4().send(std::move(packet), kLeft, kRight, kProtocol, {}).has_value());
  executor.run_until_idle();
  expect_silence();
  EXPECT_EQ(counts().in_checksum_errors, 1u);
}

TEST_F(Ipv4Receive, I05_DropsWhatIsForOthers) {
  Ipv4Header header = to_right(kProtocol);
  header.destination = kAbsent;
  receive(header);
  expect_silence();
  EXPECT_EQ(counts().in_address_errors, 1u);
}

TEST_F(Ipv4Receive, I05_AcceptsTheBroadcastsOfItsLinkAndAllHosts) {
  for (Ipv4Address const to : {Ipv4Address::of(255, 255, 255, 255), Ipv4Address::of(10, 9, 0, 255),
                               Ipv4Address::of(224, 0, 0, 1)}) {
    Ipv4Header header = to_right(kProtocol);
    header.destination = to;
    receive(header, to.is_multicast() ? multicast_mac(to) : kBroadcastMac);
    ASSERT_FALSE(transport.received.empty()) << to.to_string();
    EXPECT_TRUE(transport.received.back().second.broadcast);
  }
  EXPECT_EQ(transport.received.size(), 3u);
  Ipv4Header header = to_right(kProtocol);
  header.destination = Ipv4Address::of(10, 8, 255, 255);  // of another network
  receive(header, kBroadcastMac);
  EXPECT_EQ(transport.received.size(), 3u);
}

TEST_F(Ipv4Receive, I06_I07_DropsSourcesThatCannotBe) {
  std::uint64_t expected = 0;
  for (Ipv4Address const source :
       {Ipv4Address{}, Ipv4Address::of(224, 0, 0, 5), Ipv4Address::of(240, 0, 0, 1),
        Ipv4Address::of(255, 255, 255, 255), Ipv4Address::of(10, 9, 0, 255),
        Ipv4Address::of(127, 0, 0, 1), kRight}) {
    Ipv4Header header = to_right(kProtocol);
    header.source = source;
    receive(header);
    EXPECT_EQ(counts().in_martians, ++expected) << source.to_string();
  }
  expect_silence();
}

TEST_F(Ipv4Receive, I07_DropsALoopbackDestinationFromTheWire) {
  Ipv4Header header = to_right(kProtocol);
  header.destination = Ipv4Address::of(127, 0, 0, 1);
  receive(header);
  expect_silence();
  EXPECT_EQ(counts().in_martians, 1u);
}

TEST_F(Ipv4Receive, I08_DropsAUnicastDatagramInALinkBroadcast) {
  receive(to_right(kProtocol), kBroadcastMac);
  expect_silence();
  EXPECT_EQ(counts().in_link_group_drops, 1u);
}

TEST_F(Ipv4Receive, I12_SkipsOptionsAndAnswersABrokenOneWithAParameterProblem) {
  receive_changed([](std::uint8_t*) {}, {1, 0xE0, 3, 7});
  ASSERT_EQ(transport.received.size(), 1u);
  EXPECT_EQ(transport.received[0].first.size(), 4u);
  EXPECT_TRUE(datagrams(1).empty());

  receive_changed([](std::uint8_t*) {}, {1, 0xE0, 9, 7});
  EXPECT_EQ(transport.received.size(), 1u);
  auto const errors = datagrams(1);
  ASSERT_EQ(errors.size(), 1u);
  auto const message = IcmpView::of(Bytes(errors[0]).subspan(20));
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->header(), (IcmpHeader{IcmpType::ParameterProblem, 0, 21u << 24}));
}

TEST_F(Ipv4Receive, I15_DropsASourceRouteThatLeadsFurther) {
  receive_changed([](std::uint8_t*) {}, {0x83, 7, 4, 10, 9, 0, 1, 0});
  expect_silence();
  EXPECT_EQ(counts().in_source_routed, 1u);
}

TEST_F(Ipv4Receive, DropsAndCountsFragments) {
  Ipv4Header header = to_right(kProtocol);
  header.more_fragments = true;
  receive(header);
  header.more_fragments = false;
  header.fragment_offset = 8;
  receive(header);
  expect_silence();
  EXPECT_EQ(counts().in_fragments, 2u);
}

TEST_F(Ipv4Receive, EveryDatagramEndsInOneCounter) {
  Random fuzz = random.stream("fuzz");
  for (int i = 0; i < 3000; ++i) {
    std::vector<std::uint8_t> frame(14 + fuzz.below(70));
    for (auto& byte : frame) byte = static_cast<std::uint8_t>(fuzz.next());
    EthernetHeader{kRightMac, kLeftMac, EtherType::Ipv4}.emit(frame);
    if (frame.size() >= 34 && fuzz.chance(0.9)) {
      frame[14] = static_cast<std::uint8_t>(0x45 + fuzz.below(3));
      store_be(&frame[16], static_cast<std::uint16_t>(frame.size() - 14));
      if (fuzz.chance(0.8)) store_be(&frame[20], std::uint16_t{0});  // no fragment
      if (fuzz.chance(0.8)) store_be(&frame[26], kLeft.value);
      if (fuzz.chance(0.8)) store_be(&frame[30], kRight.value);
      std::size_t const header = std::min<std::size_t>((frame[14] & 15u) * 4, frame.size() - 14);
      store_be(&frame[24], std::uint16_t{0});
      store_be(&frame[24], internet_checksum(Bytes(frame).subspan(14, header)));
    }
    right_device.inject(frame);
    executor.run_until_idle();
  }
  Ipv4Statistics const& c = counts();
  EXPECT_EQ(c.in_receives, 3000u);
  EXPECT_EQ(c.in_receives, c.in_header_errors + c.in_checksum_errors + c.in_martians +
                               c.in_address_errors + c.in_link_group_drops + c.in_source_routed +
                               c.in_fragments + c.in_unknown_protocols + c.in_no_listener +
                               c.in_delivers)
      << "seed " << kSeed;
  EXPECT_GT(c.in_unknown_protocols + c.in_delivers, 0u);
  EXPECT_EQ(right_device.pool().available(), right_device.pool().size());
}

}  // namespace
}  // namespace ringside::stack
