#include "stack/link/arp.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "tests/stack/fake_device.hpp"
#include "tests/stack/virtual_executor.hpp"

namespace ringside::stack {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kSeed = 0x5EED'0004;
constexpr MacAddress kOurMac{{2, 0, 0, 0, 0, 1}};
constexpr MacAddress kPeerMac{{2, 0, 0, 0, 0, 2}};
constexpr Ipv4Address kOurs = Ipv4Address::of(10, 9, 0, 1);
constexpr Ipv4Address kPeer = Ipv4Address::of(10, 9, 0, 2);
constexpr Ipv4Prefix kSubnet{kOurs, 24};

class ArpTest : public ::testing::Test {
 protected:
  void set_up_address() {
    arp_.set_address(kOurs, kSubnet);
    executor_.run_until_idle();
    wire_.log.clear();
  }
  void hear(ArpPacket const& packet, MacAddress const& to = kOurMac) {
    std::vector<std::uint8_t> frame(60);
    EthernetHeader{to, packet.sender_mac, EtherType::Arp}.emit(frame);
    packet.emit(MutableBytes(frame).subspan(EthernetHeader::kSize));
    device_.inject(frame);
    executor_.run_for(1us);
  }
  // The ARP packets that we sent since set_up_address().
  std::vector<ArpPacket> said() {
    executor_.run_for(1us);
    std::vector<ArpPacket> packets;
    for (SentFrame const& frame : wire_.log) {
      if (auto const packet = ArpPacket::parse(Bytes(frame.bytes).subspan(14))) {
        packets.push_back(*packet);
      }
    }
    return packets;
  }
  std::optional<Neighbour> peer() { return arp_.neighbours().find(kPeer); }

