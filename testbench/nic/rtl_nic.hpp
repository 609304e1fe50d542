// The Verilated NIC in the simulation: its clock loop, which runs ahead and skips what is quiet.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <systemc>

#include "interface/base/mac_address.hpp"
#include "interface/seam/wire.hpp"
#include "testbench/bus/pcie_link.hpp"
#include "testbench/nic/axi_bridge.hpp"
#include "testbench/nic/axi_rules.hpp"
#include "testbench/nic/clock_loop_options.hpp"
#include "testbench/nic/dut.hpp"
#include "testbench/nic/nic.hpp"
#include "testbench/nic/nic_clock.hpp"
#include "testbench/nic/observer.hpp"
#include "testbench/nic/pin_recording.hpp"
#include "testbench/nic/register_port.hpp"
#include "testbench/nic/waves.hpp"
#include "testbench/nic/xgmii_port.hpp"

namespace ringside::testbench {

// One SC_THREAD: no clock signal, no pins in SystemC (docs/decisions.md).
class RtlNic final : public sc_core::sc_module,
                     public SimulatedNic,
                     public PcieDevice,
                     public WireReceiver {
 public:
  RtlNic(sc_core::sc_module_name name, PcieLink& link, MacAddress mac, ClockLoopOptions options);
  ~RtlNic() override;

  WireReceiver& receiver() override { return *this; }
  void connect(Wire& wire) override;
  void on_time_stamp(std::function<void(WireStamp const&)> listener) override {
    on_stamp_ = std::move(listener);
  }
  std::uint64_t cycles() const override;
  std::uint64_t evaluated() const override { return evaluated_; }

  void register_write(TimePoint at, std::uint32_t offset, unsigned size,
                      std::uint32_t value) override;
  void register_read(TimePoint at, std::uint32_t offset, unsigned size) override;
  void control(TimePoint at, PciControl control) override;
  void completion(TimePoint at, Completion const& completion) override;
  void receive(FramePiece const& piece) override;
  void signal(LineChange const& change) override;

  // A word of BAR 0 when the simulation is over: the clock goes on for it, and the host, the wire
  // and time stand still. Nothing if a register access was under way.
  std::optional<std::uint32_t> read_at_end(std::uint16_t offset);
  // The time up to which the loop has run; ahead of the present, or behind if all is quiet.
  TimePoint reached() const { return time_of(cycle_); }

  AxiBridge& bridge() { return bridge_; }
  Pins const& pins() const { return *dut_->rootp; }

  // Tells of all that passes the pins from now on; null: nobody any more.
  void observe(NicObserver* observer);

  // Holds it to AXI's rules from now on; null: nobody any more.
  void hold_to(AxiRules* rules) { rules_ = rules; }

  // Records every evaluated cycle from now on; null: none any more.
  void record(PinRecorder* recorder) { recorder_ = recorder; }

 private:
  void run();
  void run_window(Cycle end);
  void step();
  void tell_stamps();
  Cycle next_input() const;
  void wake_for(Cycle cycle);

  std::unique_ptr<VerilatedContext> context_;
  std::unique_ptr<Dut> dut_;
  NicClock clock_;
  PcieLink& link_;
  AxiBridge bridge_;
  RegisterPort registers_;
  XgmiiTransmitter transmitter_;
  XgmiiReceiver receiver_;
  ClockLoopOptions options_;
  Waves waves_;
  PinRecorder* recorder_ = nullptr;
  AxiRules* rules_ = nullptr;
  NicObserver* observer_ = nullptr;
  std::function<void(WireStamp const&)> on_stamp_;
  Duration wire_delay_{0};

  sc_core::sc_event wake_;
  Cycle cycle_ = 0;  // the next one to evaluate
  bool asleep_ = false;
  std::uint64_t evaluated_ = 0;
};

}  // namespace ringside::testbench
