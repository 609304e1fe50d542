// What a driver can do wrong over the control virtqueue: each command is answered, a refused one
// changes nothing, and the queue goes on.
#include "interface/base/random.hpp"
#include "tests/system/control_commands.hpp"

namespace ringside::testbench {
namespace {

using layout::control_command;
using layout::kControlErr;
using layout::kControlOk;

constexpr Session kEverything{.features = layout::kFeaturesOffered};
constexpr MacAddress kOther{{0x02, 0, 0, 0, 0, 0x77}};

using Data = std::vector<std::uint8_t>;

class NicControlHostile : public EveryNicUnderControl {
 protected:
  // All is as it was: the filter lets kOther through and not all, and the queue works.
  void expect_nothing_changed() {
    EXPECT_TRUE(passes(frame_to(kOther)));
    EXPECT_FALSE(passes(frame_to({{0x02, 0, 0, 0, 0, 0x01 ^ 0x55}})));
    EXPECT_TRUE(passes(frame_to(kStation, 100)));
    EXPECT_EQ(moderation_of(1).max_packets, 4U);
    EXPECT_EQ(nic.status(), kReady);
  }
  void set_up() {
    nic.start(kEverything);
    ASSERT_TRUE(ask(mac_table({kOther}, {})).ok());
    ASSERT_TRUE(ask(command(control_command("vlan_add"), le(std::uint16_t{100}))).ok());
    ASSERT_TRUE(ask(coalescing(control_command("coal_tx_set"), 4, 50)).ok());
  }
};

TEST_P(NicControlHostile, RefusesWhatIsTooShortTooLongOrUnknown) {
  set_up();
  std::vector<Data> const wrong{
      {},
      {0},
      command(control_command("rx_promisc")),
      command(control_command("rx_promisc"), {1, 0}),
      command(control_command("rx_promisc"), {2}),
      command(control_command("rx_nobcast"), {0x80}),
      command(control_command("mac_table_set")),
      command(control_command("mac_addr_set"), {1, 2, 3, 4, 5}),
      command(control_command("mac_addr_set"), {2, 2, 3, 4, 5, 6, 7}),
      command(control_command("vlan_add"), {1}),
      command(control_command("vlan_del"), {100, 0, 0}),
      command(control_command("announce_ack"), {0}),
      command(control_command("coal_tx_set"), Data(7)),
      command(control_command("coal_rx_set"), Data(9)),
      command(control_command("coal_vq_set"), Data(11)),
      command(control_command("coal_vq_set"), Data(13)),
      command(0x0006, {1}),
      command(0x0102, Data(6)),
      command(0x0301),
      command(control_command("mq_pairs_set"), le(std::uint16_t{0})),
      command(0x0401, Data(307)),
      command(0x0402, Data(53)),
      command(control_command("guest_offloads_set"), Data(7)),
      command(control_command("guest_offloads_set"), Data(9)),
      command(0x0501, Data(8)),
      command(0x0604, Data(4)),
      command(0x0800, Data(8)),
      command(0xFFFF, Data(3000)),
  };
  for (Data const& bytes : wrong) {
    EXPECT_TRUE(ask(bytes).refused()) << testing::PrintToString(bytes);
  }
  expect_nothing_changed();
}

TEST_P(NicControlHostile, RefusesATableWhoseCountsAreWrong) {
  set_up();
  Data const address = bytes_of(kStation);
  auto const table = [](Data const& data) {
    return command(control_command("mac_table_set"), data);
  };
  EXPECT_TRUE(ask(table(le(0xFFFF'FFFFU))).refused());
  EXPECT_TRUE(ask(table(le(0xFFFF'FFFFU) + address + address)).refused());
  EXPECT_TRUE(ask(table(le(0x2AAA'AAABU) + address + address)).refused());  // times 6: 2
  EXPECT_TRUE(ask(table(le(1U) + address)).refused());
  EXPECT_TRUE(ask(table(le(0U))).refused());
  EXPECT_TRUE(ask(table(le(0U) + Data{0, 0, 0})).refused());
  EXPECT_TRUE(ask(table(le(0U) + le(0U) + Data{0})).refused());
  EXPECT_TRUE(ask(table(le(1U) + address + le(2U) + address)).refused());
  expect_nothing_changed();
  // An address of the other kind is never met.
  EXPECT_TRUE(ask(mac_table({kOther, {{0x03, 0, 0, 0, 0, 9}}}, {})).ok());
  EXPECT_FALSE(passes(frame_to({{0x03, 0, 0, 0, 0, 9}})));
}

TEST_P(NicControlHostile, ReadsALongTableToItsEndAndRefusesOneThatIsLongerThanAnyCommand) {
  set_up();
  EXPECT_TRUE(ask(mac_table(std::vector<MacAddress>(1500, kOther), {})).ok());
  EXPECT_TRUE(passes(frame_to({{0x02, 9, 9, 9, 9, 9}})));
  ASSERT_TRUE(ask(mac_table({kOther}, {})).ok());
  Data const most(layout::kMaxControlBytes + 1);
  EXPECT_TRUE(ask(most, {}).refused());
  EXPECT_TRUE(ask(most, {40'000}).refused());
  expect_nothing_changed();
}

TEST_P(NicControlHostile, CompletesACommandWithoutRoomForTheAckAndDoesNotCarryItOut) {
  set_up();
  auto const promiscuous = command(control_command("rx_promisc"), {1});
  for (auto const& room : std::vector<std::vector<std::uint32_t>>{{}, {0}, {0, 0}}) {
    Answer const answer = ask(promiscuous, {2}, room);
    EXPECT_EQ(answer.len, 0U);
    EXPECT_FALSE(answer.written);
  }
  expect_nothing_changed();
}

TEST_P(NicControlHostile, WritesOneByteAtTheStartOfALongAck) {
  set_up();
  Answer const answer = ask(command(control_command("rx_allmulti"), {1}), {2}, {0, 5, 3});
  EXPECT_EQ(answer.len, 1U);
  EXPECT_EQ(answer.bytes, (Data{kControlOk, kUntouched, kUntouched, kUntouched, kUntouched,
                                kUntouched, kUntouched, kUntouched}));
}

TEST_P(NicControlHostile, RefusesAVlanBeyondTheLast) {
  set_up();
  for (std::uint16_t const vlan : {4096, 4096 + 100, 65535}) {
    EXPECT_TRUE(ask(command(control_command("vlan_del"), le(vlan))).refused()) << vlan;
    EXPECT_TRUE(ask(command(control_command("vlan_add"), le(vlan))).refused()) << vlan;
  }
  expect_nothing_changed();
}

TEST_P(NicControlHostile, ModeratesOnlyQueuesThatCarryPacketsAndAreEnabled) {
  nic.enable_pci();
  nic.negotiate(layout::kFeaturesOffered);
  nic.enable_queue(layout::kTransmitQueue, 16);
  nic.enable_queue(layout::kControlQueue, 64);
  nic.set_status(kReady);
  for (std::uint16_t const queue : {0, 2, 3, 256, 0xFFFF}) {
    EXPECT_TRUE(ask(coalescing_of(queue, 1, 1)).refused()) << queue;
    EXPECT_EQ(moderation_of(queue), (Moderation{kControlErr, 0, 0})) << queue;
  }
  EXPECT_TRUE(ask(coalescing_of(1, 1, 2)).ok());
  EXPECT_EQ(moderation_of(1), (Moderation{kControlOk, 1, 2}));
  // Of a queue that is enabled later, the last setting of its direction.
  EXPECT_TRUE(ask(coalescing(control_command("coal_rx_set"), 3, 4)).ok());
  nic.enable_queue(layout::kReceiveQueue, 16);
  EXPECT_EQ(moderation_of(0), (Moderation{kControlOk, 3, 4}));
}

TEST_P(NicControlHostile, RefusesAQuestionThatLeavesNoRoomForItsAnswer) {
  set_up();
  Answer const answer = ask(ask_coalescing_of(1), {2}, {8});
  EXPECT_EQ(answer.len, 1U);
  EXPECT_EQ(answer.bytes.at(0), kControlErr);
  Answer const longer = ask(ask_coalescing_of(1) + Data{0}, {2}, {8, 1});
  EXPECT_EQ(longer.len, 9U);
  EXPECT_EQ(longer.bytes, (Data{0, 0, 0, 0, 0, 0, 0, 0, kControlErr}));
}

TEST_P(NicControlHostile, RefusesWhatWasNotNegotiated) {
  std::vector<std::pair<std::uint64_t, Data>> const commands{
      {layout::kFeatureCtrlRx, command(control_command("rx_promisc"), {1})},
      {layout::kFeatureCtrlRx, command(control_command("rx_allmulti"), {1})},
      {layout::kFeatureCtrlRx, mac_table({kOther}, {})},
      {layout::kFeatureCtrlRxExtra, command(control_command("rx_alluni"), {1})},
      {layout::kFeatureCtrlRxExtra, command(control_command("rx_nobcast"), {1})},
      {layout::kFeatureCtrlMacAddr, command(control_command("mac_addr_set"), bytes_of(kOther))},
      {layout::kFeatureCtrlVlan, command(control_command("vlan_add"), {1, 0})},
      {layout::kFeatureCtrlVlan, command(control_command("vlan_del"), {1, 0})},
      {layout::kFeatureGuestAnnounce, command(control_command("announce_ack"))},
      {layout::kFeatureNotfCoal, coalescing(control_command("coal_tx_set"), 1, 1)},
      {layout::kFeatureNotfCoal, coalescing(control_command("coal_rx_set"), 1, 1)},
      {layout::kFeatureVqNotfCoal, coalescing_of(0, 1, 1)},
      {layout::kFeatureVqNotfCoal, ask_coalescing_of(0)},
      {layout::kFeatureCtrlGuestOffloads | layout::kFeatureCtrlVq,
       command(control_command("guest_offloads_set"), Data(8))},
  };
  for (std::uint64_t const left_out :
       {layout::kFeatureCtrlRx, layout::kFeatureCtrlRxExtra, layout::kFeatureCtrlMacAddr,
        layout::kFeatureCtrlVlan, layout::kFeatureGuestAnnounce, layout::kFeatureNotfCoal,
        layout::kFeatureVqNotfCoal, layout::kFeatureCtrlGuestOffloads,
        layout::kFeaturesOfControl | layout::kFeatureCtrlVq}) {
    nic.start({.features = layout::kFeaturesOffered & ~left_out});
    for (auto const& [feature, bytes] : commands) {
      bool const answers = (feature & left_out) == 0;
      bool const asks = bytes == ask_coalescing_of(0);
      Answer const answer = asks && answers ? ask(bytes, {2}, {8, 1}) : ask(bytes);
      EXPECT_EQ(answer.bytes.back(), answers ? kControlOk : kControlErr)
          << testing::PrintToString(bytes) << " without " << left_out;
    }
    nic.reset();
  }
}

TEST_P(NicControlHostile, RefusesFeaturesThatNeedAControlQueueWithoutOne) {
  nic.enable_pci();
  for (std::uint64_t const feature :
       {layout::kFeatureCtrlRx, layout::kFeatureCtrlVlan, layout::kFeatureCtrlRxExtra,
        layout::kFeatureGuestAnnounce, layout::kFeatureCtrlMacAddr, layout::kFeatureVqNotfCoal,
        layout::kFeatureNotfCoal, layout::kFeatureMq, layout::kFeatureRss}) {
    nic.negotiate(layout::kFeaturesRequired | feature);
    EXPECT_EQ(nic.status() & layout::kStatusFeaturesOk, 0) << feature;
    nic.reset();
    nic.negotiate(layout::kFeaturesRequired | layout::kFeatureCtrlVq | feature);
    EXPECT_NE(nic.status() & layout::kStatusFeaturesOk, 0) << feature;
    nic.reset();
  }
}

TEST_P(NicControlHostile, RefusesReadableBehindWritableAndGoesOn) {
  set_up();
  Block const block = nic.allocate(64);
  auto const bytes = command(control_command("rx_promisc"), {1});
  std::copy(bytes.begin(), bytes.end(), block.bytes.begin());
  Sent sent = offer_chain({{block.address, 2},
                           {block.address + 32, 1, layout::kDescriptorWrite},
                           {block.address + 2, 1}},
                          {}, 9);
  sent.writable.push_back({block.bytes.subspan(32, 1), block.address + 32});
  nic.notify(layout::kControlQueue);
  EXPECT_TRUE(answer_of(sent, 9).refused());
  expect_nothing_changed();
}

TEST_P(NicControlHostile, RefusesACommandThatCanNotBeReadAndGoesOn) {
  set_up();
  constexpr std::uint64_t kNowhere = 0xDEAD'0000'0000;
  Sent const sent = offer_chain({{kNowhere, 3}}, {1}, 9);
  nic.notify(layout::kControlQueue);
  EXPECT_TRUE(answer_of(sent, 9).refused());
  expect_nothing_changed();
  for (std::uint32_t i = 1; i < layout::kDataErrorsUntilReset; ++i) {
    EXPECT_FALSE(nic.needs_reset()) << i;
    nic.control().offer({{kNowhere, 3}}, 6);
    nic.notify(layout::kControlQueue);
    nic.wait_used(nic.control());
  }
  EXPECT_TRUE(nic.run_until([this] { return nic.needs_reset(); }, us(20)));
}

TEST_P(NicControlHostile, CarriesOutHundredsOfCommandsInOrderAndNoneAfterAReset) {
  nic.start(kEverything);
  Random random(RingDriver::kSeed);
  SCOPED_TRACE(testing::Message() << "seed " << RingDriver::kSeed);
  for (int session = 0; session < 3; ++session) {
    std::uint32_t last = 0;
    for (int round = 0; round < 12; ++round) {
      std::vector<Sent> sent;
      for (std::uint16_t id = 0; id < 16; ++id) {
        last = static_cast<std::uint32_t>(random.below(1 << 30));
        sent.push_back(offer(coalescing_of(0, last, 1), {2}, {1}, id));
      }
      nic.notify(layout::kControlQueue);
      for (std::uint16_t id = 0; id < 16; ++id) EXPECT_TRUE(answer_of(sent[id], id).ok());
    }
    EXPECT_EQ(moderation_of(0), (Moderation{kControlOk, last, 1}));
    for (std::uint16_t id = 0; id < 12; ++id) {
      offer(command(control_command("rx_allmulti"), {1}), {2}, {1}, id);
    }
    nic.notify(layout::kControlQueue);
    nic.run(us(static_cast<double>(random.below(4000)) / 1000));
    nic.reset();
    nic.start(kEverything);
    nic.run(us(10));
    EXPECT_FALSE(passes(frame_to({{0x01, 0, 0x5E, 0, 0, 3}})));
    EXPECT_EQ(moderation_of(0), (Moderation{kControlOk, 0, 0}));
  }
}

TEST_P(NicControlHostile, AnswersRandomCommandsInRandomPieces) {
  nic.start(kEverything);
  constexpr std::uint64_t kRandomSeed = 0xC0117201;
  SCOPED_TRACE(testing::Message() << "seed " << kRandomSeed);
  Random random(kRandomSeed);
  for (int i = 0; i < 150; ++i) {
    Data bytes = command(static_cast<std::uint16_t>(random.below(8) << 8 | random.below(7)));
    std::size_t const size = random.below(4) == 0 ? random.below(200) : random.below(14);
    for (std::size_t b = 0; b < size; ++b) {
      bytes.push_back(
          static_cast<std::uint8_t>(random.below(3) == 0 ? random.below(256) : random.below(3)));
    }
    std::vector<std::size_t> pieces;
    std::vector<std::uint32_t> room;
    for (std::uint64_t n = random.below(6); n > 0; --n) pieces.push_back(random.below(20));
    for (std::uint64_t n = random.below(5); n > 0; --n) {
      room.push_back(static_cast<std::uint32_t>(random.below(6)));
    }
    Answer const answer = ask(bytes, pieces, room);
    std::uint32_t sum = 0;
    for (std::uint32_t const each : room) sum += each;
    EXPECT_EQ(answer.len == 0, sum == 0);
    EXPECT_TRUE(answer.len <= 1 || answer.len == 9) << answer.len;
    if (random.below(3) == 0) nic.arrive(frame_to({{0x02, 0, 0, 0, 0, 1}}, 1));
  }
  EXPECT_EQ(nic.status(), kReady);
}

INSTANTIATE_TEST_SUITE_P(EveryNic, NicControlHostile, testing::ValuesIn(nic_kinds()),
                         [](auto const& tested) { return tested.param; });

}  // namespace
}  // namespace ringside::testbench
