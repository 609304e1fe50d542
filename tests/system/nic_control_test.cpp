// The control virtqueue (virtio 1.3, 5.1.6.5): each command, and what it changes.
#include "tests/system/control_commands.hpp"

namespace ringside::testbench {
namespace {

using layout::control_command;
using layout::kControlErr;
using layout::kControlOk;

constexpr Session kEverything{.features = layout::kFeaturesOffered};
constexpr MacAddress kOther{{0x02, 0, 0, 0, 0, 0x77}};
constexpr MacAddress kGroup{{0x01, 0x00, 0x5E, 0, 0, 0x01}};

class NicControl : public EveryNicUnderControl {
 protected:
  std::vector<std::uint8_t> turn(std::uint16_t number, bool on) {
    return command(number, {static_cast<std::uint8_t>(on)});
  }
};

TEST_P(NicControl, AcceptsOnlyItsOwnAddressAndBroadcastAtFirstIfTheFilterWasNegotiated) {
  nic.start(kEverything);
  EXPECT_TRUE(passes(frame_to(kStation)));
  EXPECT_TRUE(passes(frame_to(kBroadcastMac)));
  EXPECT_FALSE(passes(frame_to(kOther)));
  EXPECT_FALSE(passes(frame_to(kGroup)));
}

TEST_P(NicControl, AcceptsEverythingWithoutTheFilter) {
  nic.start({.features = layout::kFeaturesOffered & ~layout::kFeatureCtrlRx});
  EXPECT_TRUE(passes(frame_to(kOther)));
  EXPECT_TRUE(passes(frame_to(kGroup)));
  EXPECT_TRUE(passes(frame_to(kOther, 5)));
}

TEST_P(NicControl, PromiscuousAcceptsEverything) {
  nic.start(kEverything);
  ASSERT_TRUE(ask(turn(control_command("rx_promisc"), true)).ok());
  EXPECT_TRUE(passes(frame_to(kOther)));
  EXPECT_TRUE(passes(frame_to(kGroup, 7)));
  ASSERT_TRUE(ask(turn(control_command("rx_promisc"), false)).ok());
  EXPECT_FALSE(passes(frame_to(kOther)));
}

TEST_P(NicControl, FiltersByKindOfAddress) {
  nic.start(kEverything);
  ASSERT_TRUE(ask(turn(control_command("rx_allmulti"), true)).ok());
  EXPECT_TRUE(passes(frame_to(kGroup)));
  EXPECT_FALSE(passes(frame_to(kOther)));
  ASSERT_TRUE(ask(turn(control_command("rx_alluni"), true)).ok());
  EXPECT_TRUE(passes(frame_to(kOther)));
  ASSERT_TRUE(ask(turn(control_command("rx_nomulti"), true)).ok());
  EXPECT_FALSE(passes(frame_to(kGroup)));
  ASSERT_TRUE(ask(turn(control_command("rx_nouni"), true)).ok());
  EXPECT_FALSE(passes(frame_to(kOther)));
  EXPECT_TRUE(passes(frame_to(kStation)));
  EXPECT_TRUE(passes(frame_to(kBroadcastMac)));
  ASSERT_TRUE(ask(turn(control_command("rx_nobcast"), true)).ok());
  EXPECT_FALSE(passes(frame_to(kBroadcastMac)));
}

TEST_P(NicControl, FiltersByATableOfAddressesThatReplacesTheOneBefore) {
  nic.start(kEverything);
  constexpr MacAddress kThird{{0x02, 0, 0, 0, 0, 0x78}};
  ASSERT_TRUE(ask(mac_table({kOther}, {kGroup})).ok());
  EXPECT_TRUE(passes(frame_to(kOther)));
  EXPECT_TRUE(passes(frame_to(kGroup)));
  EXPECT_FALSE(passes(frame_to(kThird)));
  ASSERT_TRUE(ask(mac_table({kThird}, {})).ok());
  EXPECT_FALSE(passes(frame_to(kOther)));
  EXPECT_FALSE(passes(frame_to(kGroup)));
  EXPECT_TRUE(passes(frame_to(kThird)));
}

TEST_P(NicControl, HoldsAsManyAddressesAsItSaysAndAcceptsAllOfAKindBeyond) {
  nic.start(kEverything);
  std::vector<MacAddress> unicast;
  std::vector<MacAddress> multicast;
  for (std::uint8_t i = 0; i < layout::kMacTableSize; ++i) {
    unicast.push_back({{0x02, 1, 0, 0, 0, i}});
    multicast.push_back({{0x03, 1, 0, 0, 0, i}});
  }
  ASSERT_TRUE(ask(mac_table(unicast, multicast)).ok());
  for (std::size_t const i : {0U, 3U, 4U, 15U}) {
    EXPECT_TRUE(passes(frame_to(unicast[i]))) << i;
    EXPECT_TRUE(passes(frame_to(multicast[i]))) << i;
  }
  EXPECT_FALSE(passes(frame_to(kOther)));
  EXPECT_FALSE(passes(frame_to(kGroup)));
  multicast.push_back({{0x03, 1, 0, 0, 0, 200}});
  ASSERT_TRUE(ask(mac_table(unicast, multicast)).ok());
  EXPECT_FALSE(passes(frame_to(kOther)));
  EXPECT_TRUE(passes(frame_to(kGroup)));
  unicast.resize(40);
  ASSERT_TRUE(ask(mac_table(unicast, {})).ok());
  EXPECT_TRUE(passes(frame_to(kOther)));
  EXPECT_FALSE(passes(frame_to(kGroup)));
}

TEST_P(NicControl, FiltersByVlan) {
  nic.start(kEverything);
  auto const vlan = [](std::uint16_t number, std::uint16_t id) { return command(number, le(id)); };
  EXPECT_FALSE(passes(frame_to(kStation, 0)));
  EXPECT_FALSE(passes(frame_to(kStation, 100)));
  ASSERT_TRUE(ask(vlan(control_command("vlan_add"), 100)).ok());
  ASSERT_TRUE(ask(vlan(control_command("vlan_add"), 4095)).ok());
  EXPECT_TRUE(passes(frame_to(kStation, 100)));
  EXPECT_TRUE(passes(frame_to(kStation, 0x6000 | 4095)));
  EXPECT_FALSE(passes(frame_to(kStation, 101)));
  EXPECT_TRUE(passes(frame_to(kStation)));
  EXPECT_FALSE(passes(frame_to(kOther, 100)));
  ASSERT_TRUE(ask(vlan(control_command("vlan_del"), 100)).ok());
  EXPECT_FALSE(passes(frame_to(kStation, 100)));
  EXPECT_TRUE(passes(frame_to(kStation, 4095)));
}

TEST_P(NicControl, TakesAnotherStationAddressUntilItIsReset) {
  nic.start(kEverything);
  std::uint32_t const mac = layout::offset_of(layout::kDeviceBlock, "mac");
  std::uint32_t const generation = layout::offset_of(layout::kCommonBlock, "config_generation");
  nic.read(mac, 4);
  std::uint32_t const before = nic.read(generation, 1);
  ASSERT_TRUE(ask(command(control_command("mac_addr_set"), bytes_of(kOther))).ok());
  EXPECT_EQ(nic.read(mac, 4), load_le<std::uint32_t>(kOther.bytes.data()));
  EXPECT_EQ(nic.read(mac + 4, 2), load_le<std::uint16_t>(&kOther.bytes[4]));
  EXPECT_NE(nic.read(generation, 1), before);
  EXPECT_TRUE(passes(frame_to(kOther)));
  EXPECT_FALSE(passes(frame_to(kStation)));
  nic.reset();
  EXPECT_EQ(nic.read(mac, 4), load_le<std::uint32_t>(kStation.bytes.data()));
}

TEST_P(NicControl, AcknowledgesAnAnnouncementThatNobodyAskedFor) {
  nic.start(kEverything);
  EXPECT_TRUE(ask(command(control_command("announce_ack"))).ok());
  EXPECT_EQ(nic.read(layout::offset_of(layout::kDeviceBlock, "link_status"), 2), layout::kLinkUp);
}

TEST_P(NicControl, AsksForAnAnnouncementWhenTheLinkIsBackUntilItIsAcknowledged) {
  constexpr std::uint32_t kStatus = layout::offset_of(layout::kDeviceBlock, "link_status");
  for (bool const agreed : {true, false}) {
    nic.start(
        {.features = layout::kFeaturesOffered & ~(agreed ? 0 : layout::kFeatureGuestAnnounce)});
    nic.to_nic.signal({present() + us(0.1), LineSignal::LocalFault});
    nic.run(us(5));
    EXPECT_EQ(nic.read(kStatus, 2), 0U);
    nic.to_nic.signal({present() + us(0.1), LineSignal::Idle});
    ASSERT_TRUE(nic.run_until([&] { return nic.interrupts(0) == 2; }));
    EXPECT_EQ(nic.read(kStatus, 2), layout::kLinkUp | (agreed ? layout::kAnnounce : 0));
    EXPECT_EQ(ask(command(control_command("announce_ack"))).ok(), agreed);
    EXPECT_EQ(nic.read(kStatus, 2), layout::kLinkUp);
    nic.reset();
  }
}

TEST_P(NicControl, ModeratesByDirectionAndByQueueAndTheLaterWins) {
  nic.start(kEverything);
  EXPECT_EQ(moderation_of(0), (Moderation{kControlOk, 0, 0}));
  ASSERT_TRUE(ask(coalescing(control_command("coal_tx_set"), 4, 50)).ok());
  EXPECT_EQ(moderation_of(0), (Moderation{kControlOk, 0, 0}));
  EXPECT_EQ(moderation_of(1), (Moderation{kControlOk, 4, 50}));
  ASSERT_TRUE(ask(coalescing_of(0, 7, 0xFFFF'FFFF)).ok());
  EXPECT_EQ(moderation_of(0), (Moderation{kControlOk, 7, 0xFFFF'FFFF}));
  ASSERT_TRUE(ask(coalescing(control_command("coal_rx_set"), 9, 1)).ok());
  EXPECT_EQ(moderation_of(0), (Moderation{kControlOk, 9, 1}));
  EXPECT_EQ(moderation_of(1), (Moderation{kControlOk, 4, 50}));
}

TEST_P(NicControl, InterruptsAfterAsManyPacketsAsItWasTold) {
  nic.start(kEverything);
  ASSERT_TRUE(ask(coalescing(control_command("coal_tx_set"), 3, 1000)).ok());
  nic.messages.clear();
  for (std::uint16_t id = 0; id < 2; ++id) nic.send(counting_frame(100), id);
  nic.run(us(50));
  EXPECT_EQ(nic.interrupts(2), 0U);
  nic.send(counting_frame(100), 2);
  nic.run(us(20));
  EXPECT_EQ(nic.interrupts(2), 1U);
}

TEST_P(NicControl, JudgesWhatIsCountedAlreadyByANewSettingAtOnce) {
  nic.start(kEverything);
  ASSERT_TRUE(ask(coalescing(control_command("coal_tx_set"), 3, 100'000)).ok());
  nic.messages.clear();
  for (std::uint16_t id = 0; id < 2; ++id) nic.send(counting_frame(100), id);
  nic.run(us(50));
  ASSERT_EQ(nic.interrupts(2), 0U);
  ASSERT_TRUE(ask(coalescing(control_command("coal_tx_set"), 2, 100'000)).ok());
  nic.run(us(20));
  EXPECT_EQ(nic.interrupts(2), 1U);
}

TEST_P(NicControl, InterruptsForEachCommand) {
  nic.start(kEverything);
  nic.messages.clear();
  ASSERT_TRUE(ask(coalescing(control_command("coal_tx_set"), 100, 100'000)).ok());
  nic.run(us(20));
  EXPECT_EQ(nic.interrupts(layout::kControlQueue + 1U), 1U);
}

TEST_P(NicControl, ForgetsEverythingWhenItIsReset) {
  nic.start(kEverything);
  ASSERT_TRUE(ask(turn(control_command("rx_allmulti"), true)).ok());
  ASSERT_TRUE(ask(mac_table({kOther}, {})).ok());
  ASSERT_TRUE(ask(command(control_command("vlan_add"), le(std::uint16_t{9}))).ok());
  ASSERT_TRUE(ask(coalescing(control_command("coal_tx_set"), 4, 50)).ok());
  nic.reset();
  nic.start(kEverything);
  EXPECT_FALSE(passes(frame_to(kGroup)));
  EXPECT_FALSE(passes(frame_to(kOther)));
  EXPECT_FALSE(passes(frame_to(kStation, 9)));
  EXPECT_EQ(moderation_of(1), (Moderation{kControlOk, 0, 0}));
}

TEST_P(NicControl, TakesACommandInAnyPieces) {
  nic.start(kEverything);
  std::vector<MacAddress> const many(5, kOther);
  auto const bytes = mac_table(many, {kGroup});
  EXPECT_TRUE(ask(bytes, {}).ok());
  EXPECT_TRUE(ask(bytes, {1, 1, 1, 1, 1, 1}).ok());
  EXPECT_TRUE(ask(bytes, std::vector<std::size_t>(bytes.size(), 1)).ok());
  EXPECT_TRUE(ask(bytes, {0, 2, 0, 13, 0, 0}).ok());
  EXPECT_TRUE(passes(frame_to(kOther)));
  EXPECT_TRUE(passes(frame_to(kGroup)));
  Answer const scattered = ask(ask_coalescing_of(1), {1, 2}, {0, 1, 3, 0, 2, 2, 5});
  EXPECT_EQ(scattered.len, 9U);
  EXPECT_EQ(scattered.bytes,
            (std::vector<std::uint8_t>{0, 0, 0, 0, 0, 0, 0, 0, kControlOk, kUntouched, kUntouched,
                                       kUntouched, kUntouched}));
}

INSTANTIATE_TEST_SUITE_P(EveryNic, NicControl, testing::ValuesIn(nic_kinds()),
                         [](auto const& tested) { return tested.param; });

}  // namespace
}  // namespace ringside::testbench
