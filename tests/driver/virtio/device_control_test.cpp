// What the driver tells its device over the control queue, byte for byte, and what it tells again
// after a reset.
#include "driver/virtio/device_control.hpp"

#include "tests/driver/virtio/control_fixture.hpp"

namespace ringside::driver {
namespace {

using layout::control_command;
using test::Frame;

constexpr MacAddress kOther{{0x02, 0, 0, 0, 0, 0x77}};
constexpr MacAddress kGroup{{0x01, 0, 0x5E, 0, 0, 0x01}};

struct DeviceControlTest : test::ControlTest {
  void expect_told(std::vector<Frame> const& what) {
    settle();
    EXPECT_EQ(device.commands, what);
    EXPECT_TRUE(heard_ok());
    device.commands.clear();
    heard.clear();
  }
};

TEST_F(DeviceControlTest, AsksForAllMulticastFirstBecauseTheStackDoesNotSayWhatItListensTo) {
  start();
  settle();
  EXPECT_EQ(device.commands, (std::vector<Frame>{command(control_command("rx_allmulti"), {1})}));
}

TEST_F(DeviceControlTest, TellsEverySwitchOfTheReceiveFilter) {
  start_and_forget();
  ASSERT_TRUE(control().set_receive_mode({.promiscuous = true, .no_broadcast = true}, hear()));
  expect_told(
      {command(control_command("rx_promisc"), {1}), command(control_command("rx_allmulti"), {1}),
       command(control_command("rx_alluni"), {0}), command(control_command("rx_nomulti"), {0}),
       command(control_command("rx_nouni"), {0}), command(control_command("rx_nobcast"), {1})});
}

TEST_F(DeviceControlTest, LeavesSwitchesOutThatTheDeviceDoesNotHave) {
  device.offered &= ~layout::kFeatureCtrlRxExtra;
  start_and_forget();
  ASSERT_TRUE(control().set_receive_mode({}, hear()));
  expect_told(
      {command(control_command("rx_promisc"), {0}), command(control_command("rx_allmulti"), {1})});
  auto const refused = control().set_receive_mode({.all_unicast = true});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), ControlError::Unavailable);
}

TEST_F(DeviceControlTest, TellsTheTableOfAddresses) {
  start_and_forget();
  ASSERT_TRUE(control().set_mac_table(std::array{kOther}, std::array{kGroup, kGroup}, hear()));
  expect_told({command(control_command("mac_table_set"),
                       {1, 0, 0, 0, 0x02, 0, 0,    0, 0, 0x77,  //
                        2, 0, 0, 0, 0x01, 0, 0x5E, 0, 0, 0x01, 0x01, 0, 0x5E, 0, 0, 0x01})});
  std::vector<MacAddress> const many(100, kOther);
  auto const refused = control().set_mac_table(many, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), ControlError::TooLong);
}

TEST_F(DeviceControlTest, HasAnotherStationAddressOnceTheDeviceHasTakenIt) {
  start_and_forget();
  device.answers_commands = false;
  ASSERT_TRUE(control().set_mac(kOther, hear()));
  EXPECT_NE(net->mac(), kOther);
  device.answer();
  expect_told({command(control_command("mac_addr_set"), {0x02, 0, 0, 0, 0, 0x77})});
  EXPECT_EQ(net->mac(), kOther);
  device.answers_commands = true;
  device.answer_to = [](Frame const&) { return Frame{layout::kControlErr}; };
  ASSERT_TRUE(control().set_mac(MacAddress{{0x02, 0, 0, 0, 0, 0x78}}, hear()));
  settle();
  EXPECT_TRUE(heard_only(ControlError::Refused));
  EXPECT_EQ(net->mac(), kOther);
}

TEST_F(DeviceControlTest, TellsVlans) {
  start_and_forget();
  ASSERT_TRUE(control().add_vlan(0x123, hear()));
  expect_told({command(control_command("vlan_add"), {0x23, 0x01})});
  ASSERT_TRUE(control().remove_vlan(0x123, hear()));
  expect_told({command(control_command("vlan_del"), {0x23, 0x01})});
}

TEST_F(DeviceControlTest, TellsModerationByDirectionAndByQueue) {
  start_and_forget();
  ASSERT_TRUE(control().set_receive_moderation({0x11, 0x22}, hear()));
  expect_told({command(control_command("coal_rx_set"), {0x11, 0, 0, 0, 0x22, 0, 0, 0})});
  ASSERT_TRUE(control().set_transmit_moderation({0x33, 0x44}, hear()));
  expect_told({command(control_command("coal_tx_set"), {0x33, 0, 0, 0, 0x44, 0, 0, 0})});
  ASSERT_TRUE(control().set_queue_moderation(1, {5, 6}, hear()));
  expect_told({command(control_command("coal_vq_set"), {1, 0, 0, 0, 5, 0, 0, 0, 6, 0, 0, 0})});
}

TEST_F(DeviceControlTest, AsksForTheModerationOfAQueue) {
  start_and_forget();
  device.answer_to = [](Frame const&) { return Frame{7, 0, 0, 0, 8, 1, 0, 0, 0}; };
  std::optional<Moderation> answer;
  auto const note = [&](Result<Moderation, ControlError> outcome) {
    ASSERT_TRUE(outcome);
    answer = *outcome;
  };
  ASSERT_TRUE(control().get_queue_moderation(1, note));
  settle();
  EXPECT_TRUE(was_told(command(control_command("coal_vq_get"), {1, 0, 0, 0})));
  EXPECT_EQ(answer, (Moderation{7, 0x108}));
}

