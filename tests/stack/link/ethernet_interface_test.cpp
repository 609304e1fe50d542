#include "stack/link/ethernet_interface.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "tests/stack/fake_device.hpp"
#include "tests/stack/virtual_executor.hpp"

namespace ringside::stack {
namespace {

constexpr MacAddress kOurs{{2, 0, 0, 0, 0, 1}};
constexpr MacAddress kTheirs{{2, 0, 0, 0, 0, 2}};
constexpr MacAddress kGroup{{1, 0, 0x5E, 0, 0, 1}};
constexpr EtherType kType{0x88B5};  // for experiments

struct Recorder final : LinkProtocol {
  void receive(PacketBuffer packet, MacAddress const& source) override {
    packets.push_back(std::move(packet));
    sources.push_back(source);
  }
  void receive_done() override { ++polls; }
  std::vector<PacketBuffer> packets;
  std::vector<MacAddress> sources;
  int polls = 0;
};

class EthernetInterfaceTest : public ::testing::Test {
 protected:
  void inject(MacAddress const& to, EtherType type, std::size_t size = 60) {
    std::vector<std::uint8_t> frame(std::max<std::size_t>(size, EthernetHeader::kSize), 0x77);
    EthernetHeader{to, kTheirs, type}.emit(frame);
    frame.resize(size);
    device_.inject(frame);
  }
  Result<Done, LinkError> send(std::uint8_t mark, std::uint32_t size = 100) {
    PacketBuffer packet = device_.pool().allocate(kLinkHeadroom);
    auto const bytes = packet.append(size);
    std::fill(bytes.begin(), bytes.end(), mark);
    return link_.transmit(std::move(packet), kTheirs, kType, false);
  }

