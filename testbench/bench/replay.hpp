// A recording played into a fresh NIC: the bare Verilated model, and nothing around it.
#pragma once

#include <cstdint>
#include <memory>

#include "testbench/nic/nic_clock.hpp"
#include "testbench/nic/pin_recording.hpp"

namespace ringside::testbench {

class Replay {
 public:
  explicit Replay(PinRecording const& recording, Clocking clocking = Clocking::Awake);
  ~Replay();

  // Plays the next `count` cycles.
  void play(std::size_t count);
  // Plays all and says whether every output of every cycle is as it was recorded; only for a
  // replay that has not begun.
  bool matches();
  // Goes on with the last inputs, only time passes.
  void hold(std::size_t count);

  std::size_t left() const { return recording_.cycles.size() - next_; }
  bool quiescent() const { return clock_.resting(); }

 private:
  PinRecording const& recording_;
  std::unique_ptr<VerilatedContext> context_;
  std::unique_ptr<Dut> dut_;
  NicClock clock_;
  std::size_t next_ = 0;
};

}  // namespace ringside::testbench
