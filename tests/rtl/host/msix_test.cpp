// MSI-X and the interrupt status register: masks, pending bits, and what a reset does to them.
#include <gtest/gtest.h>

#include "tests/rtl/host/registers_bench.hpp"

namespace ringside::testbench {
namespace {

using namespace layout;

constexpr int kLong = 30;  // cycles, more than a message takes
constexpr std::uint64_t kPending = offset_of(kMsixPendingBlock, "pending");

std::uint64_t address_of(unsigned vector) { return 0xFEE0'0000ULL + 0x1'0000'0000ULL * vector; }
Message message_of(unsigned vector) { return {address_of(vector), 0x40 + vector}; }

class Msix : public testing::Test {
 protected:
  Msix() {
    for (unsigned v = 0; v < kNumVectors; ++v) {
      bench.program_vector(v, message_of(v).address, message_of(v).data, false);
    }
    bench.pins().msix_enable_i = 1;
    start();
  }
  void start() {
    bench.set_common("config_msix_vector", 0);
    for (std::uint16_t q = 0; q < kNumQueues; ++q) {
      bench.set_common("queue_select", q);
      bench.set_common("queue_msix_vector", q + 1U);
    }
    bench.go_live();
  }
  void raise(unsigned queues) {
    bench.pins().interrupt_i = static_cast<std::uint8_t>(queues);
    bench.tick();
    bench.pins().interrupt_i = 0;
  }
  void mask(unsigned vector, bool masked) {
    bench.write(
        kMsixTableBlock.offset + vector * kMsixStride + find(kMsixTable, "vector_control").offset,
        4, masked);
  }
  std::uint64_t pending() { return bench.read(kPending, 8); }
  std::uint64_t interrupts() { return bench.read(offset_of(kStatisticsBlock, "interrupts"), 8); }
  std::uint32_t isr() {
    return static_cast<std::uint32_t>(bench.read(offset_of(kIsrBlock, "isr_status"), 1));
  }
  std::vector<Message> sent() {
    bench.tick(kLong);
    return bench.take_messages();
  }
  using Messages = std::vector<Message>;

  RegistersBench bench;
};

TEST_F(Msix, SendsTheMessageOfTheQueuesVector) {
  raise(2);
  EXPECT_EQ(sent(), Messages{message_of(2)});
  raise(1);
  EXPECT_EQ(sent(), Messages{message_of(1)});
  EXPECT_EQ(interrupts(), 2U);
  EXPECT_EQ(pending(), 0U);
  EXPECT_EQ(isr(), 0U);
}

TEST_F(Msix, SendsOneMessageAfterAnother) {
  bench.dma_delay = 20;
  raise(3);
  bench.tick(5);
  EXPECT_EQ(bench.take_messages(), Messages{message_of(1)});
  EXPECT_EQ(pending(), 4U);
  EXPECT_EQ(sent(), Messages{message_of(2)});
}

TEST_F(Msix, LetsNoVectorWaitBehindABusierOne) {
  bench.dma_delay = 20;
  raise(3);
  bench.tick(5);
  raise(1);  // while the first message is on its way
  bench.tick(kLong);
  EXPECT_EQ(sent(), (Messages{message_of(1), message_of(2), message_of(1)}));
}

TEST_F(Msix, SendsWhenTheLinkChangesOrTheDeviceFails) {
  bench.pins().link_up_i = 0;
  EXPECT_EQ(sent(), Messages{message_of(0)});
  EXPECT_EQ(isr(), 2U);
  bench.pins().queue_error_i = 1;
  bench.tick();
  bench.pins().queue_error_i = 0;
  EXPECT_EQ(sent(), Messages{message_of(0)});
  EXPECT_EQ(isr(), 2U);
}

TEST_F(Msix, IsSilentAboutTheLinkBeforeDriverOk) {
  bench.set_common("device_status", 0);
  ASSERT_TRUE(bench.reset_ends());
  bench.set_common("config_msix_vector", 0);
  bench.pins().link_up_i = 0;
  EXPECT_EQ(sent(), Messages{});
  EXPECT_EQ(isr(), 0U);
}

TEST_F(Msix, MergesRequestsThatWaitBehindAMaskAndSendsOneWhenUnmasked) {
  mask(1, true);
  for (int i = 0; i < 5; ++i) raise(1);
  EXPECT_EQ(sent(), Messages{});
  EXPECT_EQ(pending(), 2U);
  raise(2);  // another vector is not held up
  EXPECT_EQ(sent(), Messages{message_of(2)});
  mask(1, false);
  EXPECT_EQ(sent(), Messages{message_of(1)});
  EXPECT_EQ(pending(), 0U);
  mask(1, true);
  mask(1, false);
  EXPECT_EQ(sent(), Messages{});
}

TEST_F(Msix, WaitsForTheFunctionMaskAndForBusMastering) {
  for (CData* pin : {&bench.pins().msix_mask_i, &bench.pins().bus_master_i}) {
    CData const normal = *pin;
    *pin = !normal;
    raise(3);
    EXPECT_EQ(sent(), Messages{});
    EXPECT_EQ(pending(), 6U);
    *pin = normal;
    EXPECT_EQ(sent(), (Messages{message_of(1), message_of(2)}));
  }
}

TEST_F(Msix, LatchesNothingWhileDisabledAndUsesTheInterruptStatusInstead) {
  bench.pins().msix_enable_i = 0;
  raise(1);
  EXPECT_EQ(pending(), 0U);
  EXPECT_EQ(isr(), 1U);
  EXPECT_EQ(isr(), 0U);
  bench.pins().msix_enable_i = 1;
  EXPECT_EQ(sent(), Messages{});
}

TEST_F(Msix, SendsTheEntryAsItIsWhenUnmasked) {
  mask(1, true);
  raise(1);
  bench.program_vector(1, 0x5'0000'1000, 0xABCD, false);
  EXPECT_EQ(sent(), (Messages{{0x5'0000'1000, 0xABCD}}));
}

TEST_F(Msix, SendsTheEntryThatItBeganWith) {
  bench.dma_ready = false;
  raise(1);
  bench.tick(3);
  bench.program_vector(1, 0x7000, 0x77, true);
  bench.dma_ready = true;
  EXPECT_EQ(sent(), Messages{message_of(1)});
}

TEST_F(Msix, HasNoMessageForASourceWithoutVector) {
  bench.set_common("queue_select", 0);
  bench.set_common("queue_msix_vector", kNoVector);
  raise(1);
  EXPECT_EQ(sent(), Messages{});
  EXPECT_EQ(pending(), 0U);
}

TEST_F(Msix, LetsSourcesShareAVector) {
  for (std::uint16_t q = 0; q < kNumQueues; ++q) {
    bench.set_common("queue_select", q);
    bench.set_common("queue_msix_vector", 1);
  }
  raise(3);
  EXPECT_EQ(sent(), Messages{message_of(1)});
}

// R18
TEST_F(Msix, SendsToWhereverTheDriverSaysAtAnAlignedAddress) {
  for (std::uint64_t const address : {0x0ULL, 0x3ULL, 0xFFFF'FFFF'FFFF'FFFFULL, 0x1000'3002ULL}) {
    bench.program_vector(1, address, 0x12, false);
    raise(1);
    EXPECT_EQ(sent(), (Messages{{address & ~std::uint64_t{3}, 0x12}}));
  }
}

// R18
TEST_F(Msix, LosesNothingWhenMasksToggleWhileItSends) {
  for (int i = 0; i < 40; ++i) {
    bench.dma_delay = 1 + i % 7;
    raise(1);
    mask(1, true);
    bench.tick(i % 5);
    mask(1, false);
    auto const messages = sent();
    ASSERT_EQ(messages, Messages{message_of(1)}) << i;
  }
}

TEST_F(Msix, ForgetsRequestsAtAResetButKeepsItsTable) {
  mask(1, true);
  raise(1);
  bench.dma_ready = false;
  raise(2);
  bench.tick(3);
  bench.set_common("device_status", 0);
  ASSERT_TRUE(bench.reset_ends());
  bench.dma_ready = true;
  mask(1, false);
  EXPECT_EQ(sent(), Messages{});
  EXPECT_EQ(pending(), 0U);
  EXPECT_EQ(bench.read(kMsixTableBlock.offset + kMsixStride, 8), address_of(1));
  start();
  raise(3);
  EXPECT_EQ(sent(), (Messages{message_of(1), message_of(2)}));
}

TEST_F(Msix, IsQuiescentWhileItWaitsForTheHost) {
  bench.dma_delay = 1000;
  raise(1);
  bench.tick(kLong);
  EXPECT_TRUE(bench.pins().quiescent_o);
  mask(2, true);
  raise(2);
  bench.tick(kLong);
  EXPECT_TRUE(bench.pins().quiescent_o);
}

}  // namespace
}  // namespace ringside::testbench
