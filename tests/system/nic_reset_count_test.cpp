// What a reset catches on its way is in a counter all the same.
#include "tests/system/ring_driver.hpp"

namespace ringside::testbench {
namespace {

using namespace layout;

class EveryNicCounts : public EveryNic {};

// A reset may come at any moment of a frame's way to memory: delivered or dropped, it is counted.
TEST_P(EveryNicCounts, AFrameThatAResetCatchesOnItsWay) {
  constexpr int kMoments = 400;
  constexpr double kStepUs = 0.0064;
  for (int moment = 0; moment < kMoments; ++moment) {
    ASSERT_NO_FATAL_FAILURE(nic.start());
    for (std::uint16_t id = 0; id < 4; ++id) nic.post(2048, id);
    nic.run(us(5));
    nic.arrive(counting_frame(600));
    nic.run(us(0.5 + moment * kStepUs));
    ASSERT_NO_FATAL_FAILURE(nic.reset());
    nic.run(us(5));
    EXPECT_EQ(nic.counter("rx_frames"),
              nic.counter("rx_packets") + nic.counter("rx_dropped_no_buffer") +
                  nic.counter("rx_dropped_overrun") + nic.counter("rx_dropped_error"))
        << "reset " << 0.5 + moment * kStepUs << " us behind the start of the frame";
  }
}

INSTANTIATE_TEST_SUITE_P(Device, EveryNicCounts, testing::ValuesIn(nic_kinds()),
                         [](auto const& tested) { return tested.param; });

}  // namespace
}  // namespace ringside::testbench