TEST_F(DeviceControlTest, AnAnswerThatIsTooShortIsNone) {
  start_and_forget();
  device.answer_to = [](Frame const&) { return Frame{7, 0, 0, 0, 8, 1, 0, 0}; };
  bool refused = false;
  auto const note = [&](Result<Moderation, ControlError> outcome) {
    refused = !outcome && outcome.error() == ControlError::Refused;
  };
  ASSERT_TRUE(control().get_queue_moderation(1, note));
  settle();
  EXPECT_TRUE(refused);
}

TEST_F(DeviceControlTest, TellsModerationByRegisterToADeviceWithoutTheCommands) {
  device.offered &= ~(layout::kFeatureNotfCoal | layout::kFeatureVqNotfCoal);
  config.receive_moderation = {16, 20};
  start();
  settle();
  EXPECT_EQ(device.moderation[0], (Moderation{16, 20}));
  EXPECT_FALSE(was_told(command(control_command("coal_rx_set"), {16, 0, 0, 0, 20, 0, 0, 0})));
  device.offered |= layout::kFeatureNotfCoal;
  net->stop();
  device.moderation = {};
  ASSERT_TRUE(net->start());
  settle();
  EXPECT_EQ(device.moderation[0], Moderation{});
  EXPECT_TRUE(was_told(command(control_command("coal_rx_set"), {16, 0, 0, 0, 20, 0, 0, 0})));
}

TEST_F(DeviceControlTest, AnnouncesTheStationWhenTheDeviceAsksForItAndSaysSo) {
  start_and_forget();
  unsigned announcements = 0;
  net->on_announce([&] { ++announcements; });
  device.config[6] = layout::kLinkUp | layout::kAnnounce;
  device.interrupt_config();
  settle();
  EXPECT_EQ(announcements, 1U);
  EXPECT_EQ(device.commands, (std::vector<Frame>{command(control_command("announce_ack"))}));
}

TEST_F(DeviceControlTest, TellsADeviceThatWasResetAllThatItTold) {
  start_and_forget();
  auto& control = net->control();
  ASSERT_TRUE(control.set_receive_mode({.promiscuous = true, .all_multicast = false}));
  ASSERT_TRUE(control.set_mac_table(std::array{kOther}, {}));
  ASSERT_TRUE(control.set_mac(kOther));
  ASSERT_TRUE(control.set_queue_moderation(0, {1, 2}));
  settle();
  for (std::uint16_t vlan = 1; vlan <= 40; ++vlan) {
    ASSERT_TRUE(control.add_vlan(vlan));
    settle();
  }
  ASSERT_TRUE(control.remove_vlan(40));
  ASSERT_TRUE(control.set_transmit_moderation({3, 4}));
  settle();
  device.commands.clear();
  device.break_down();
  settle();
  ASSERT_EQ(net->state(), VirtioNet::State::Live);
  EXPECT_TRUE(was_told(command(control_command("rx_promisc"), {1})));
  EXPECT_TRUE(was_told(
      command(control_command("mac_table_set"), {1, 0, 0, 0, 0x02, 0, 0, 0, 0, 0x77, 0, 0, 0, 0})));
  EXPECT_TRUE(was_told(command(control_command("mac_addr_set"), {0x02, 0, 0, 0, 0, 0x77})));
  EXPECT_TRUE(
      was_told(command(control_command("coal_vq_set"), {0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0})));
  EXPECT_TRUE(was_told(command(control_command("coal_tx_set"), {3, 0, 0, 0, 4, 0, 0, 0})));
  for (std::uint8_t vlan = 1; vlan < 40; ++vlan) {
    EXPECT_TRUE(was_told(command(control_command("vlan_add"), {vlan, 0}))) << unsigned{vlan};
  }
  EXPECT_EQ(device.commands.size(), 39U + 5U) << "and nothing else";
  EXPECT_EQ(net->mac(), kOther);
}

TEST_F(DeviceControlTest, NotesWhatIsWantedWhileThereIsNobodyToTell) {
  make();
  auto const noted = control().add_vlan(9);
  ASSERT_FALSE(noted);
  EXPECT_EQ(noted.error(), ControlError::Unavailable);
  ASSERT_TRUE(net->start());
  settle();
  EXPECT_TRUE(was_told(command(control_command("vlan_add"), {9, 0})));
}

TEST_F(DeviceControlTest, TurnsReceiveChecksumsOffAndKeepsThemSo) {
  start_and_forget();
  EXPECT_TRUE(control().set_receive_checksums(false, hear()));
  settle();
  EXPECT_TRUE(heard_ok());
  Frame const off = command(control_command("guest_offloads_set"), Frame(8, 0));
  EXPECT_EQ(device.commands.back(), off);
  device.commands.clear();
  device.break_down();
  settle();
  EXPECT_TRUE(was_told(off));
  EXPECT_TRUE(control().set_receive_checksums(true));
  settle();
  EXPECT_EQ(device.commands.back(),
            command(control_command("guest_offloads_set"), {2, 0, 0, 0, 0, 0, 0, 0}));
}

TEST_F(DeviceControlTest, TurnsNoChecksumsOnThatWereNotNegotiated) {
  device.offered &= ~layout::kFeatureGuestCsum;
  start_and_forget();
  EXPECT_EQ(control().set_receive_checksums(true).error(), ControlError::Unavailable);
  net->stop();
  device.offered = layout::kFeaturesOffered & ~layout::kFeatureCtrlGuestOffloads;
  start_and_forget();
  EXPECT_EQ(control().set_receive_checksums(false).error(), ControlError::Unavailable);
}

TEST_F(DeviceControlTest, MayBeGoneWhenAHandlerHasRun) {
  start_and_forget();
  ASSERT_TRUE(control().add_vlan(9, [this](Outcome const&) { net.reset(); }));
  executor.run_for(std::chrono::milliseconds(1));
  EXPECT_FALSE(net);
}

}  // namespace
}  // namespace ringside::driver
