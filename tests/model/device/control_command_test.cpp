// What a control command means, and which are refused (virtio 1.3, 5.1.6.5), by itself.
#include "model/device/control_command.hpp"

#include <gtest/gtest.h>

#include <map>

#include "interface/layout/control.hpp"
#include "interface/layout/virtio.hpp"

namespace ringside::model {
namespace {

using layout::control_command;
using Data = std::vector<std::uint8_t>;

constexpr Data::value_type kOk = layout::kControlOk;
constexpr Data::value_type kErr = layout::kControlErr;

class Target final : public ControlTarget {
 public:
  bool negotiated(std::uint64_t feature) const override { return (features & feature) != 0; }
  ReceiveFilter const& filter() const override { return filter_; }
  void set_filter(ReceiveFilter filter) override {
    filter_ = std::move(filter);
    ++changes;
  }
  void set_station(MacAddress to) override {
    station = to;
    ++changes;
  }
  void announced() override { ++changes; }
  bool queue_enabled_now(std::uint16_t queue) const override { return queue < enabled; }
  Moderation::Setting coalescing(std::uint16_t queue) const override {
    auto const found = moderation.find(queue);
    return found == moderation.end() ? Moderation::Setting{} : found->second;
  }
  void set_coalescing(std::uint16_t queue, Moderation::Setting setting) override {
    moderation[queue] = setting;
    ++changes;
  }
  void set_guest_offloads(std::uint64_t to) override {
    offloads = to;
    ++changes;
  }
  Steering const& steering() const override { return steering_; }
  void set_steering(Steering steering) override {
    steering_ = std::move(steering);
    ++changes;
  }

  std::uint64_t features = layout::kFeaturesOffered;
  std::uint16_t enabled = layout::kDataQueues;
  MacAddress station;
  std::map<std::uint16_t, Moderation::Setting> moderation;
  std::uint64_t offloads = layout::kGuestOffloads;
  unsigned changes = 0;

 private:
  ReceiveFilter filter_;
  Steering steering_;
};

struct ControlCommand : testing::Test {
  // Command and answer in an element each.
  Data carry(std::uint16_t number, Data data, std::uint32_t room = 1, bool readable = true) {
    Data bytes(layout::kControlHeadBytes);
    store_be<std::uint16_t>(bytes.data(), number);
    bytes.insert(bytes.end(), data.begin(), data.end());
    ControlBuffer buffer;
    buffer.add(0x1000, static_cast<std::uint32_t>(bytes.size()), false);
    buffer.add(0x2000, room, true);
    return carry_out(buffer, bytes, readable, target);
  }
  void expect_refused(std::uint16_t number, Data const& data) {
    unsigned const before = target.changes;
    EXPECT_EQ(carry(number, data), Data{kErr}) << number << " " << testing::PrintToString(data);
    EXPECT_EQ(target.changes, before) << number;
  }

