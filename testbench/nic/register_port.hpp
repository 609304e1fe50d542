// The AXI4-Lite master that turns the host's register accesses into bus cycles.
#pragma once

#include <cstdint>
#include <deque>

#include "testbench/bus/pcie_link.hpp"
#include "testbench/nic/observer.hpp"
#include "testbench/nic/pins.hpp"

namespace ringside::testbench {

// One access at a time, in the order in which they arrived (PCIe keeps reads behind writes).
class RegisterPort {
 public:
  RegisterPort(Pins& pins, PcieLink& link) : pins_(pins), link_(link) {
    pins_.s_axil_bready_i = 1;
    pins_.s_axil_rready_i = 1;
  }

  void drive(Cycle cycle) {
    if (phase_ == Phase::Idle && (accesses_.empty() || accesses_.front().cycle > cycle)) return;
    advance(cycle);
  }
  Cycle next(Cycle cycle) const {
    if (phase_ != Phase::Idle) return cycle;
    return accesses_.empty() ? kNoCycle : accesses_.front().cycle;
  }

  void write(TimePoint at, std::uint32_t offset, unsigned size, std::uint32_t value) {
    accesses_.push_back({cycle_from(at), offset, size, value, Kind::Write, {}});
  }
  void read(TimePoint at, std::uint32_t offset, unsigned size) {
    accesses_.push_back({cycle_from(at), offset, size, 0, Kind::Read, {}});
  }
  // Nothing is asked for that has not been answered.
  bool idle() const { return phase_ == Phase::Idle && accesses_.empty(); }

  void observe(NicObserver* observer) { observer_ = observer; }

  // What configuration space says keeps its order with the accesses around it.
  void control(TimePoint at, PciControl control) {
    accesses_.push_back({cycle_from(at), 0, 0, 0, Kind::Control, control});
  }

 private:
  enum class Kind : std::uint8_t { Write, Read, Control };
  enum class Phase : std::uint8_t { Idle, Write, Read };
  struct Taken {
    bool aw;
    bool w;
    bool ar;
  };
  struct Access {
    Cycle cycle;
    std::uint32_t offset;
    unsigned size;
    std::uint32_t value;
    Kind kind;
    PciControl control;
  };

  void advance(Cycle cycle);
  void begin(Cycle cycle);
  void finish_write(Cycle cycle);
  void finish_read(Cycle cycle);

  Pins& pins_;
  PcieLink& link_;
  NicObserver* observer_ = nullptr;
  std::deque<Access> accesses_;
  Phase phase_ = Phase::Idle;
  Taken taken_{};  // by the last clock edge
};

}  // namespace ringside::testbench
