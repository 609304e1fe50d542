// The NIC as a device: registers, rings and wire, the same questions to RTL and model. SystemC
// elaborates once a process, so each test runs in one of its own.
#include "tests/system/ring_driver.hpp"

namespace ringside::testbench {
namespace {

using namespace layout;

TEST_P(EveryNic, CarriesAFrameEachWay) {
  nic.start();
  expect_round_trip();
}

TEST_P(EveryNic, RunsThroughManyLapsOfARingOfAnySize) {
  nic.start({.size = 5});
  for (std::uint16_t i = 0; i < 23; ++i) {
    ASSERT_NO_FATAL_FAILURE(expect_round_trip(i)) << i;
  }
}

TEST_P(EveryNic, RunsOnARingOfOneDescriptor) {
  nic.start({.size = 1});
  for (std::uint16_t i = 0; i < 5; ++i) ASSERT_NO_FATAL_FAILURE(expect_round_trip(i)) << i;
}

TEST_P(EveryNic, StartsCleanAfterAResetInTheMiddleOfTraffic) {  // R14
  for (int moment = 0; moment < 24; ++moment) {
    SCOPED_TRACE(testing::Message() << "reset " << moment * 0.15 << " us into the traffic");
    ASSERT_NO_FATAL_FAILURE(nic.start({.size = 64}));
    for (std::uint16_t i = 0; i < 8; ++i) nic.post(2048, i);
    for (std::uint16_t i = 0; i < 16; ++i) nic.send(counting_frame(300, 1), i);
    for (int i = 0; i < 4; ++i) nic.arrive(counting_frame(300, 2));
    nic.run(us(moment * 0.15));
    ASSERT_NO_FATAL_FAILURE(nic.reset());
    auto const requests = nic.link.statistics().reads + nic.link.statistics().writes;
    nic.run(us(20));
    EXPECT_EQ(nic.link.statistics().reads + nic.link.statistics().writes, requests)
        << "the old session reaches for memory";
    ASSERT_NO_FATAL_FAILURE(nic.start());
    ASSERT_NO_FATAL_FAILURE(expect_round_trip());
    ASSERT_NO_FATAL_FAILURE(nic.reset());
  }
}

TEST_P(EveryNic, IgnoresConfigurationWhileAResetDrains) {  // R14
  nic.start({.size = 64});
  for (std::uint16_t i = 0; i < 32; ++i) nic.send(counting_frame(1500), i);
  nic.run(us(2));
  nic.set_status(0);
  nic.set_status(kReady);
  nic.select(1);
  nic.write(common("queue_enable"), 2, 1);
  ASSERT_TRUE(nic.run_until([this] { return nic.status() == 0; }));
  EXPECT_EQ(nic.read(common("queue_select"), 2), 0U);
  nic.select(1);
  EXPECT_EQ(nic.read(common("queue_enable"), 2), 0U);
}

INSTANTIATE_TEST_SUITE_P(Device, EveryNic, testing::ValuesIn(nic_kinds()),
                         [](auto const& tested) { return tested.param; });

}  // namespace
}  // namespace ringside::testbench