  Target target;
};

TEST_F(ControlCommand, TurnsASwitchOfTheFilter) {
  EXPECT_EQ(carry(control_command("rx_nobcast"), {1}), Data{kOk});
  EXPECT_TRUE(target.filter().no_broadcast);
  EXPECT_EQ(carry(control_command("rx_nobcast"), {0}), Data{kOk});
  EXPECT_FALSE(target.filter().no_broadcast);
  expect_refused(control_command("rx_nobcast"), {2});
}

TEST_F(ControlCommand, IsRefusedWithoutItsFeature) {
  target.features = ~(layout::kFeaturesOfControl | layout::kFeatureHashReport |
                      layout::kFeatureCtrlGuestOffloads);
  for (auto const& command : layout::kControlCommands) {
    for (std::size_t size = 0; size < 14; ++size) {
      expect_refused(static_cast<std::uint16_t>(command.value), Data(size, 1));
    }
  }
}

TEST_F(ControlCommand, IsNotCarriedOutWithoutRoomForTheAnswer) {
  EXPECT_EQ(carry(control_command("rx_promisc"), {1}, 0), Data{});
  EXPECT_EQ(target.changes, 0U);
  EXPECT_EQ(carry(control_command("coal_vq_get"), {0, 0, 0, 0}, 8), Data{kErr});
}

TEST_F(ControlCommand, IsRefusedIfItCouldNotBeRead) {
  EXPECT_EQ(carry(control_command("rx_promisc"), {1}, 1, false), Data{kErr});
  EXPECT_EQ(target.changes, 0U);
}

TEST_F(ControlCommand, IsRefusedWithAReadableElementBehindAWritableOne) {
  ControlBuffer buffer;
  buffer.add(0x1000, 3, false);
  buffer.add(0x2000, 1, true);
  EXPECT_FALSE(buffer.refused());
  buffer.add(0x3000, 1, false);
  EXPECT_TRUE(buffer.refused());
  EXPECT_EQ(buffer.command_bytes(), 3U) << "what stands in the wrong place is not read";
}

TEST_F(ControlCommand, IsRefusedIfItIsLongerThanAnyIs) {
  ControlBuffer buffer;
  buffer.add(0x1000, layout::kMaxControlBytes, false);
  EXPECT_FALSE(buffer.refused());
  buffer.add(0x20000, 1, false);
  EXPECT_TRUE(buffer.refused());
  EXPECT_EQ(buffer.command_bytes(), layout::kMaxControlBytes);
}

TEST_F(ControlCommand, AnswersWithTheModerationOfAQueueThatIsEnabled) {
  target.moderation[1] = {3, 0x1234};
  EXPECT_EQ(carry(control_command("coal_vq_get"), {1, 0, 0, 0}, 9),
            (Data{3, 0, 0, 0, 0x34, 0x12, 0, 0, kOk}));
  target.enabled = 1;
  EXPECT_EQ(carry(control_command("coal_vq_get"), {1, 0, 0, 0}, 9),
            (Data{0, 0, 0, 0, 0, 0, 0, 0, kErr}));
  expect_refused(control_command("coal_vq_set"), {1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0});
}

TEST_F(ControlCommand, ModeratesADirectionAsAWhole) {
  EXPECT_EQ(carry(control_command("coal_tx_set"), {7, 0, 0, 0, 9, 0, 0, 0}), Data{kOk});
  EXPECT_EQ(target.moderation.size(), layout::kMaxQueuePairs);
  for (auto const& [queue, setting] : target.moderation) {
    EXPECT_TRUE(layout::is_transmit_queue(queue));
    EXPECT_EQ(setting, (Moderation::Setting{7, 9}));
  }
}

TEST_F(ControlCommand, SpreadsOverAsManyPairsAsItSays) {
  EXPECT_EQ(carry(control_command("mq_pairs_set"), {layout::kMaxQueuePairs, 0}), Data{kOk});
  ASSERT_EQ(target.steering().table.size(), layout::kIndirectionEntries);
  for (std::size_t i = 0; i < layout::kIndirectionEntries; ++i) {
    EXPECT_EQ(target.steering().table[i], i % layout::kMaxQueuePairs);
  }
  expect_refused(control_command("mq_pairs_set"), {0, 0});
  expect_refused(control_command("mq_pairs_set"), {layout::kMaxQueuePairs + 1, 0});
}

// Types, what is reserved, and a key of so many bytes.
Data hash_config(std::uint8_t types, std::uint8_t reserved, std::uint8_t key_bytes) {
  Data data(layout::kHashConfigBytes + key_bytes, 7);
  store_le<std::uint32_t>(data.data(), types);
  std::fill_n(data.begin() + 4, 8, reserved);
  data[12] = key_bytes;
  return data;
}

TEST_F(ControlCommand, SetsWhatIsHashedAndLeavesWherePacketsGo) {
  target.features &= ~layout::kFeatureRss;
  EXPECT_EQ(carry(control_command("mq_pairs_set"), {2, 0}), Data{kOk});
  Steering expected = target.steering();
  EXPECT_EQ(carry(control_command("mq_hash_config"), hash_config(5, 0xEE, 40)), Data{kOk});
  expected.hash_types = 5;
  expected.key.fill(7);
  EXPECT_EQ(target.steering(), expected);
  expect_refused(control_command("mq_hash_config"), hash_config(0x40, 0, 40));
  expect_refused(control_command("mq_hash_config"), hash_config(5, 0, 39));
  expect_refused(control_command("mq_hash_config"), hash_config(5, 0, 41));
  Data cut = hash_config(5, 0, 40);
  cut.pop_back();
  expect_refused(control_command("mq_hash_config"), cut);
  cut.resize(13);
  expect_refused(control_command("mq_hash_config"), cut);
}

TEST_F(ControlCommand, SetsWhatIsHashedOnlyWhereNoTableDoes) {
  expect_refused(control_command("mq_hash_config"), hash_config(5, 0, 40));
  target.features &= ~(layout::kFeatureRss | layout::kFeatureHashReport);
  expect_refused(control_command("mq_hash_config"), hash_config(5, 0, 40));
}

TEST_F(ControlCommand, TurnsOffloadsOnAndOffThatWereNegotiated) {
  auto const data = [](std::uint64_t features) {
    Data bytes(8);
    store_le<std::uint64_t>(bytes.data(), features);
    return bytes;
  };
  EXPECT_EQ(carry(control_command("guest_offloads_set"), data(0)), Data{kOk});
  EXPECT_EQ(target.offloads, 0U);
  EXPECT_EQ(carry(control_command("guest_offloads_set"), data(2)), Data{kOk});
  EXPECT_EQ(target.offloads, layout::kFeatureGuestCsum);
  for (std::uint64_t const bit : {0U, 2U, 7U, 8U, 32U, 63U}) {
    expect_refused(control_command("guest_offloads_set"), data(2 | layout::bit(bit)));
  }
  expect_refused(control_command("guest_offloads_set"), {2, 0, 0, 0, 0, 0, 0});
  expect_refused(control_command("guest_offloads_set"), {2, 0, 0, 0, 0, 0, 0, 0, 0});
  target.features &= ~layout::kFeatureGuestCsum;
  expect_refused(control_command("guest_offloads_set"), data(2));
  EXPECT_EQ(carry(control_command("guest_offloads_set"), data(0)), Data{kOk});
  target.features &= ~layout::kFeatureCtrlGuestOffloads;
  expect_refused(control_command("guest_offloads_set"), data(0));
}

TEST_F(ControlCommand, ReplacesTheTableOfAddressesOnlyAsAWhole) {
  MacAddress const one{{2, 0, 0, 0, 0, 1}};
  EXPECT_EQ(carry(control_command("mac_table_set"), {1, 0, 0, 0, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0}),
            Data{kOk});
  EXPECT_EQ(target.filter().unicast.addresses, std::vector{one});
  expect_refused(control_command("mac_table_set"), {1, 0, 0, 0, 2, 0, 0, 0, 0, 1});
  expect_refused(control_command("mac_table_set"), {0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0});
  expect_refused(control_command("mac_table_set"), {0, 0, 0, 0, 0, 0, 0, 0, 0});
  EXPECT_EQ(target.filter().unicast.addresses, std::vector{one});
}

}  // namespace
}  // namespace ringside::model
