// The clock of a Verilated NIC: each edge goes to those of its regions that would change by it.
#pragma once

#include <cstdint>

#include "testbench/nic/pins.hpp"
#include "testbench/nic/waves.hpp"

#pragma push_macro("SYSTEMC_VERSION")
#undef SYSTEMC_VERSION
#include "Vnic___024root.h"
#pragma pop_macro("SYSTEMC_VERSION")

namespace ringside::testbench {

// With RINGSIDE_TWO_EVALS both clock edges are evaluated; waveforms show both, too.
#ifdef RINGSIDE_TWO_EVALS
inline constexpr bool kOneEval = false;
#else
inline constexpr bool kOneEval = !kWaves;
#endif

// Awake: what rests is left out, and the falling edge, at which nothing happens. Always: every
// region, both edges, as Verilator's manual tells; what Awake must equal to the bit.
enum class Clocking : std::uint8_t { Awake, Always };

class NicClock {
 public:
  NicClock(Dut& dut, Clocking clocking) : dut_(dut), clocking_(clocking) {}

  // Takes the NIC through its reset; the input pins stay as they are.
  void reset();

  // A cycle: pins are driven before it rises, and looked at after it.
  void rise() {
    drive(clocking_ == Clocking::Always || dut_.rst_i ? kAll : awake());
    dut_.eval();
    if constexpr (kOneEval) {
      if (clocking_ == Clocking::Awake) have_been_low();
    }
  }
  void fall() {
    if (kOneEval && clocking_ == Clocking::Awake) return;
    drive(0);
    dut_.eval();
  }

  // Nothing changes until a pin does or the NIC's deadline comes.
  bool resting() const { return regions() == 0; }

 private:
  // Regions as bits.
  static constexpr unsigned kHost = 1;
  static constexpr unsigned kVirtio = 2;
  static constexpr unsigned kTransmit = 4;
  static constexpr unsigned kReceive = 8;
  static constexpr unsigned kRead = 16;
  static constexpr unsigned kWrite = 32;
  static constexpr unsigned kAll = 63;
  static constexpr std::uint64_t kIdleWord = 0x0707'0707'0707'0707;

  unsigned regions() const {
    return dut_.awake_host_o * kHost | dut_.awake_virtio_o * kVirtio |
           dut_.awake_transmit_o * kTransmit | dut_.awake_receive_o * kReceive |
           dut_.awake_read_o * kRead | dut_.awake_write_o * kWrite;
  }

  // Those that say so, and those whose pins bring something (rtl/README.md).
  unsigned awake() {
    unsigned const control =
        dut_.msix_enable_i | dut_.msix_mask_i << 1 | dut_.bus_master_i << 2 | dut_.link_up_i << 3;
    bool const host = dut_.s_axil_awvalid_i | dut_.s_axil_wvalid_i | dut_.s_axil_arvalid_i |
                      (dut_.s_axil_bvalid_o & dut_.s_axil_bready_i) |
                      (dut_.s_axil_rvalid_o & dut_.s_axil_rready_i) | (control != control_);
    control_ = control;
    bool const wire = dut_.xgmii_rxc_i != 0xFF || dut_.xgmii_rxd_i != kIdleWord;
    return regions() | host * kHost | (dut_.time_ps_i >= dut_.deadline_ps_o) * kVirtio |
           wire * kReceive | dut_.m_axi_rvalid_i * kRead | dut_.m_axi_bvalid_i * kWrite;
  }

  void drive(unsigned high) {
    dut_.clk_host_i = (high & kHost) != 0;
    dut_.clk_virtio_i = (high & kVirtio) != 0;
    dut_.clk_transmit_i = (high & kTransmit) != 0;
    dut_.clk_receive_i = (high & kReceive) != 0;
    dut_.clk_read_i = (high & kRead) != 0;
    dut_.clk_write_i = (high & kWrite) != 0;
  }

  // Instead of evaluating the falling edge, the clocks are said to have been low before the next
  // one. The names are private to the version of Verilator that the build asks for.
  void have_been_low() {
    auto& root = *dut_.rootp;
    root.__Vtrigrprev__TOP__clk_host_i = 0;
    root.__Vtrigrprev__TOP__clk_virtio_i = 0;
    root.__Vtrigrprev__TOP__clk_transmit_i = 0;
    root.__Vtrigrprev__TOP__clk_receive_i = 0;
    root.__Vtrigrprev__TOP__clk_read_i = 0;
    root.__Vtrigrprev__TOP__clk_write_i = 0;
  }

  Dut& dut_;
  Clocking clocking_;
  unsigned control_ = 0;  // pins that are not of any handshake, as the last edge saw them
};

}  // namespace ringside::testbench
