// The bus itself: channels in any order, masters that make it wait, and side effects that happen
// exactly once.
#include <gtest/gtest.h>

#include "tests/rtl/host/registers_bench.hpp"

namespace ringside::testbench {
namespace {

using namespace layout;

constexpr std::uint32_t kScratch = offset_of(kModerationBlock, "max_packets");
constexpr int kOkay = 0;

TEST(AxiLiteSlave, TakesAddressAndDataOfAWriteInAnyOrder) {
  for (int lag = -4; lag <= 4; ++lag) {  // of the data behind the address
    RegistersBench bench;
    Vregisters& d = bench.pins();
    d.s_axil_awaddr_i = kScratch;
    d.s_axil_wdata_i = 0x1234'5678;
    d.s_axil_wstrb_i = 0xF;
    bool answered = false;
    for (int cycle = -5; cycle < 15; ++cycle) {
      int const address_at = lag < 0 ? -lag : 0;
      int const data_at = lag > 0 ? lag : 0;
      if (cycle == address_at) d.s_axil_awvalid_i = 1;
      if (cycle == data_at) d.s_axil_wvalid_i = 1;
      bool const address_taken = d.s_axil_awvalid_i && d.s_axil_awready_o;
      bool const data_taken = d.s_axil_wvalid_i && d.s_axil_wready_o;
      if (d.s_axil_bvalid_o) {
        EXPECT_FALSE(answered) << "a second response";
        EXPECT_EQ(d.s_axil_bresp_o, kOkay);
        EXPECT_GT(cycle, std::max(address_at, data_at));
        answered = true;
      }
      bench.tick();
      if (address_taken) d.s_axil_awvalid_i = 0;
      if (data_taken) d.s_axil_wvalid_i = 0;
    }
    EXPECT_TRUE(answered) << lag;
    EXPECT_EQ(bench.read_word(kScratch), 0x1234'5678U) << lag;
  }
}

TEST(AxiLiteSlave, WaitsQuiescentlyForTheOtherHalfOfAWrite) {
  RegistersBench bench;
  Vregisters& d = bench.pins();
  d.s_axil_awaddr_i = kScratch;
  d.s_axil_awvalid_i = 1;
  bench.tick();
  d.s_axil_awvalid_i = 0;
  bench.tick(5);
  EXPECT_TRUE(d.quiescent_o);
  EXPECT_FALSE(d.s_axil_awready_o);
  // A read is not held up by it.
  EXPECT_EQ(bench.read_word(kScratch), 0U);
  d.s_axil_wdata_i = 5;
  d.s_axil_wstrb_i = 0xF;
  d.s_axil_wvalid_i = 1;
  bench.tick();
  d.s_axil_wvalid_i = 0;
  bench.tick(5);
  EXPECT_EQ(bench.read_word(kScratch), 5U);
}

TEST(AxiLiteSlave, KeepsTheAddressItTookWhileTheNextOneWaits) {
  RegistersBench bench;
  Vregisters& d = bench.pins();
  d.s_axil_awaddr_i = kScratch;
  d.s_axil_awvalid_i = 1;
  bench.tick();
  d.s_axil_awaddr_i = kScratch + 4;
  bench.tick(3);
  bench.write_word(kScratch + 4, 0x11);  // its data goes to the first, its address is the second
  d.s_axil_wdata_i = 0x22;
  d.s_axil_wvalid_i = 1;
  bench.tick();
  d.s_axil_wvalid_i = 0;
  bench.tick(5);
  EXPECT_EQ(bench.read_word(kScratch), 0x11U);
  EXPECT_EQ(bench.read_word(kScratch + 4), 0x22U);
}

// An event is seen by one read exactly, whichever cycle it comes in.
TEST(AxiLiteSlave, LosesNoEventThatMeetsTheReadWhichClears) {
  for (int moment = 0; moment < 8; ++moment) {
    RegistersBench bench;
    bench.go_live();
    Vregisters& d = bench.pins();
    d.s_axil_araddr_i = static_cast<std::uint16_t>(offset_of(kIsrBlock, "isr_status"));
    std::uint32_t seen = 0;
    for (int cycle = 0; cycle < 12; ++cycle) {
      d.s_axil_arvalid_i = cycle == 1;
      if (cycle == moment) d.link_up_i = 0;
      if (d.s_axil_rvalid_o) seen += d.s_axil_rdata_o;
      bench.tick();
    }
    EXPECT_EQ(seen + bench.read_word(offset_of(kIsrBlock, "isr_status")), 2U) << moment;
    EXPECT_EQ(bench.read_word(offset_of(kIsrBlock, "isr_status")), 0U) << moment;
  }
}

TEST(AxiLiteSlave, ClearsAReadToClearRegisterOnceHoweverLongTheMasterWaits) {
  RegistersBench bench;
  bench.go_live();
  Vregisters& d = bench.pins();
  d.link_up_i = 0;
  bench.tick(2);
  d.s_axil_rready_i = 0;
  d.s_axil_araddr_i = static_cast<std::uint16_t>(offset_of(kIsrBlock, "isr_status"));
  d.s_axil_arvalid_i = 1;
  bench.tick();
  d.s_axil_arvalid_i = 0;
  bench.tick(10);
  EXPECT_TRUE(d.s_axil_rvalid_o);
  EXPECT_EQ(d.s_axil_rdata_o, 2U);
  EXPECT_EQ(d.s_axil_rresp_o, kOkay);
  EXPECT_TRUE(d.quiescent_o);
  // What happens now belongs to the next read.
  d.link_up_i = 1;
  bench.tick(3);
  EXPECT_EQ(d.s_axil_rdata_o, 2U);
  d.s_axil_rready_i = 1;
  bench.tick(2);
  EXPECT_FALSE(d.s_axil_rvalid_o);
  EXPECT_EQ(bench.read_word(offset_of(kIsrBlock, "isr_status")), 2U);
  EXPECT_EQ(bench.read_word(offset_of(kIsrBlock, "isr_status")), 0U);
}

TEST(AxiLiteSlave, HoldsAResponseThatIsNotTaken) {
  RegistersBench bench;
  Vregisters& d = bench.pins();
  d.s_axil_bready_i = 0;
  d.s_axil_awaddr_i = kScratch;
  d.s_axil_wdata_i = 1;
  d.s_axil_wstrb_i = 0xF;
  d.s_axil_awvalid_i = d.s_axil_wvalid_i = 1;
  bench.tick();
  d.s_axil_awvalid_i = d.s_axil_wvalid_i = 0;
  bench.tick(4);
  EXPECT_TRUE(d.s_axil_bvalid_o);
  // The next write is taken, and carried out when the response is.
  d.s_axil_wdata_i = 2;
  d.s_axil_awvalid_i = d.s_axil_wvalid_i = 1;
  bench.tick();
  d.s_axil_awvalid_i = d.s_axil_wvalid_i = 0;
  EXPECT_EQ(bench.read_word(kScratch), 1U);
  EXPECT_TRUE(d.s_axil_bvalid_o);
  d.s_axil_bready_i = 1;
  bench.tick(4);
  EXPECT_EQ(bench.read_word(kScratch), 2U);
}

TEST(AxiLiteSlave, CarriesOutAWriteAndAReadThatComeTogetherTheWriteFirst) {
  RegistersBench bench;
  Vregisters& d = bench.pins();
  d.s_axil_araddr_i = kScratch;
  d.s_axil_arvalid_i = 1;
  bench.write_word(kScratch, 0xCAFE);
  d.s_axil_arvalid_i = 0;
  bench.tick(6);
  EXPECT_EQ(bench.read_word(kScratch), 0xCAFEU);
}

}  // namespace
}  // namespace ringside::testbench
