// Several queue pairs, from the driver's API to the wire and back, on every NIC.
#include "model/device/receive_hash.hpp"
#include "tests/frame/transport_frame.hpp"
#include "tests/system/driven_nic.hpp"

namespace ringside::testbench {
namespace {

using layout::kMaxQueuePairs;

constexpr std::uint64_t kSeed = 0xD21E2;

class DriverPairs : public DrivenNic {
 protected:
  using Handler = driver::DeviceControl::Handler;

  static driver::VirtioNetConfig config(std::uint64_t features = driver::kFeaturesKnown) {
    driver::VirtioNetConfig config;
    config.receive_queue_size = config.transmit_queue_size = 64;
    config.queue_pairs = kMaxQueuePairs;
    config.hash_report = true;
    config.features = features & ~layout::kFeatureCtrlVlan;  // tags are welcome
    return config;
  }

  Frame some_flow() {
    test::TransportFrame frame{
        .tags = static_cast<unsigned>(random_.below(2)),
        .ipv6 = random_.chance(0.5),
        .protocol = random_.chance(0.5) ? test::TransportFrame::kTcp : test::TransportFrame::kUdp};
    frame.build(random_);
    std::copy(kStation.bytes.begin(), kStation.bytes.end(), frame.bytes.begin());
    return frame.bytes;
  }
  bool set_scaling(driver::ReceiveScaling const& scaling) {
    return told(
        [&](Handler hear) { return control().set_receive_scaling(scaling, std::move(hear)); });
  }

  void expect_hash(Received const& received, driver::ReceiveHashing const& by) {
    auto const hash = model::flow_hash(received.frame, by.types, by.key);
    EXPECT_EQ(received.info.hash_report, hash.report) << "seed " << kSeed;
    EXPECT_EQ(received.info.hash, hash.value) << "seed " << kSeed;
  }

  // A frame each way by each pair, and interrupts that find it.
  void expect_all_at_work() {
    for (std::uint16_t pair = 0; pair < net().queue_pairs(); ++pair) {
      std::size_t const before = sent();
      ASSERT_TRUE(send(counting_frame(100u + pair), pair));
      ASSERT_EQ(sent(), before + 1);
      EXPECT_EQ(sent(before), counting_frame(100u + pair));
      ASSERT_TRUE(set_scaling({{}, {pair}, pair}));
      auto const received = arrive(some_flow());
      ASSERT_TRUE(received) << "pair " << pair;
      EXPECT_EQ(received->info.queue_pair, pair);
      expect_hash(*received, {});
    }
  }

  Random random_{kSeed};
};

TEST_P(DriverPairs, SendAndReceiveEach) {
  start(config());
  ASSERT_EQ(net().queue_pairs(), kMaxQueuePairs);
  expect_all_at_work();
  as_host([&] {
    net().stop();
    EXPECT_TRUE(net().start());
  });
  run(us(400));
  expect_all_at_work();
}

TEST_P(DriverPairs, InterruptByVectorsOfTheirOwn) {
  start(config());
  std::vector<std::uint16_t> vectors;
  as_host([&] {
    for (std::uint16_t queue = 0; queue < 2 * kMaxQueuePairs; ++queue) {
      function().bar_write(0, common("queue_select"), 2, queue);
      vectors.push_back(
          static_cast<std::uint16_t>(function().bar_read(0, common("queue_msix_vector"), 2)));
    }
  });
  std::sort(vectors.begin(), vectors.end());
  EXPECT_EQ(std::unique(vectors.begin(), vectors.end()), vectors.end());
  EXPECT_LT(vectors.back(), layout::kNumVectors);
  auto const before = net().statistics().interrupts;
  ASSERT_TRUE(set_scaling({{}, {3}, 3}));
  ASSERT_TRUE(arrive(some_flow()));
  EXPECT_EQ(net().statistics().interrupts, before + 1);
}

TEST_P(DriverPairs, AreSpreadOverByFlow) {
  start(config());
  driver::ReceiveScaling scaling;
  for (auto& byte : scaling.hashing.key) byte = static_cast<std::uint8_t>(random_.next());
  scaling.hashing.types = 0x0B;
  for (std::size_t i = 0; i < 32; ++i) {
    scaling.table.push_back(static_cast<std::uint16_t>(random_.below(kMaxQueuePairs)));
  }
  scaling.unclassified = 2;
  ASSERT_TRUE(set_scaling(scaling));
  for (int i = 0; i < 12; ++i) {
    auto const received = arrive(some_flow());
    ASSERT_TRUE(received);
    expect_hash(*received, scaling.hashing);
    EXPECT_EQ(received->info.queue_pair, received->info.hash_report == 0
                                             ? scaling.unclassified
                                             : scaling.table[received->info.hash % 32]);
  }
  scaling.table = {0, 1, 2};
  scaling.table.push_back(kMaxQueuePairs);
  EXPECT_FALSE(set_scaling(scaling)) << "there is no such pair";
}

TEST_P(DriverPairs, AreSpreadOverByADeviceThatIsOnlyToldTheirNumber) {
  start(config(driver::kFeaturesKnown & ~layout::kFeatureRss));
  ASSERT_EQ(net().queue_pairs(), kMaxQueuePairs);
  std::array<unsigned, kMaxQueuePairs> by_pair{};
  for (int i = 0; i < 24; ++i) {
    auto const received = arrive(some_flow());
    ASSERT_TRUE(received);
    expect_hash(*received, {});
    ++by_pair.at(received->info.queue_pair);
  }
  EXPECT_GT(*std::min_element(by_pair.begin(), by_pair.end()), 0U);
  driver::ReceiveHashing const few{.types = 0x9};
  ASSERT_TRUE(
      told([&](Handler hear) { return control().set_receive_hashing(few, std::move(hear)); }));
  for (int i = 0; i < 4; ++i) expect_hash(arrive(some_flow()).value(), few);
  ASSERT_TRUE(told([&](Handler hear) { return control().set_queue_pairs(1, std::move(hear)); }));
  for (int i = 0; i < 4; ++i) EXPECT_EQ(arrive(some_flow()).value().info.queue_pair, 0);
}

TEST_P(DriverPairs, AreOneWithADeviceThatHasNoMore) {
  start(config(driver::kFeaturesWanted));
  ASSERT_EQ(net().queue_pairs(), 1U);
  ASSERT_TRUE(send(counting_frame(100), 3)) << "by the only one";
  EXPECT_EQ(sent(), 1U);
  auto const received = arrive(some_flow());
  ASSERT_TRUE(received);
  EXPECT_EQ(received->info.queue_pair, 0);
  EXPECT_EQ(received->info.hash_report, 0);
}

TEST_P(DriverPairs, AreOneWithoutAControlQueue) {
  start(config(driver::kFeaturesKnown & ~layout::kFeatureCtrlVq));
  ASSERT_EQ(net().queue_pairs(), 1U);
  EXPECT_EQ(net().agreement().header_bytes(), layout::kNetHeaderBytes);
  ASSERT_TRUE(send(counting_frame(100)));
  EXPECT_TRUE(arrive(some_flow()));
}

INSTANTIATE_TEST_SUITE_P(EveryNic, DriverPairs, testing::ValuesIn(nic_kinds()),
                         [](auto const& tested) { return tested.param; });

}  // namespace
}  // namespace ringside::testbench
