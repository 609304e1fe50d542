// Whatever pins do: while the registers say that they are quiescent and no pin moves, nothing in
// them does. The bench makes that comparison in each cycle.
#include <gtest/gtest.h>

#include "interface/base/random.hpp"
#include "tests/rtl/host/registers_bench.hpp"

namespace ringside::testbench {
namespace {

using namespace layout;

constexpr std::uint64_t kSeed = 0x5155'4945;

// Counters that may be pulsed in any cycle.
constexpr std::uint64_t kPulses =
    (std::uint64_t{1} << find(kStatistics, "rx_broadcast").offset / 8) - 1;

// Throws accesses and events at the pins, and lets long stretches pass in which none moves.
class Turmoil {
 public:
  Turmoil(RegistersBench& bench, std::uint64_t seed) : bench_(bench), random_(seed) {}

  void cycle() {
    Vregisters& d = bench_.pins();
    bool const address_taken = d.s_axil_awvalid_i && d.s_axil_awready_o;
    bool const data_taken = d.s_axil_wvalid_i && d.s_axil_wready_o;
    bool const read_taken = d.s_axil_arvalid_i && d.s_axil_arready_o;
    bench_.tick();
    if (address_taken) d.s_axil_awvalid_i = 0;
    if (data_taken) d.s_axil_wvalid_i = 0;
    if (read_taken) d.s_axil_arvalid_i = 0;
    d.queue_error_i = d.data_error_i = d.interrupt_i = 0;
    d.increment_i = 0;
    if (random_.chance(0.2)) disturb();
  }

 private:
  std::uint16_t address() {
    Block const& block = kBlocks[random_.below(kBlocks.size())];
    return static_cast<std::uint16_t>(block.offset + random_.below(block.size / 4) * 4);
  }

  void disturb() {
    Vregisters& d = bench_.pins();
    switch (random_.below(12)) {
      case 0:
      case 1:
        if (d.s_axil_awvalid_i) return;
        d.s_axil_awaddr_i = address();
        d.s_axil_awvalid_i = 1;
        return;
      case 2:
      case 3:
        if (d.s_axil_wvalid_i) return;
        d.s_axil_wdata_i = static_cast<std::uint32_t>(random_.below(4));
        d.s_axil_wstrb_i = random_.chance(0.5) ? 0x3 : 0xF;
        d.s_axil_wvalid_i = 1;
        return;
      case 4:
        if (d.s_axil_arvalid_i) return;
        d.s_axil_araddr_i = address();
        d.s_axil_arvalid_i = 1;
        return;
      case 5:
        d.s_axil_bready_i = random_.chance(0.7);
        d.s_axil_rready_i = random_.chance(0.7);
        return;
      case 6:
        d.link_up_i = !d.link_up_i;
        return;
      case 7:
        d.msix_enable_i = random_.chance(0.8);
        d.msix_mask_i = random_.chance(0.3);
        d.bus_master_i = random_.chance(0.8);
        d.link_fault_i = random_.chance(0.9) ? 0 : 1;
        d.pause_state_i = static_cast<CData>(random_.below(4));
        return;
      case 8:
        d.interrupt_i = random_.below(4);
        return;
      case 9:
        d.increment_i = random_.below(kPulses + 1);
        return;
      case 10:
        if (random_.chance(0.02)) d.queue_error_i = 1;
        if (random_.chance(0.1)) d.data_error_i = random_.below(4);
        return;
      default:
        d.drained_i = random_.chance(0.6);
        bench_.dma_ready = random_.chance(0.7);
        return;
    }
  }

  RegistersBench& bench_;
  Random random_;
};

TEST(RegistersQuiescence, MeansThatNothingMovesByItself) {
  for (std::uint64_t run = 0; run < 20; ++run) {
    SCOPED_TRACE(kSeed + run);
    RegistersBench bench;
    for (unsigned v = 0; v < kNumVectors; ++v) bench.program_vector(v, 0x1000 * v, v, v == 2);
    for (std::uint16_t q = 0; q < kNumQueues; ++q) bench.enable_queue(q);
    bench.set_common("queue_msix_vector", 1);
    bench.go_live();
    Turmoil turmoil(bench, kSeed + run);
    int quiescent = 0;
    for (int i = 0; i < 2000; ++i) {
      turmoil.cycle();
      quiescent += bench.pins().quiescent_o;
      ASSERT_FALSE(HasFailure()) << "cycle " << i;
    }
    // Or else this test would show nothing.
    EXPECT_GT(quiescent, 200);
  }
}

// With a host that leaves the response waiting, nothing but what the write does is left to move.
TEST(RegistersQuiescence, DoesNotHideTheEffectsOfAWriteBehindItsResponse) {
  struct Write {
    std::uint32_t offset;
    std::uint32_t data;
    unsigned strobe;
  };
  constexpr std::uint32_t kStatusWord = offset_of(kCommonBlock, "device_status");
  Write const writes[] = {{kNotifyBlock.offset, 0, 0x3},
                          {offset_of(kCommonBlock, "queue_enable"), 1, 0x3},  // misplaced
                          {kStatusWord, 0, 0x1},
                          {kStatusWord, kStatusFailed, 0x1}};
  for (Write const& write : writes) {
    RegistersBench bench;
    bench.enable_queue(0);
    bench.go_live();
    bench.set_common("queue_select", 1);
    bench.set_common("queue_desc", 1);
    bench.take_notifications();
    Vregisters& d = bench.pins();
    d.s_axil_bready_i = 0;
    d.s_axil_awaddr_i = static_cast<std::uint16_t>(write.offset);
    d.s_axil_wdata_i = write.data;
    d.s_axil_wstrb_i = static_cast<std::uint8_t>(write.strobe);
    d.s_axil_awvalid_i = d.s_axil_wvalid_i = 1;
    bench.tick();
    d.s_axil_awvalid_i = d.s_axil_wvalid_i = 0;
    bench.tick(10);
    EXPECT_TRUE(d.s_axil_bvalid_o);
    EXPECT_TRUE(d.quiescent_o);
  }
}

TEST(RegistersQuiescence, ComesBackSoonAfterAnAccess) {
  RegistersBench bench;
  bench.go_live();
  bench.read_word(kStatisticsBlock.offset);
  bench.tick(2);
  EXPECT_TRUE(bench.pins().quiescent_o);
  bench.pins().increment_i = kPulses;
  bench.tick();
  bench.pins().increment_i = 0;
  EXPECT_FALSE(bench.pins().quiescent_o) << "sums are waiting";
  bench.tick(static_cast<int>(kStatistics.size()) + 1);
  EXPECT_TRUE(bench.pins().quiescent_o);
}

}  // namespace
}  // namespace ringside::testbench
