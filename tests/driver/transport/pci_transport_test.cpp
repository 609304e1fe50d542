#include "driver/transport/pci_transport.hpp"

#include "tests/driver/transport/fake_pci_function.hpp"

namespace ringside::driver {
namespace {

using test::FakePciFunction;

constexpr std::uint32_t common(std::string_view name) {
  for (auto const& r : layout::kCommonConfig) {
    if (r.name == name) return layout::kCommonBlock.offset + r.offset;
  }
  return ~0U;
}

struct Pci : testing::Test {
  test::VirtualExecutor executor;
  FakePciFunction function{executor};
  std::unique_ptr<PciTransport> transport = open();

  std::unique_ptr<PciTransport> open() {
    auto found = PciTransport::discover(function, executor);
    EXPECT_TRUE(found);
    return found ? std::move(*found) : nullptr;
  }
  void reopen() {
    transport.reset();
    transport = open();
  }
  std::uint16_t command() { return load_le<std::uint16_t>(&function.config[4]); }
};

TEST_F(Pci, DiscoverySwitchesMemoryAndBusMasteringOn) {
  EXPECT_EQ(command() & 6, 6);
  EXPECT_TRUE(function.writes.empty()) << "the device itself is left alone";
  unsigned const reads = function.config_reads;
  transport.reset();
  EXPECT_EQ(command() & 6, 2) << "it reaches no memory without its driver";
  EXPECT_EQ(function.config_reads, reads) << "a read would wait for its answer";
}

TEST_F(Pci, DiscoveryOfSomethingElseFails) {
  function.config[2] = 0;
  auto const found = PciTransport::discover(function, executor);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error(), TransportError::NotFound);
}

TEST_F(Pci, ResetWaitsUntilTheStatusIsZero) {
  function.resets_pending = 7;
  EXPECT_TRUE(transport->reset());
  EXPECT_EQ(function.resets, 1U);
  EXPECT_EQ(function.resets_pending, 0U);
}

TEST_F(Pci, D16_ResetEndsInTimeWhenTheStatusNeverIsZero) {
  function.resets_pending = ~0U;
  auto const before = executor.now();
  auto const reset = transport->reset();
  ASSERT_FALSE(reset);
  EXPECT_EQ(reset.error(), TransportError::ResetTimeout);
  EXPECT_GE(executor.now() - before, PciTransport::kResetTimeout);
  EXPECT_LE(executor.now() - before, PciTransport::kResetTimeout * 2);
}

TEST_F(Pci, D16_ResetEndsEvenWhenReadsTakeNoTime) {
  function.resets_pending = ~0U;
  function.read_time = Duration{0};
  EXPECT_FALSE(transport->reset());
  EXPECT_GE(function.resets_pending, ~0U - PciTransport::kResetPolls);
}

TEST_F(Pci, FeaturesAreReadAndWrittenInTwoHalves) {
  EXPECT_EQ(transport->offered_features(), layout::kFeaturesOffered);
  EXPECT_EQ(function.bar[FakePciFunction::kStatusAt], 3) << "ACKNOWLEDGE and DRIVER";
  std::uint64_t const wanted = 0x15'3001'8028;
  EXPECT_TRUE(transport->accept_features(wanted));
  std::vector<std::uint32_t> halves;
  for (auto const& w : function.writes) {
    if (w.offset == common("driver_feature")) halves.push_back(w.value);
  }
  EXPECT_EQ(halves, (std::vector<std::uint32_t>{0x3001'8028, 0x15}));
  EXPECT_EQ(function.bar[FakePciFunction::kStatusAt], 0x0B);
}

TEST_F(Pci, FeaturesThatTheDeviceDoesNotKeepAreRefused) {
  function.refuse_features = true;
  (void)transport->offered_features();
  auto const accepted = transport->accept_features(layout::kFeaturesOffered);
  ASSERT_FALSE(accepted);
  EXPECT_EQ(accepted.error(), TransportError::FeaturesRefused);
}

TEST_F(Pci, StatusBitsOfTheDeviceAreNeverWrittenBack) {
  (void)transport->offered_features();
  function.bar[FakePciFunction::kStatusAt] |= layout::kStatusNeedsReset;
  transport->driver_ok();
  EXPECT_EQ(function.written(FakePciFunction::kStatusAt), 0x07U);
  transport->fail();
  EXPECT_EQ(function.written(FakePciFunction::kStatusAt), 0x87U);
}

TEST_F(Pci, AQueueIsDescribedBeforeItIsEnabled) {
  EXPECT_EQ(transport->queue_count(), layout::kNumQueues);
  EXPECT_EQ(transport->max_queue_size(1), 256);
  QueueLayout const queue{100, 0x1'2345'6000, 0x2'0000'0040, 0x3'0000'0080};
  ASSERT_TRUE(transport->enable_queue(1, queue));
  EXPECT_EQ(function.written(common("queue_select")), 1U);
  EXPECT_EQ(function.written(common("queue_size")), 100U);
  EXPECT_EQ(function.written(common("queue_desc")), 0x2345'6000U);
  EXPECT_EQ(function.written(common("queue_desc") + 4), 1U);
  EXPECT_EQ(function.written(common("queue_driver")), 0x40U);
  EXPECT_EQ(function.written(common("queue_driver") + 4), 2U);
  EXPECT_EQ(function.written(common("queue_device")), 0x80U);
  EXPECT_EQ(function.written(common("queue_device") + 4), 3U);
  EXPECT_EQ(function.writes.back().offset, common("queue_enable"));
  EXPECT_EQ(function.writes.back().value, 1U);
}

TEST_F(Pci, AQueueThatIsMissingOrTooSmallIsNotEnabled) {
  EXPECT_EQ(transport->enable_queue(0, {257, 0, 0, 0}).error(), TransportError::QueueMissing);
  EXPECT_EQ(transport->enable_queue(0, {0, 0, 0, 0}).error(), TransportError::QueueMissing);
  store_le<std::uint16_t>(&function.bar[common("queue_size")], 0);
  EXPECT_EQ(transport->enable_queue(0, {8, 0, 0, 0}).error(), TransportError::QueueMissing);
  EXPECT_EQ(transport->enable_queue(PciTransport::kMaxQueues, {8, 0, 0, 0}).error(),
            TransportError::QueueMissing);
}

TEST_F(Pci, NotificationsGoToTheSlotThatTheDeviceNames) {
  store_le<std::uint16_t>(&function.bar[common("queue_notify_off")], 1);
  ASSERT_TRUE(transport->enable_queue(1, {8, 0, 0, 0}));
  transport->notify(1);
  auto const& last = function.writes.back();
  EXPECT_EQ(last.offset, layout::kNotifyBlock.offset + 4);
  EXPECT_EQ(last.size, 2U);
  EXPECT_EQ(last.value, 1U);
}

TEST_F(Pci, NotificationsOfAQueueThatIsNotEnabledGoNowhere) {
  ASSERT_TRUE(transport->enable_queue(0, {8, 0, 0, 0}));
  auto const before = function.writes.size();
  transport->notify(1);
  transport->notify(60000);
  EXPECT_EQ(function.writes.size(), before);
  ASSERT_TRUE(transport->reset());
  transport->notify(0);
  EXPECT_EQ(function.writes.size(), before + 1) << "only the reset";
}

TEST_F(Pci, D15_ASlotOutsideOfTheNotifyStructureIsRefused) {
  auto const capability = function.capability(2);
  auto const attempt = [this](std::uint16_t slot) {
    store_le(&function.bar[common("queue_notify_off")], slot);
    return transport->enable_queue(0, {8, 0, 0, 0}).has_value();
  };
  EXPECT_TRUE(attempt(0));
  EXPECT_TRUE(attempt(layout::kNumQueues - 1));
  EXPECT_FALSE(attempt(layout::kNumQueues)) << "the structure has a slot for each queue";
  EXPECT_FALSE(attempt(0xFFFF));
  function.set_config32(capability + 16, 0xFFFF'FFFF);
  reopen();
  EXPECT_TRUE(attempt(0));
  EXPECT_FALSE(attempt(1));
  EXPECT_FALSE(attempt(0xFFFF));
  function.set_config32(capability + 16, 0x8000'0000);
  reopen();
  EXPECT_FALSE(attempt(2)) << "not 0, as it would be in 32 bits";
  function.set_config32(capability + 16, 0);
  reopen();
  EXPECT_TRUE(attempt(0xFFFF)) << "multiplier 0: all queues share a slot";
}

TEST_F(Pci, EachSourceHasItsVector) {
  std::vector<int> calls;
  ASSERT_TRUE(transport->on_config_change([&] { calls.push_back(0); }));
  ASSERT_TRUE(transport->on_interrupt(0, [&] { calls.push_back(1); }));
  ASSERT_TRUE(transport->on_interrupt(1, [&] { calls.push_back(2); }));
  EXPECT_EQ(function.written(common("config_msix_vector")), 0U);
  EXPECT_EQ(function.written(common("queue_msix_vector")), 2U);
  for (std::uint16_t vector = 0; vector < 3; ++vector) {
    std::uint32_t const entry = layout::kMsixTableBlock.offset + vector * layout::kMsixStride;
    EXPECT_EQ(function.written(entry), 0x1000U + vector);
    EXPECT_EQ(function.written(entry + 4), 0xFEE0U);
    EXPECT_EQ(function.written(entry + 8), 0x40U + vector);
    EXPECT_EQ(function.written(entry + 12), 0U) << "not masked";
  }
  EXPECT_EQ(function.config[layout::kPciConfiguration.msix + 3] & 0xC0, 0x80)
      << "MSI-X enabled, function not masked";
  for (std::uint16_t vector : {2, 0, 1}) function.interrupt(vector);
  executor.run_ready();
  EXPECT_EQ(calls, (std::vector{2, 0, 1}));
}

TEST_F(Pci, D20_FewerVectorsAreShared) {
  std::vector<int> calls;
  for (unsigned vectors : {2U, 1U}) {
    function.config[layout::kPciConfiguration.msix + 2] = static_cast<std::uint8_t>(vectors - 1);
    reopen();
    calls.clear();
    ASSERT_TRUE(transport->on_config_change([&] { calls.push_back(0); }));
    ASSERT_TRUE(transport->on_interrupt(0, [&] { calls.push_back(1); }));
    ASSERT_TRUE(transport->on_interrupt(1, [&] { calls.push_back(2); }));
    function.interrupt(static_cast<std::uint16_t>(vectors - 1));
    executor.run_ready();
    EXPECT_EQ(calls, vectors == 2 ? (std::vector{1, 2}) : (std::vector{0, 1, 2}));
  }
}

TEST_F(Pci, D20_AVectorThatTheDeviceRefusesIsReplacedByTheFirst) {
  function.refused_vectors = {{2, true}};
  int calls = 0;
  ASSERT_TRUE(transport->on_interrupt(1, [&] { ++calls; }));
  EXPECT_EQ(function.written(common("queue_msix_vector")), 0U);
  function.interrupt(0);
  function.interrupt(2);
  executor.run_ready();
  EXPECT_EQ(calls, 1);
}

TEST_F(Pci, D20_WithoutAnyVectorTheTransportSaysSo) {
  function.refused_vectors = {{0, true}, {1, true}, {2, true}};
  EXPECT_EQ(transport->on_interrupt(0, [] {}).error(), TransportError::VectorRefused);
  function.refused_vectors.clear();
  function.config[layout::kPciConfiguration.msix] = 0;  // no MSI-X at all
  reopen();
  EXPECT_EQ(transport->on_interrupt(0, [] {}).error(), TransportError::VectorRefused);
  EXPECT_EQ(transport->on_config_change([] {}).error(), TransportError::VectorRefused);
}

TEST_F(Pci, HandlersAreTakenAwayFromTheBusAtTheEnd) {
  ASSERT_TRUE(transport->on_interrupt(0, [] {}));
  EXPECT_TRUE(function.handlers.at(1));
  transport.reset();
  EXPECT_FALSE(function.handlers.at(1));
}

TEST_F(Pci, ConfigurationFieldsAreReadWithTheirOwnWidth) {
  std::array<std::uint8_t, 6> mac{};
  std::vector<std::uint32_t> offsets;
  function.on_read = [&](std::uint32_t offset) { offsets.push_back(offset); };
  transport->read_config(0, mac);
  EXPECT_EQ(mac, (std::array<std::uint8_t, 6>{2, 0, 0, 0, 0, 0x77}));
  EXPECT_EQ(offsets.size(), 8U) << "six bytes between two looks at the generation";
  std::array<std::uint8_t, 2> mtu{};
  transport->read_config(10, mtu);
  EXPECT_EQ(load_le<std::uint16_t>(mtu.data()), 1500);
}

TEST_F(Pci, ConfigurationBeyondWhatTheDeviceHasReadsAsZero) {
  std::array<std::uint8_t, 4> bytes{1, 2, 3, 4};
  transport->read_config(12, bytes);
  EXPECT_EQ(bytes, (std::array<std::uint8_t, 4>{}));
  transport->read_config(0xFFFF'FFFE, std::span(bytes).first(2));
  EXPECT_EQ(bytes[0], 0);
}

TEST_F(Pci, D11_AConfigurationThatChangesIsReadAgain) {
  std::uint32_t const mac_at = layout::kDeviceBlock.offset;
  int changes = 2;
  function.on_read = [&](std::uint32_t offset) {
    if (offset == mac_at + 3 && changes > 0) {
      --changes;
      function.bar[common("config_generation")]++;
      std::fill_n(function.bar.begin() + mac_at, 6, static_cast<std::uint8_t>(2 + 2 * changes));
    }
  };
  std::array<std::uint8_t, 6> mac{};
  transport->read_config(0, mac);
  EXPECT_EQ(mac, (std::array<std::uint8_t, 6>{2, 2, 2, 2, 2, 2})) << "all of one generation";
}

TEST_F(Pci, D11_AConfigurationThatNeverHoldsStillDoesNotHang) {
  unsigned reads = 0;
  function.on_read = [&](std::uint32_t) {
    ++reads;
    function.bar[common("config_generation")]++;
  };
  std::array<std::uint8_t, 2> mtu{};
  transport->read_config(10, mtu);
  EXPECT_EQ(reads, 3 * PciTransport::kConfigTries);
}

TEST_F(Pci, ModerationGoesToTheVendorsRegisters) {
  ASSERT_TRUE(transport->set_moderation(0, {16, 20}));
  ASSERT_TRUE(transport->set_moderation(1, {32, 64}));
  auto const at = layout::kModerationBlock.offset;
  EXPECT_EQ(function.written(at), 16U);
  EXPECT_EQ(function.written(at + 4), 20U);
  EXPECT_EQ(function.written(at + 8), 32U);
  EXPECT_EQ(function.written(at + 12), 64U);
  EXPECT_EQ(transport->set_moderation(layout::kNumQueues, {}).error(), TransportError::Unsupported);
}

TEST_F(Pci, WithoutTheVendorCapabilityThereIsNoModerationAndNoStatistics) {
  function.config[function.capability(9) + 3] = 8;
  reopen();
  EXPECT_EQ(transport->set_moderation(0, {1, 1}).error(), TransportError::Unsupported);
  EXPECT_EQ(transport->statistic(0), 0U);
}

TEST_F(Pci, StatisticsAreReadWhole) {
  auto const at = layout::kStatisticsBlock.offset + 8;
  store_le<std::uint64_t>(&function.bar[at], 0x1'FFFF'FFFF);
  EXPECT_EQ(transport->statistic(1), 0x1'FFFF'FFFFU);
  unsigned upper_reads = 0;
  function.on_read = [&](std::uint32_t offset) {  // the carry comes after both halves were read
    if (offset == at + 4 && ++upper_reads == 2) {
      store_le<std::uint64_t>(&function.bar[at], 0x2'0000'0003);
    }
  };
  EXPECT_EQ(transport->statistic(1), 0x2'0000'0003U);
  EXPECT_EQ(transport->statistic(layout::kStatistics.size()), 0U);
}

}  // namespace
}  // namespace ringside::driver
