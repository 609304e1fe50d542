// The clock of a Verilated NIC: each edge goes to those of its regions that would change by it.
#pragma once

#include <array>
#include <cstdint>

#include "testbench/nic/pins.hpp"
#include "testbench/nic/waves.hpp"

namespace ringside::testbench {

// Awake: what rests is left out, and the falling edge, at which nothing happens. Always: every
// region, both edges, as Verilator's manual tells; what Awake must equal to the bit.
enum class Clocking : std::uint8_t { Awake, Always };

// Awake evaluates a rising edge by the parts of Verilator's eval(): it says itself which clocks
// rose, where eval() finds out by comparing all of them, twice a cycle. The parts are private to
// the version that the build asks for; with RINGSIDE_TWO_EVALS they are left alone, and waveforms,
// which show both edges, leave them alone too.
class NicClock {
 public:
  NicClock(Dut& dut, Clocking clocking)
      : dut_(dut),
        root_(*dut.rootp),
        parts_(kParts && clocking == Clocking::Awake),
        always_(clocking == Clocking::Always) {}

  // Takes the NIC through its reset; the input pins stay as they are.
  void reset();

  // A cycle: pins are driven before it rises, and looked at after it.
  void rise() {
    unsigned const rising = always_ ? kAll : awake();
    if (parts_) {
      rise_by_parts(rising);
    } else {
      drive(rising);
      dut_.eval();
    }
  }
  void fall() {
    if (parts_) return;
    drive(0);
    dut_.eval();
  }

  // Nothing changes until a pin does or the NIC's deadline comes.
  bool resting() const { return regions() == 0; }

 private:
#ifdef RINGSIDE_TWO_EVALS
  static constexpr bool kParts = false;
#else
  static constexpr bool kParts = !kWaves;
#endif

  // Regions as bits.
  static constexpr unsigned kRegions = 7;
  static constexpr unsigned kHost = 1;
  static constexpr unsigned kVirtio = 2;
  static constexpr unsigned kTransmit = 4;
  static constexpr unsigned kReceive = 8;
  static constexpr unsigned kRead = 16;
  static constexpr unsigned kWrite = 32;
  static constexpr unsigned kControl = 64;
  static constexpr unsigned kAll = 127;
  static constexpr std::uint64_t kIdleWord = 0x0707'0707'0707'0707;

  using Triggers = decltype(Pins::__VnbaTriggered);

  unsigned regions() const {
    return static_cast<unsigned>(root_.awake_host_o * kHost | root_.awake_virtio_o * kVirtio |
                                 root_.awake_transmit_o * kTransmit |
                                 root_.awake_receive_o * kReceive | root_.awake_read_o * kRead |
                                 root_.awake_write_o * kWrite | root_.awake_control_o * kControl);
  }

  // Those that say so, and those whose pins bring something (rtl/README.md).
  unsigned awake() {
    auto const control = static_cast<unsigned>(root_.msix_enable_i | root_.msix_mask_i << 1 |
                                               root_.bus_master_i << 2 | root_.link_up_i << 3);
    bool const host = root_.s_axil_awvalid_i | root_.s_axil_wvalid_i | root_.s_axil_arvalid_i |
                      (root_.s_axil_bvalid_o & root_.s_axil_bready_i) |
                      (root_.s_axil_rvalid_o & root_.s_axil_rready_i) | (control != control_);
    control_ = control;
    bool const wire = root_.xgmii_rxc_i != 0xFF || root_.xgmii_rxd_i != kIdleWord;
    return regions() | host * kHost | (root_.time_ps_i >= root_.deadline_ps_o) * kVirtio |
           (root_.time_ps_i >= root_.transmit_deadline_ps_o) * kTransmit | wire * kReceive |
           root_.m_axi_rvalid_i * kRead | root_.m_axi_bvalid_i * kWrite;
  }

  void drive(unsigned high) {
    dut_.clk_host_i = (high & kHost) != 0;
    dut_.clk_virtio_i = (high & kVirtio) != 0;
    dut_.clk_transmit_i = (high & kTransmit) != 0;
    dut_.clk_receive_i = (high & kReceive) != 0;
    dut_.clk_read_i = (high & kRead) != 0;
    dut_.clk_write_i = (high & kWrite) != 0;
    dut_.clk_control_i = (high & kControl) != 0;
  }

  void rise_by_parts(unsigned rising);
  void learn_triggers();

  Dut& dut_;
  Pins& root_;
  bool parts_;
  bool always_;
  unsigned control_ = 0;  // pins that are not of any handshake, as the last edge saw them
  std::array<Triggers, kAll + 1> triggers_;  // by the regions whose clocks rise
};

}  // namespace ringside::testbench

// Verilator's own, which its headers do not declare: what hangs on inputs, and what on clocks.
void Vnic___024root___eval_ico(Vnic___024root* root);
void Vnic___024root___eval_nba(Vnic___024root* root);

namespace ringside::testbench {

inline void NicClock::rise_by_parts(unsigned rising) {
  root_.__VicoTriggered.at(0) = true;
  Vnic___024root___eval_ico(&root_);
  if (rising == 0) return;
  root_.__VnbaTriggered = triggers_[rising];
  Vnic___024root___eval_nba(&root_);
}

}  // namespace ringside::testbench
