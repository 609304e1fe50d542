// A virtio reset: what drains, what is ignored meanwhile, and what is left. R numbers are those of
// docs/verification.md.
#include <gtest/gtest.h>

#include "tests/rtl/host/registers_bench.hpp"

namespace ringside::testbench {
namespace {

using namespace layout;

constexpr std::uint8_t kReady =
    kStatusAcknowledge | kStatusDriver | kStatusFeaturesOk | kStatusDriverOk;
constexpr std::uint32_t kNotifyReceive = kNotifyBlock.offset;

using Notifications = std::array<int, kNumQueues>;

std::uint32_t isr(RegistersBench& bench) {
  return static_cast<std::uint32_t>(bench.read(offset_of(kIsrBlock, "isr_status"), 1));
}

// R14
TEST(DeviceReset, ReadsAsZeroOnlyWhenAllBlocksAreDrained) {
  RegistersBench bench;
  bench.enable_queue(0);
  bench.go_live();
  bench.set_common("queue_msix_vector", 1);
  bench.pins().drained_i = 0;
  bench.set_common("device_status", 0);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(bench.status(), kReady);
  EXPECT_TRUE(bench.pins().flush_o);
  EXPECT_FALSE(bench.pins().live_o);
  EXPECT_EQ(bench.common_value("queue_enable"), 1U);
  bench.pins().drained_i = 1;
  bench.tick(2);
  EXPECT_EQ(bench.status(), 0);
  EXPECT_FALSE(bench.pins().flush_o);
  EXPECT_EQ(bench.common_value("queue_enable"), 0U);
  EXPECT_EQ(bench.common_value("queue_msix_vector"), kNoVector);
  EXPECT_EQ(bench.common_value("queue_desc"), 0U);
  EXPECT_EQ(bench.pins().features_o, 0U);
}

// R14
TEST(DeviceReset, IgnoresWritesWhileItDrains) {
  RegistersBench bench;
  bench.enable_queue(0);
  bench.set_common("queue_select", 1);
  bench.go_live();
  bench.take_notifications();
  bench.pins().drained_i = 0;
  bench.set_common("device_status", 0);
  bench.set_common("device_status", kStatusAcknowledge);
  bench.set_common("device_status", kReady);
  bench.set_common("device_status", 0);
  bench.set_common("queue_size", 4);
  bench.set_common("queue_enable", 1);
  EXPECT_EQ(bench.common_value("queue_size"), kMaxQueueSize);
  EXPECT_EQ(bench.common_value("queue_enable"), 0U);
  bench.set_common("queue_select", 0);
  bench.set_common("config_msix_vector", 1);
  bench.write(offset_of(kModerationBlock, "max_usecs"), 4, 7);
  bench.write(kNotifyReceive, 2, 0);
  EXPECT_EQ(bench.status(), kReady);
  EXPECT_EQ(bench.common_value("queue_select"), 1U);
  EXPECT_EQ(bench.common_value("config_msix_vector"), kNoVector);
  EXPECT_EQ(bench.read(offset_of(kModerationBlock, "max_usecs"), 4), 0U);
  bench.pins().drained_i = 1;
  EXPECT_TRUE(bench.reset_ends());
  EXPECT_EQ(bench.take_notifications(), (Notifications{0, 0}));
  for (std::uint16_t q = 0; q < kNumQueues; ++q) {
    bench.set_common("queue_select", q);
    EXPECT_EQ(bench.common_value("queue_enable"), 0U);
  }
}

// A block may say that it is drained until the flush has reached its registers.
TEST(DeviceReset, AsksBlocksOnlyOnceTheyHaveSeenTheFlush) {
  RegistersBench bench;
  bench.go_live();
  Vregisters& d = bench.pins();
  d.s_axil_awaddr_i = static_cast<std::uint16_t>(offset_of(kCommonBlock, "device_status"));
  d.s_axil_wdata_i = 0;
  d.s_axil_wstrb_i = 1;
  d.s_axil_awvalid_i = d.s_axil_wvalid_i = 1;
  bench.tick();
  d.s_axil_awvalid_i = d.s_axil_wvalid_i = 0;
  for (int i = 0; i < 10 && !d.flush_o; ++i) bench.tick();
  ASSERT_TRUE(d.flush_o);
  bench.tick();
  d.drained_i = 0;
  bench.tick(5);
  EXPECT_TRUE(d.flush_o);
  EXPECT_EQ(bench.status(), kReady);
  d.drained_i = 1;
  EXPECT_TRUE(bench.reset_ends());
}

TEST(DeviceReset, TellsTheDriverOfNoChangeWhileItDrains) {
  RegistersBench bench;
  bench.go_live();
  bench.pins().drained_i = 0;
  bench.set_common("device_status", 0);
  bench.pins().link_up_i = 0;
  bench.tick(3);
  EXPECT_EQ(isr(bench), 0U);
}

TEST(DeviceReset, IsDoneAtOnceWhenThereIsNothingToDrain) {
  RegistersBench bench;
  bench.pins().drained_i = 0;  // nothing of a session is anywhere, so nobody is asked
  bench.set_common("queue_select", 1);
  bench.set_common("queue_size", 8);
  bench.set_common("device_status", 0);
  bench.set_common("device_status", kStatusAcknowledge);
  EXPECT_EQ(bench.status(), kStatusAcknowledge);
  EXPECT_EQ(bench.common_value("queue_select"), 0U);
  bench.set_common("queue_select", 1);
  EXPECT_EQ(bench.common_value("queue_size"), kMaxQueueSize);
}

TEST(DeviceReset, ClearsModerationAndInterruptStatus) {
  RegistersBench bench;
  bench.go_live();
  bench.write(offset_of(kModerationBlock, "max_packets"), 4, 32);
  bench.pins().link_up_i = 0;
  bench.tick(3);
  bench.set_common("device_status", 0);
  EXPECT_TRUE(bench.reset_ends());
  EXPECT_EQ(isr(bench), 0U);
  EXPECT_EQ(bench.read(offset_of(kModerationBlock, "max_packets"), 4), 0U);
}

}  // namespace
}  // namespace ringside::testbench