  VirtualExecutor executor_;
  VirtualWire wire_{executor_};
  FakeNetDevice device_{wire_, kOurs};
  FakeNetDevice peer_{wire_, kTheirs};
  EthernetInterface link_{device_};
  Recorder protocol_;
};

TEST_F(EthernetInterfaceTest, HandsPayloadAndSourceToTheProtocolOfTheType) {
  link_.register_protocol(kType, protocol_);
  inject(kOurs, kType, 64);
  executor_.run_until_idle();
  ASSERT_EQ(protocol_.packets.size(), 1u);
  EXPECT_EQ(protocol_.packets[0].size(), 50u);
  EXPECT_EQ(protocol_.sources[0], kTheirs);
  EXPECT_FALSE(protocol_.packets[0].info().link_broadcast);
  EXPECT_EQ(protocol_.polls, 1);
  EXPECT_EQ(link_.statistics().rx_delivered, 1u);
}

TEST_F(EthernetInterfaceTest, E05_DropsFramesForOthersAndForGroupsNotJoined) {
  link_.register_protocol(kType, protocol_);
  inject(kTheirs, kType);
  inject(kGroup, kType);
  executor_.run_until_idle();
  EXPECT_TRUE(protocol_.packets.empty());
  EXPECT_EQ(link_.statistics().rx_not_for_us, 2u);
}

TEST_F(EthernetInterfaceTest, E07_MarksBroadcastAndMulticast) {
  link_.register_protocol(kType, protocol_);
  EXPECT_TRUE(link_.join(kGroup));
  inject(kBroadcastMac, kType);
  inject(kGroup, kType);
  executor_.run_until_idle();
  ASSERT_EQ(protocol_.packets.size(), 2u);
  EXPECT_TRUE(protocol_.packets[0].info().link_broadcast);
  EXPECT_FALSE(protocol_.packets[0].info().link_multicast);
  EXPECT_FALSE(protocol_.packets[1].info().link_broadcast);
  EXPECT_TRUE(protocol_.packets[1].info().link_multicast);
}

TEST_F(EthernetInterfaceTest, CountsWhatItCannotUnderstand) {
  link_.register_protocol(kType, protocol_);
  inject(kOurs, EtherType{100});  // an 802.3 length
  inject(kOurs, kType, 13);
  inject(kOurs, EtherType::Ipv6);
  executor_.run_until_idle();
  EXPECT_TRUE(protocol_.packets.empty());
  EXPECT_EQ(link_.statistics().rx_malformed, 2u);
  EXPECT_EQ(link_.statistics().rx_unknown_protocol, 1u);
}

TEST_F(EthernetInterfaceTest, LooksBehindNoTagAndHeedsNoPause) {
  link_.register_protocol(kType, protocol_);
  for (std::uint16_t const type : {0x8100, 0x88A8, 0x9100, 0x8808}) {
    inject(kOurs, EtherType{type});
  }
  executor_.run_until_idle();
  EXPECT_TRUE(protocol_.packets.empty());
  EXPECT_EQ(link_.statistics().rx_unknown_protocol, 4u);
}

TEST_F(EthernetInterfaceTest, JoinsABoundedNumberOfGroups) {
  MacAddress group = kGroup;
  for (std::size_t i = 0; i < EthernetInterface::kMaxGroups; ++i) {
    group.bytes[5] = static_cast<std::uint8_t>(i);
    EXPECT_TRUE(link_.join(group));
  }
  EXPECT_TRUE(link_.join(group));  // again
  group.bytes[5] = 0xFF;
  EXPECT_FALSE(link_.join(group));
}

TEST_F(EthernetInterfaceTest, KeepsOrderWhenTheDeviceIsFull) {
  device_.ring_size = 2;
  for (std::uint8_t i = 0; i < 20; ++i) ASSERT_TRUE(send(i).has_value());
  EXPECT_EQ(link_.backlog(), 18u);
  executor_.run_until_idle();
  EXPECT_EQ(link_.backlog(), 0u);
  ASSERT_EQ(wire_.log.size(), 20u);
  for (std::uint8_t i = 0; i < 20; ++i) EXPECT_EQ(wire_.log[i].bytes[20], i);
  EXPECT_EQ(link_.statistics().tx_given_to_device, 20u);
  EXPECT_EQ(link_.statistics().tx_backlogged, 18u);
}

TEST_F(EthernetInterfaceTest, LetsNoPacketOvertakeThoseThatWait) {
  device_.ring_size = 1;
  for (std::uint8_t i = 0; i < 3; ++i) ASSERT_TRUE(send(i).has_value());
  device_.ring_size = 10;  // room that the device has not told of yet
  ASSERT_TRUE(send(3).has_value());
  executor_.run_until_idle();
  ASSERT_EQ(wire_.log.size(), 4u);
  for (std::uint8_t i = 0; i < 4; ++i) EXPECT_EQ(wire_.log[i].bytes[20], i);
}

TEST_F(EthernetInterfaceTest, BoundsItsBacklogAndCountsWhatItDrops) {
  device_.ring_size = 1;
  std::size_t const room = 1 + EthernetInterface::kMaxBacklog;
  for (std::size_t i = 0; i < room; ++i) ASSERT_TRUE(send(1).has_value());
  EXPECT_EQ(send(2).error(), LinkError::QueueFull);
  EXPECT_EQ(link_.statistics().tx_dropped, 1u);
  executor_.run_until_idle();
  EXPECT_EQ(wire_.log.size(), room);
}

TEST_F(EthernetInterfaceTest, DropsItsBacklogWhenTheLinkGoesDown) {
  device_.ring_size = 1;
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(send(1).has_value());
  device_.set_link(false);
  EXPECT_EQ(link_.backlog(), 0u);
  EXPECT_EQ(link_.statistics().tx_dropped, 4u);
  EXPECT_EQ(send(1).error(), LinkError::LinkDown);
  device_.set_link(true);
  executor_.run_until_idle();
  EXPECT_TRUE(send(1).has_value());
}

TEST_F(EthernetInterfaceTest, RefusesWhatExceedsTheMtu) {
  EXPECT_TRUE(send(1, 1500).has_value());
  EXPECT_EQ(send(1, 1501).error(), LinkError::TooLong);
}

}  // namespace
}  // namespace ringside::stack
