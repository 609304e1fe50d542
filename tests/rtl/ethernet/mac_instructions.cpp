// What a cycle of the MAC, both halves, costs the simulation. Run under
//   valgrind --tool=callgrind --instr-atstart=no --callgrind-out-file=FILE mac_instructions BYTES
// with the frame size without FCS, 0 for an idle line; it counts 4000 cycles, both edges each.
#include <valgrind/callgrind.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "Vmac_loop.h"

namespace {

class Load {
 public:
  explicit Load(unsigned size) : size_(size) {}

  void cycle() {
    mac_->valid_i = size_ != 0;
    if (size_ != 0) {
      unsigned const left = size_ - offset_;
      mac_->beat_i[0] = offset_ * 0x01010101;
      mac_->beat_i[1] = ~offset_ * 0x01010101;
      mac_->beat_i[2] = left <= 8 ? 0x10 | left : 8;
    }
    bool const taken = size_ != 0 && mac_->ready_o;
    mac_->clk_i = 1;
    mac_->eval();
    mac_->clk_i = 0;
    mac_->eval();
    if (taken) offset_ = offset_ + 8 >= size_ ? 0 : offset_ + 8;
    frames_ += mac_->received_o >> 23 & 1;
  }

  void reset() {
    mac_->rst_i = 1;
    cycle();
    mac_->rst_i = 0;
  }

  int frames() const { return frames_; }

 private:
  unsigned size_;
  unsigned offset_ = 0;
  int frames_ = 0;
  std::unique_ptr<Vmac_loop> mac_ = std::make_unique<Vmac_loop>();
};

}  // namespace

int main(int argc, char** argv) {
  constexpr int kCycles = 4000;
  Load load(argc > 1 ? static_cast<unsigned>(std::atoi(argv[1])) : 60);
  load.reset();
  for (int i = 0; i < 1000; ++i) load.cycle();
  CALLGRIND_START_INSTRUMENTATION;
  for (int i = 0; i < kCycles; ++i) load.cycle();
  CALLGRIND_STOP_INSTRUMENTATION;
  std::printf("%d cycles, %d good frames in all\n", kCycles, load.frames());
}
