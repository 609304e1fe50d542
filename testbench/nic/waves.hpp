// Waveforms of a Verilated NIC within a window of time. In a build without RINGSIDE_TRACE nothing
// is left of it: tracing costs speed even when it is off.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

#include "testbench/nic/clock_loop_options.hpp"
#include "testbench/nic/pins.hpp"

#ifdef RINGSIDE_TRACE
#include <verilated_fst_c.h>
#endif

namespace ringside::testbench {

#ifdef RINGSIDE_TRACE

inline constexpr bool kWaves = true;

class Waves {
 public:
  Waves(Dut& dut, VerilatedContext& context, WaveOptions const& options, std::string const& name)
      : first_(cycle_from(options.from)), last_(cycle_from(options.to)) {
    if (!options.wanted()) return;
    context.traceEverOn(true);
    dut.trace(&fst_, kAllLevels);
    fst_.set_time_unit("1ps");
    fst_.set_time_resolution("1ps");
    std::string const path = (options.directory / (name + ".fst")).string();
    fst_.open(path.c_str());
    if (!fst_.isOpen()) {
      throw std::runtime_error("can not write the waveform " + path +
                               "; choose another --out directory");
    }
  }
  ~Waves() { fst_.close(); }

  void rising(Cycle cycle) { dump(cycle, 0); }
  void falling(Cycle cycle) { dump(cycle, kNicCycle.count() / 2); }

 private:
  static constexpr int kAllLevels = 99;

  void dump(Cycle cycle, std::int64_t offset) {
    if (!fst_.isOpen() || cycle < first_ || cycle > last_) return;
    fst_.dump(static_cast<std::uint64_t>(cycle * kNicCycle.count() + offset));
  }

  VerilatedFstC fst_;
  Cycle first_;
  Cycle last_;
};

#else

inline constexpr bool kWaves = false;

class Waves {
 public:
  Waves(Dut&, VerilatedContext&, WaveOptions const&, std::string const&) {}
  void rising(Cycle) {}
  void falling(Cycle) {}
};

#endif

}  // namespace ringside::testbench
