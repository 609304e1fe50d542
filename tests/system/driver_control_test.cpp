// What the driver tells a device over the control queue, on every NIC: each command is understood,
// and does what it says.
#include "tests/frame/transport_frame.hpp"
#include "tests/system/control_commands.hpp"
#include "tests/system/driven_nic.hpp"

namespace ringside::testbench {
namespace {

constexpr MacAddress kOther{{0x02, 0, 0, 0, 0, 0x77}};
constexpr MacAddress kGroup{{0x01, 0x00, 0x5E, 0, 0, 0x01}};

class DriverControl : public DrivenNic {
 protected:
  using Handler = driver::DeviceControl::Handler;

  bool set_mode(driver::ReceiveMode const& mode) {
    return told([&](Handler hear) { return control().set_receive_mode(mode, std::move(hear)); });
  }
  bool passes(MacAddress const& to, std::optional<std::uint16_t> vlan = {}) {
    return arrive(frame_to(to, vlan)).has_value();
  }
  std::optional<ringside::Moderation> moderation_of(std::uint16_t queue) {
    std::optional<ringside::Moderation> moderation;
    as_host([&] {
      EXPECT_TRUE(control().get_queue_moderation(
          queue, [&moderation](auto answer) { moderation = answer.value(); }));
    });
    run(us(200));
    return moderation;
  }
};

TEST_P(DriverControl, FiltersByKindOfAddress) {
  start({});
  EXPECT_TRUE(passes(kStation) && passes(kGroup) && passes(kBroadcastMac));
  EXPECT_FALSE(passes(kOther));
  ASSERT_TRUE(set_mode({.promiscuous = true, .all_multicast = false}));
  EXPECT_TRUE(passes(kOther));
  ASSERT_TRUE(set_mode({.all_multicast = false}));
  EXPECT_FALSE(passes(kGroup));
  ASSERT_TRUE(set_mode({.all_multicast = false, .all_unicast = true}));
  EXPECT_TRUE(passes(kOther));
  ASSERT_TRUE(set_mode({.all_multicast = true, .no_multicast = true}));
  EXPECT_FALSE(passes(kGroup));
  ASSERT_TRUE(set_mode({.all_unicast = true, .no_unicast = true}));
  EXPECT_FALSE(passes(kOther));
  ASSERT_TRUE(set_mode({.no_broadcast = true}));
  EXPECT_FALSE(passes(kBroadcastMac));
}

TEST_P(DriverControl, FiltersByTable) {
  start({});
  ASSERT_TRUE(set_mode({.all_multicast = false}));
  ASSERT_TRUE(told([&](Handler hear) {
    return control().set_mac_table(std::array{kOther}, std::array{kGroup}, std::move(hear));
  }));
  EXPECT_TRUE(passes(kOther) && passes(kGroup));
  ASSERT_TRUE(told([&](Handler hear) { return control().set_mac_table({}, {}, std::move(hear)); }));
  EXPECT_FALSE(passes(kOther) || passes(kGroup));
}

TEST_P(DriverControl, FiltersByVlan) {
  start({});
  EXPECT_FALSE(passes(kStation, 9));
  ASSERT_TRUE(told([&](Handler hear) { return control().add_vlan(9, std::move(hear)); }));
  EXPECT_TRUE(passes(kStation, 9));
  ASSERT_TRUE(told([&](Handler hear) { return control().remove_vlan(9, std::move(hear)); }));
  EXPECT_FALSE(passes(kStation, 9));
  EXPECT_FALSE(told([&](Handler hear) { return control().add_vlan(4096, std::move(hear)); }));
}

TEST_P(DriverControl, SetsTheStation) {
  start({});
  ASSERT_TRUE(told([&](Handler hear) { return control().set_mac(kOther, std::move(hear)); }));
  EXPECT_EQ(net().mac(), kOther);
  EXPECT_TRUE(passes(kOther));
  EXPECT_FALSE(passes(kStation));
}

TEST_P(DriverControl, ModeratesDirectionsAndQueues) {
  start({});
  ASSERT_TRUE(told([&](Handler hear) {
    return control().set_receive_moderation({3, 40}, std::move(hear));
  }));
  ASSERT_TRUE(told([&](Handler hear) {
    return control().set_transmit_moderation({5, 60}, std::move(hear));
  }));
  EXPECT_EQ(moderation_of(layout::kReceiveQueue), (ringside::Moderation{3, 40}));
  EXPECT_EQ(moderation_of(layout::kTransmitQueue), (ringside::Moderation{5, 60}));
  ASSERT_TRUE(told([&](Handler hear) {
    return control().set_queue_moderation(layout::kTransmitQueue, {7, 80}, std::move(hear));
  }));
  EXPECT_EQ(moderation_of(layout::kTransmitQueue), (ringside::Moderation{7, 80}));
  EXPECT_FALSE(told([&](Handler hear) {
    return control().set_queue_moderation(17, {7, 80}, std::move(hear));
  }));
}

TEST_P(DriverControl, AnnouncesTheStationWhenTheLinkComesBack) {
  start({});
  unsigned announced = 0;
  net().on_announce([&announced] { ++announced; });
  show({present() + us(1), LineSignal::LocalFault});
  run(us(50));
  show({present() + us(1), LineSignal::Idle});
  run(us(200));
  EXPECT_EQ(announced, 1U);
  EXPECT_TRUE(net().link_up());
  std::array<std::uint8_t, 2> status{};
  as_host([&] {
    transport().read_config(layout::find(layout::kDeviceConfig, "link_status").offset, status);
  });
  EXPECT_EQ(status[0], layout::kLinkUp) << "it was acknowledged";
}

TEST_P(DriverControl, TurnsReceiveChecksumsOffAndOn) {
  Random random(7);
  auto const verified = [&] {
    Frame frame = test::TransportFrame{.payload = 60}.build(random).bytes;
    std::copy(kStation.bytes.begin(), kStation.bytes.end(), frame.begin());
    return arrive(frame).value().info.checksum_verified;
  };
  auto const set = [&](bool on) {
    return told([&](Handler hear) { return control().set_receive_checksums(on, std::move(hear)); });
  };
  start({});
  EXPECT_TRUE(verified());
  ASSERT_TRUE(set(false));
  EXPECT_FALSE(verified());
  as_host([&] {
    net().stop();
    EXPECT_TRUE(net().start());
  });
  run(us(400));
  EXPECT_FALSE(verified()) << "it is said again";
  ASSERT_TRUE(set(true));
  EXPECT_TRUE(verified());
}

TEST_P(DriverControl, SaysAllOfItAgainAfterAReset) {
  start({});
  ASSERT_TRUE(set_mode({.all_multicast = false}));
  ASSERT_TRUE(told([&](Handler hear) { return control().set_mac(kOther, std::move(hear)); }));
  ASSERT_TRUE(told([&](Handler hear) { return control().add_vlan(9, std::move(hear)); }));
  as_host([&] {
    net().stop();
    EXPECT_TRUE(net().start());
  });
  run(us(400));
  EXPECT_TRUE(passes(kOther) && passes(kOther, 9) && passes(kBroadcastMac));
  EXPECT_FALSE(passes(kStation) || passes(kGroup) || passes(kOther, 8));
}

TEST_P(DriverControl, DoesWithoutADeviceThatHasNone) {
  driver::VirtioNetConfig config;
  config.features &= ~layout::kFeatureCtrlVq;
  start(config);
  EXPECT_EQ(net().agreement().features & layout::kFeaturesOfControl, 0U);
  EXPECT_FALSE(set_mode({.promiscuous = true}));
  EXPECT_TRUE(passes(kOther)) << "nothing is filtered";
  EXPECT_TRUE(send(counting_frame(100)));
  EXPECT_EQ(sent(), 1U);
}

INSTANTIATE_TEST_SUITE_P(EveryNic, DriverControl, testing::ValuesIn(nic_kinds()),
                         [](auto const& tested) { return tested.param; });

}  // namespace
}  // namespace ringside::testbench