  VirtualExecutor executor_;
  VirtualWire wire_{executor_};
  FakeNetDevice device_{wire_, kOurMac};
  EthernetInterface link_{device_};
  Silence silence_;
  Arp arp_{link_, executor_, silence_, Random(kSeed)};
};

TEST_F(ArpTest, A12_AnnouncesAnAddressWhenItIsSet) {
  arp_.set_address(kOurs, kSubnet);
  executor_.run_until_idle();
  ASSERT_EQ(said().size(), 1u);
  EXPECT_EQ(said()[0], (ArpPacket{ArpOperation::Request, kOurMac, kOurs, {}, kOurs}));
  EXPECT_EQ(EthernetHeader::parse(wire_.log[0].bytes)->destination, kBroadcastMac);
}

TEST_F(ArpTest, A04_AnswersARequestForItsAddressAndRemembersWhoAsked) {
  set_up_address();
  hear({ArpOperation::Request, kPeerMac, kPeer, {}, kOurs}, kBroadcastMac);
  ASSERT_EQ(said().size(), 1u);
  EXPECT_EQ(said()[0], (ArpPacket{ArpOperation::Reply, kOurMac, kOurs, kPeerMac, kPeer}));
  EXPECT_EQ(EthernetHeader::parse(wire_.log[0].bytes)->destination, kPeerMac);
  ASSERT_TRUE(peer().has_value());
  EXPECT_EQ(peer()->mac, kPeerMac);
  EXPECT_EQ(peer()->state, NeighbourState::Stale);
}

TEST_F(ArpTest, A05_StaysSilentAboutOtherAddresses) {
  set_up_address();
  hear({ArpOperation::Request, kPeerMac, kPeer, {}, Ipv4Address::of(10, 9, 0, 3)}, kBroadcastMac);
  EXPECT_TRUE(said().empty());
  EXPECT_FALSE(peer().has_value());
}

TEST_F(ArpTest, AnswersNothingBeforeItHasAnAddress) {
  hear({ArpOperation::Request, kPeerMac, kPeer, {}, {}}, kBroadcastMac);
  EXPECT_TRUE(said().empty());
}

TEST_F(ArpTest, A02_MergesWhateverTheOperation) {
  set_up_address();
  hear({ArpOperation::Request, kPeerMac, kPeer, {}, kOurs}, kBroadcastMac);
  MacAddress const moved{{2, 0, 0, 0, 0, 7}};
  hear({ArpOperation{99}, moved, kPeer, {}, Ipv4Address::of(10, 9, 0, 3)}, kBroadcastMac);
  EXPECT_EQ(peer()->mac, moved);
}

TEST_F(ArpTest, A12_AGratuitousPacketUpdatesButDoesNotCreate) {
  set_up_address();
  hear({ArpOperation::Reply, kPeerMac, kPeer, kPeerMac, kPeer}, kBroadcastMac);
  EXPECT_FALSE(peer().has_value());
}

TEST_F(ArpTest, A14_NeverLearnsAddressesThatAreNoHost) {
  set_up_address();
  for (Ipv4Address const sender :
       {Ipv4Address{}, Ipv4Address::of(224, 0, 0, 1), Ipv4Address::of(255, 255, 255, 255),
        Ipv4Address::of(10, 9, 0, 255), Ipv4Address::of(127, 0, 0, 1),
        Ipv4Address::of(192, 168, 1, 1)}) {
    hear({ArpOperation::Request, kPeerMac, sender, {}, kOurs}, kBroadcastMac);
    EXPECT_FALSE(arp_.neighbours().find(sender).has_value()) << sender.to_string();
  }
  EXPECT_EQ(arp_.neighbours().size(), 0u);
}

TEST_F(ArpTest, IgnoresSendersThatAreNoStation) {
  set_up_address();
  hear({ArpOperation::Request, kBroadcastMac, kPeer, {}, kOurs});
  hear({ArpOperation::Request, MacAddress{}, kPeer, {}, kOurs});
  EXPECT_TRUE(said().empty());
  EXPECT_EQ(arp_.statistics().malformed, 2u);
}

TEST_F(ArpTest, A13_AnswersAnAddressProbe) {
  set_up_address();
  hear({ArpOperation::Request, kPeerMac, {}, {}, kOurs}, kBroadcastMac);
  ASSERT_EQ(said().size(), 1u);
  EXPECT_EQ(said()[0].target, Ipv4Address{});
}

TEST_F(ArpTest, A14_ReportsWhoClaimsItsAddress) {
  set_up_address();
  std::vector<MacAddress> claimants;
  arp_.on_conflict([&](MacAddress const& mac) { claimants.push_back(mac); });
  hear({ArpOperation::Request, kPeerMac, kOurs, {}, kOurs}, kBroadcastMac);
  EXPECT_EQ(claimants, std::vector<MacAddress>{kPeerMac});
  EXPECT_EQ(arp_.statistics().conflicts, 1u);
  EXPECT_FALSE(arp_.neighbours().find(kOurs).has_value());
  // Our own announcement, back through a loop in the network, is none.
  hear({ArpOperation::Request, kOurMac, kOurs, {}, kOurs}, kBroadcastMac);
  EXPECT_EQ(arp_.statistics().conflicts, 1u);
}

TEST_F(ArpTest, HoldsADatagramUntilTheAnswerAndSendsItThere) {
  set_up_address();
  PacketBuffer packet = device_.pool().allocate(kLinkHeadroom);
  packet.append(46)[0] = 0x45;
  EXPECT_TRUE(arp_.send(std::move(packet), kPeer, false).has_value());
  ASSERT_EQ(said().size(), 1u);
  EXPECT_EQ(said()[0], (ArpPacket{ArpOperation::Request, kOurMac, kOurs, {}, kPeer}));
  wire_.log.clear();
  hear({ArpOperation::Reply, kPeerMac, kPeer, kOurMac, kOurs});
  executor_.run_until_idle();
  ASSERT_EQ(wire_.log.size(), 1u);
  EXPECT_EQ(*EthernetHeader::parse(wire_.log[0].bytes),
            (EthernetHeader{kPeerMac, kOurMac, EtherType::Ipv4}));
  EXPECT_EQ(peer()->state, NeighbourState::Reachable);
}

TEST_F(ArpTest, A09_GivesADatagramBackWhenNobodyAnswers) {
  set_up_address();
  int returned = 0;
  arp_.on_unreachable([&](PacketBuffer packet) { returned += packet.valid(); });
  PacketBuffer packet = device_.pool().allocate(kLinkHeadroom);
  packet.append(46);
  EXPECT_TRUE(arp_.send(std::move(packet), kPeer, false).has_value());
  executor_.run_until_idle();
  EXPECT_EQ(said().size(), 3u);
  EXPECT_EQ(returned, 1);
}

TEST_F(ArpTest, SurvivesAnEmptyPool) {
  set_up_address();
  std::vector<PacketBuffer> held;
  while (auto packet = device_.pool().allocate(0)) held.push_back(std::move(packet));
  held.pop_back();  // the request itself needs one
  hear({ArpOperation::Request, kPeerMac, kPeer, {}, kOurs}, kBroadcastMac);
  EXPECT_TRUE(said().empty());
  EXPECT_EQ(arp_.statistics().no_buffer, 1u);
}

}  // namespace
}  // namespace ringside::stack
