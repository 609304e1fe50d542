// bench synth: what the NIC takes of an FPGA.
#include <chrono>
#include <filesystem>
#include <string>

#include "testbench/bench/measurement.hpp"
#include "testbench/bench/synth/cost_document.hpp"
#include "testbench/bench/synth/rtl_text.hpp"
#include "testbench/bench/synth/synthesis.hpp"
#include "testbench/bench/synth/yosys.hpp"
#include "testbench/bench/temporary_directory.hpp"
#include "testbench/check/user_error.hpp"

namespace ringside::testbench {

namespace fs = std::filesystem;

namespace {

fs::path project() { return RINGSIDE_PROJECT; }
fs::path document() { return project() / "docs/fpga-cost.md"; }

void put(Figures& figures, std::string const& of, Resources const& taken) {
  figures[of + "_lut"] = taken.lut;
  figures[of + "_lut_memory"] = taken.lut_memory;
  figures[of + "_ff"] = taken.ff;
  figures[of + "_bram"] = taken.bram();
  figures[of + "_dsp"] = taken.dsp;
}

Figures check_document(fs::path const& rtl) {
  TemporaryDirectory const work;
  std::string const yosys = yosys_version();
  check_cost_document(document(), state_of(rtl_text(rtl, work.path())), yosys);
  return {{"current", true}};
}

}  // namespace

Figures measure_synth(BenchOptions const& options) {
  SynthOptions const& synth = options.synth;
  fs::path const rtl = synth.rtl.empty() ? project() / "rtl" : fs::absolute(synth.rtl);
  if (synth.check) return check_document(rtl);

  auto const begin = std::chrono::steady_clock::now();
  Synthesis const synthesis = synthesize(rtl, synth.only);
  std::chrono::duration<double> const wall = std::chrono::steady_clock::now() - begin;
  Figures figures;
  Resources sum;
  for (SynthesizedBlock const& block : synthesis.blocks) {
    put(figures, block.name, block.resources);
    figures[block.name + "_levels"] = block.resources.levels;
    sum += block.resources;
  }
  if (synth.only.empty()) {
    put(figures, "total", synthesis.total);
    sum += synthesis.total;
    figures["deepest_path_levels"] = synthesis.total.levels;
  }
  if (sum.latches > 0) {
    throw BenchError("bench synth: Yosys made " + std::to_string(sum.latches) + " latches");
  }
  figures["latches"] = sum.latches;
  figures["wall_seconds"] = wall.count();
  if (synth.record) write_file(document(), cost_document(synthesis));
  return figures;
}

}  // namespace ringside::testbench
