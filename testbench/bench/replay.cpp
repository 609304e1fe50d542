#include "testbench/bench/replay.hpp"

#include <cassert>

#include "testbench/nic/dut.hpp"

namespace ringside::testbench {

Replay::Replay(PinRecording const& recording, Clocking clocking)
    : recording_(recording),
      context_(std::make_unique<VerilatedContext>()),
      dut_(make_dut(*context_, MacAddress{})),
      clock_(*dut_, clocking) {
  recording.at_reset.drive(*dut_->rootp);
  clock_.reset();
}

Replay::~Replay() { dut_->final(); }

void Replay::play(std::size_t count) {
  assert(count <= left());
  InputPins const* pins = recording_.cycles.data() + next_;
  next_ += count;
  Pins& dut = *dut_->rootp;
  for (InputPins const* const end = pins + count; pins != end; ++pins) {
    pins->drive(dut);
    clock_.rise();
    clock_.fall();
  }
}

bool Replay::matches() {
  assert(next_ == 0);
  EventHash outputs;
  while (left() > 0) {
    play(1);
    add_outputs(outputs, *dut_->rootp);
  }
  return outputs.value() == recording_.outputs.value();
}

void Replay::hold(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    dut_->rootp->time_ps_i += static_cast<std::uint64_t>(kNicCycle.count());
    clock_.rise();
    clock_.fall();
  }
}

}  // namespace ringside::testbench
